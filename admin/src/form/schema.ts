/** The part of JSON Schema 2020-12 that forms may use; the Go package internal/form holds the closed list. */
export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  type?: string | string[]
  title?: string
  description?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  format?: string
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  multipleOf?: number
  pattern?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  allOf?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  not?: Schema
  if?: Schema
  then?: Schema
  else?: Schema
  /** Titles of enum values, value to title. */
  'x-enum-titles'?: Record<string, string>
  /** Name of the CodeSet that holds the allowed values. */
  'x-dictionary'?: string
}

/** Data of a form: field name to value. */
export type Data = Record<string, unknown>

/** Follows $ref inside the document; keywords beside the reference win. */
export function resolve(schema: Schema | undefined, root: Schema): Schema {
  let at = schema ?? {}
  for (let hops = 0; at.$ref && hops < 16; hops++) {
    const { $ref, ...beside } = at
    at = { ...pointer(root, $ref), ...beside }
  }
  return at
}

function pointer(root: Schema, ref: string): Schema {
  let at: unknown = root
  for (const token of ref.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    at = (at as Record<string, unknown> | undefined)?.[decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return (at ?? {}) as Schema
}

/** The type of a value to ask for: null is only an alternative to leaving it empty. */
export function typeOf(schema: Schema): string {
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null')
  return types[0] ?? (schema.properties ? 'object' : 'string')
}

/** What to call a value of an enum. */
export function titleOf(schema: Schema, value: unknown): string {
  return schema['x-enum-titles']?.[String(value)] ?? String(value)
}

/** A JSON path one level down; keys that are no plain names are quoted, as in Go. */
export function child(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
}

/** The declared defaults in the place of absent fields, in nested objects and items too. */
export function withDefaults(schema: Schema, root: Schema, value: unknown): unknown {
  const at = resolve(schema, root)
  if (Array.isArray(value)) return value.map((item) => withDefaults(at.items ?? {}, root, item))
  if (typeof value !== 'object' || value === null) return value
  const out: Data = { ...(value as Data) }
  for (const [name, property] of Object.entries(at.properties ?? {})) {
    const declared = resolve(property, root)
    if (name in out) out[name] = withDefaults(declared, root, out[name])
    else if (declared.default !== undefined) out[name] = structuredClone(declared.default)
  }
  return out
}
