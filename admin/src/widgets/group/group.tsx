import { FieldGroup } from '@/components/field'
import type { Data } from '@/form/schema'
import { Fields } from '../fields'
import { frame, type WidgetProps } from '../widget'

/** The fields of a nested object. With none filled the object is absent. */
export function GroupWidget(props: WidgetProps) {
  const { schema, root, path, value, onChange, errors } = props
  const data = (value ?? {}) as Data
  const change = (next: Data) => onChange(Object.keys(next).length > 0 ? next : undefined)
  return (
    <FieldGroup {...frame(props)}>
      <div className="group">
        <Fields names={Object.keys(schema.properties ?? {})} schema={schema} root={root} path={path} data={data} onChange={change} errors={errors} />
      </div>
    </FieldGroup>
  )
}
