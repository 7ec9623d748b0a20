import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSchema } from 'graphql'

const folder = fileURLToPath(new URL('../../../graph/sdl/', import.meta.url))
const texts = readdirSync(folder).filter((name) => name.endsWith('.graphqls')).sort().map((name) => readFileSync(folder + name, 'utf8'))

/** The schema as the server has it. */
export const schema = buildSchema(texts.join('\n'))
