// @vitest-environment node
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { withDefaults, type Data, type Schema } from './schema'
import { validate } from './validate'

interface CaseFile {
  about: string
  spec: { schema: Schema }
  code_sets?: Record<string, string[]>
  today?: string
  cases: { name: string; data: Data; problems: { path: string; code: string }[] }[]
}

// The same files that internal/form runs. Rules across fields (`rule:…`) are expressions of the server.
const folder = fileURLToPath(new URL('../../../internal/form/testdata/cases/', import.meta.url))
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

test('the case files are there', () => expect(files.length).toBeGreaterThanOrEqual(4))

describe.each(files)('%s', (name) => {
  const file = JSON.parse(readFileSync(folder + name, 'utf8')) as CaseFile
  const { schema } = file.spec
  test.each(file.cases)('$name', ({ data, problems }) => {
    const found = validate(schema, withDefaults(schema, schema, data) as Data, { today: file.today, codeSets: file.code_sets })
    expect(found.map(({ path, code }) => ({ path, code }))).toEqual(problems.filter((p) => !p.code.startsWith('rule:')).map(({ path, code }) => ({ path, code })))
    for (const problem of found) expect(problem.message).not.toBe('')
  })
})
