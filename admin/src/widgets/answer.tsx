import { resolve, titleOf, typeOf, type Data, type Schema } from '@/form/schema'
import { day, instant } from '@/text/date'
import { t } from '@/text'

/** An answer in words, as check pages and case pages show it. */
export function Answer({ schema, root, value }: { schema: Schema | undefined; root: Schema; value: unknown }) {
  const declared = resolve(schema, root)
  if (value === undefined || value === null || value === '') return <span className="muted">{t('answer.none')}</span>
  if (Array.isArray(value)) return <List schema={declared} root={root} values={value} />
  if (typeof value === 'object') return <Nested schema={declared} root={root} data={value as Data} />
  return <>{scalar(declared, value)}</>
}

function scalar(schema: Schema, value: unknown): string {
  if (typeof value === 'boolean') return t(value ? 'field.yes' : 'field.no')
  if (schema.enum) return titleOf(schema, value)
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && schema.format === 'date') return day(value)
  if (typeof value === 'string' && schema.format === 'date-time') return instant(value)
  return String(value)
}

function List({ schema, root, values }: { schema: Schema; root: Schema; values: unknown[] }) {
  const items = resolve(schema.items, root)
  if (typeOf(items) !== 'object') return <>{values.map((value) => scalar(items, value)).join('、')}</>
  return (
    <ol className="answer-list">
      {values.map((value, i) => (
        <li key={i}>
          <Answer schema={items} root={root} value={value} />
        </li>
      ))}
    </ol>
  )
}

function Nested({ schema, root, data }: { schema: Schema; root: Schema; data: Data }) {
  if (schema.format === 'geojson-polygon') {
    const ring = (data as { coordinates?: unknown[][] }).coordinates?.[0] ?? []
    return <>{t('answer.polygon', { n: Math.max(ring.length - 1, 0) })}</>
  }
  const names = Object.keys(schema.properties ?? data).filter((name) => name in data)
  return (
    <dl className="answer-nested">
      {names.map((name) => (
        <div key={name}>
          <dt>{resolve(schema.properties?.[name], root).title ?? name}</dt>
          <dd>
            <Answer schema={schema.properties?.[name]} root={root} value={data[name]} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
