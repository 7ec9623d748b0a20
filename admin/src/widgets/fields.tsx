import { child, resolve, type Data, type Schema } from '@/form/schema'
import { SchemaField } from './schema-field'

interface FieldsProps {
  names: string[]
  /** The object's declaration. */
  schema: Schema
  root: Schema
  /** Path of the object. */
  path: string
  data: Data
  onChange: (data: Data) => void
  errors: Record<string, string>
  /** Hints by field name. */
  hints?: Record<string, string>
}

/** Some fields of an object, in the order given. */
export function Fields({ names, schema, root, path, data, onChange, errors, hints = {} }: FieldsProps) {
  const object = resolve(schema, root)
  const set = (name: string, value: unknown) => {
    const next = { ...data, [name]: value }
    if (value === undefined) delete next[name]
    onChange(next)
  }
  return names.map((name) => {
    const property = object.properties?.[name]
    if (!property) return null
    return <SchemaField key={name} name={name} schema={property} root={root} path={child(path, name)} hint={hints[name]} required={object.required?.includes(name) ?? false} value={data[name]} onChange={(value) => set(name, value)} errors={errors} />
  })
}
