import { Validator, type OutputUnit } from '@cfworker/json-schema'
import { birthOf } from './code'
import { formats } from './format'
import { explain } from './message'
import { child, resolve, type Data, type Schema } from './schema'

/** One remark about a form; path and code are those of the Go validator (internal/form). */
export interface Problem {
  path: string
  code: string
  message: string
}

/** What the data are judged against besides the schema. */
export interface Circumstances {
  /** Today as YYYY-MM-DD: nobody is born later. */
  today?: string
  /** Values of each CodeSet; a field of an unknown set is left to the server. */
  codeSets?: Record<string, string[]>
}

/** Keywords that only lead to others: a failure below them says what is wrong. */
const applicators = new Set(['properties', 'items', '$ref', 'allOf', 'if', 'then', 'else', 'additionalProperties', 'dependentSchemas', 'dependencies'])
const alternatives = new Set(['anyOf', 'oneOf', 'not'])
/** The longest text and list where the schema sets no bound (internal/expr). */
const maxText = 10_000
const maxItems = 1_000

/**
 * Judges data as the server will, cross-field rules apart: those are expressions
 * that only the server evaluates. Sorted by path, then code.
 */
export function validate(schema: Schema, data: Data, circumstances: Circumstances = {}): Problem[] {
  const found = [...checkKeywords(schema, data), ...walk(schema, schema, data, '$', circumstances)]
  const seen = new Map(found.map((problem) => [problem.path + '\n' + problem.code, problem]))
  return [...seen.values()].sort((a, b) => compare(a.path, b.path) || compare(a.code, b.code))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function checkKeywords(schema: Schema, data: Data): Problem[] {
  const validator = new Validator(withoutFormats(schema) as object, '2020-12', false)
  const units = validator.validate(data).errors
  const hidden = units.filter((unit) => alternatives.has(unit.keyword)).map((unit) => unit.keywordLocation + '/')
  return units
    .filter((unit) => !applicators.has(unit.keyword) && !hidden.some((prefix) => unit.keywordLocation.startsWith(prefix)))
    .flatMap((unit) => toProblems(unit, schema, data))
}

/** Formats are ours: the library's own list reads some of them differently. */
function withoutFormats(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutFormats)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key, item]) => !(key === 'format' && typeof item === 'string'))
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutFormats(item)]))
}

const tokens = (location: string) => location.split('/').slice(1).map((token) => decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~'))

function toProblems(unit: OutputUnit, root: Schema, data: Data): Problem[] {
  const place = locate(root, data, tokens(unit.instanceLocation))
  const schema = keywordHolder(root, tokens(unit.keywordLocation))
  if (unit.keyword !== 'required' && unit.keyword !== 'dependentRequired') {
    return [{ path: place.path, code: unit.keyword, message: explain(unit.keyword, schema, place.schema) }]
  }
  const name = /"([^"]*)"[^"]*$/.exec(unit.error)?.[1] ?? ''
  const title = resolve(place.schema.properties?.[name], root).title ?? name
  return [{ path: child(place.path, name), code: unit.keyword, message: `请填写“${title}”` }]
}

/** Where in the data a failure lies: its path and the declaration there. */
function locate(root: Schema, data: unknown, location: string[]): { path: string; schema: Schema } {
  let [path, schema, value] = ['$', resolve(root, root), data]
  for (const token of location) {
    if (Array.isArray(value)) {
      path = child(path, Number(token))
      schema = resolve(schema.items, root)
      value = value[Number(token)]
    } else {
      path = child(path, token)
      schema = below(schema, root, token)
      value = (value as Data | undefined)?.[token]
    }
  }
  return { path, schema }
}

function below(schema: Schema, root: Schema, key: string): Schema {
  const declared = schema.properties?.[key]
  if (declared) return resolve(declared, root)
  return typeof schema.additionalProperties === 'object' ? resolve(schema.additionalProperties, root) : {}
}

/** The schema object whose keyword failed. */
function keywordHolder(root: Schema, location: string[]): Schema {
  let at: unknown = root
  for (const token of location.slice(0, -1)) {
    at = token === '$ref' ? resolve(at as Schema, root) : (at as Record<string, unknown> | undefined)?.[token]
  }
  return (at ?? {}) as Schema
}

/** Checks what JSON Schema leaves to us: unknown fields, formats, dictionaries, sizes. */
function walk(schema: Schema, root: Schema, value: unknown, path: string, c: Circumstances): Problem[] {
  const at = resolve(schema, root)
  const format = at.format === undefined ? undefined : formats[at.format]
  const wrong = format && !format.valid(value) ? [{ path, code: 'format', message: named(at) + format.message }] : []
  if (Array.isArray(value)) return [...wrong, ...checkSize(at, value, path), ...value.flatMap((item, i) => walk(at.items ?? {}, root, item, child(path, i), c))]
  if (typeof value === 'object' && value !== null) return [...wrong, ...walkObject(at, root, value as Data, path, c)]
  return typeof value === 'string' ? [...wrong, ...checkText(at, value, path, c)] : wrong
}

function walkObject(at: Schema, root: Schema, value: Data, path: string, c: Circumstances): Problem[] {
  return Object.entries(value).flatMap(([key, item]) => {
    const here = child(path, key)
    if (at.properties && !at.properties[key] && typeof at.additionalProperties !== 'object') return [{ path: here, code: 'unknown_field', message: '表单没有这个字段' }]
    return walk(below(at, root, key), root, item, here, c)
  })
}

function checkSize(at: Schema, value: unknown[], path: string): Problem[] {
  return at.maxItems === undefined && value.length > maxItems ? [{ path, code: 'maxItems', message: `${named(at)}最多 ${maxItems} 项` }] : []
}

function checkText(at: Schema, value: string, path: string, c: Circumstances): Problem[] {
  const out: Problem[] = []
  if (at.maxLength === undefined && [...value].length > maxText) out.push({ path, code: 'maxLength', message: `${named(at)}最多 ${maxText} 个字` })
  const allowed = at['x-dictionary'] === undefined ? undefined : c.codeSets?.[at['x-dictionary']]
  if (allowed && !allowed.includes(value)) out.push({ path, code: 'dictionary', message: `${named(at)}不在字典中` })
  if (at.format === 'cn-id-card' && c.today && formats['cn-id-card']?.valid(value) && birthOf(value) > c.today) {
    out.push({ path, code: 'format', message: `${named(at)}的出生日期晚于今天` })
  }
  return out
}

const named = (schema: Schema) => (schema.title ? `“${schema.title}”` : '此项')
