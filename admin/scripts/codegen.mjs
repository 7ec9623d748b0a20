// Writes src/gql/graphql.ts: the types of the schema in ../graph/sdl and a typed
// document for each operation in src/**/*.graphql. With --check it only compares.
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codegen } from '@graphql-codegen/core'
import { preset } from '@graphql-codegen/client-preset'
import { buildASTSchema, concatAST, parse, validate } from 'graphql'

const root = fileURLToPath(new URL('..', import.meta.url))
const output = join(root, 'src/gql/graphql.ts')

async function files(folder, suffix) {
  const names = await readdir(join(root, folder), { recursive: true })
  return names.filter((name) => name.endsWith(suffix)).sort().map((name) => join(folder, name))
}

async function sources(folder, suffix) {
  const names = await files(folder, suffix)
  return Promise.all(names.map(async (location) => {
    const rawSDL = await readFile(join(root, location), 'utf8')
    return { location, rawSDL, document: parse(rawSDL) }
  }))
}

const schema = concatAST((await sources('../graph/sdl', '.graphqls')).map((source) => source.document))
const documents = await sources('src', '.graphql')
const built = buildASTSchema(schema)
const errors = validate(built, concatAST(documents.map((source) => source.document)))
for (const error of errors) console.error(String(error))
if (errors.length > 0) process.exit(1)

const sections = await preset.buildGeneratesSection({
  baseOutputDir: join(root, 'src/gql/'),
  schema,
  schemaAst: built,
  documents,
  config: {},
  presetConfig: { fragmentMasking: false },
  plugins: [],
  pluginMap: {},
  pluginContext: {},
})
const section = sections.find((one) => one.filename.endsWith('graphql.ts'))
const config = { ...section.config, documentMode: 'string', enumsAsTypes: true, useTypeImports: true, scalars: { Time: 'string', Date: 'string', JSON: 'unknown' } }
const text = '/* eslint-disable */\n' + (await codegen({ ...section, config, documents }))
const present = await readFile(output, 'utf8').catch(() => '')
if (present === text) process.exit(0)
if (process.argv.includes('--check')) {
  console.error('src/gql/graphql.ts is not current; run npm run codegen')
  process.exit(1)
}
await writeFile(output, text)
