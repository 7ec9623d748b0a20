import { Button } from '@/components/button'
import { FieldGroup } from '@/components/field'
import { child, resolve, typeOf } from '@/form/schema'
import { t } from '@/text'
import { SchemaField } from '../schema-field'
import { frame, type WidgetProps } from '../widget'

/** A list of items, each drawn by its own declaration; added and removed one by one. */
export function RowsWidget(props: WidgetProps) {
  const { schema, root, path, value, onChange, errors, label } = props
  const rows = Array.isArray(value) ? (value as unknown[]) : []
  const items = resolve(schema.items, root)
  const fresh = typeOf(items) === 'object' ? {} : ''
  const put = (next: unknown[]) => onChange(next.length > 0 ? next : undefined)
  const full = schema.maxItems !== undefined && rows.length >= schema.maxItems
  return (
    <FieldGroup {...frame(props)}>
      {rows.map((row, i) => (
        <div className="group" key={i}>
          <SchemaField name={String(i)} label={t('rows.item', { label, n: i + 1 })} schema={items} root={root} path={child(path, i)} required value={row === '' ? undefined : row} onChange={(next) => put(rows.with(i, next ?? fresh))} errors={errors} />
          <Button look="quiet" onClick={() => put(rows.toSpliced(i, 1))}>
            {t('rows.remove', { label, n: i + 1 })}
          </Button>
        </div>
      ))}
      {!full && (
        <Button look="secondary" id={rows.length === 0 ? props.id : undefined} onClick={() => put([...rows, fresh])}>
          {t('rows.add', { label })}
        </Button>
      )}
    </FieldGroup>
  )
}
