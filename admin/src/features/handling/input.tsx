import { Button, Input, Radio, Select } from 'antd'
import type { InputPartsFragment } from '@/gql/graphql'
import { t } from '@/text'
import { Evidence } from './evidence'

export type Values = Record<string, unknown>

/** What inputs work with besides their own value. */
export interface InputContext {
  /** Prefix of control ids. */
  prefix: string
  /** Id of the case, to which files are uploaded. */
  owner: string
  /** Materials that a correction item may name. */
  materials: { ref: string; title: string }[]
}

interface InputProps {
  field: InputPartsFragment
  context: InputContext
  value: unknown
  onChange: (value: unknown) => void
  error?: string
}

/** The fields that an action, a document or a report asks for. */
export function Inputs({ fields, context, values, onChange, errors }: { fields: InputPartsFragment[]; context: InputContext; values: Values; onChange: (values: Values) => void; errors: Record<string, string> }) {
  return fields.map((field) => <InputRow key={field.name} field={field} context={context} value={values[field.name] ?? field.default} onChange={(value) => onChange({ ...values, [field.name]: value })} error={errors[field.name]} />)
}

/** What is missing, by field name. */
export function missing(fields: InputPartsFragment[], values: Values): Record<string, string> {
  const blank = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  return Object.fromEntries(fields.filter((field) => field.required && blank(values[field.name] ?? field.default)).map((field) => [field.name, t('input.required', { title: field.title })]))
}

/** Messages of the server by field name: their paths are `$.fields.reason`, `$.report.photos[1]`. */
export function errorsByField(problems: { path?: string | null; message: string }[]): Record<string, string> {
  return Object.fromEntries(problems.map((problem) => [/^\$\.(?:fields|report)\.([^.[]+)/.exec(problem.path ?? '')?.[1] ?? problem.path ?? '', problem.message]))
}

const grouped = new Set(['items', 'position', 'files'])

function InputRow(props: InputProps) {
  const { field, context, error } = props
  const id = context.prefix + field.name
  const label = field.required ? field.title : field.title + t('field.optional')
  const few = field.type === 'enum' && field.options.length <= 4
  if (grouped.has(field.type) || few || field.type === 'boolean') {
    return (
      <fieldset className="desk-field" aria-describedby={error ? id + '-error' : undefined}>
        <legend>{label}</legend>
        <Control {...props} id={id} />
        <Wrong id={id} error={error} />
      </fieldset>
    )
  }
  return (
    <div className="desk-field">
      <label htmlFor={id}>{label}</label>
      <Control {...props} id={id} />
      <Wrong id={id} error={error} />
    </div>
  )
}

function Wrong({ id, error }: { id: string; error?: string }) {
  if (!error) return null
  return (
    <p className="desk-field-error" id={id + '-error'}>
      {error}
    </p>
  )
}

function Control({ field, context, value, onChange, error, id }: InputProps & { id: string }) {
  const shared = { id, status: error ? ('error' as const) : undefined, 'aria-describedby': error ? id + '-error' : undefined }
  const text = typeof value === 'string' ? value : ''
  switch (field.type) {
    case 'enum':
      return field.options.length <= 4 ? <Radio.Group id={id} value={value} onChange={(event) => onChange(event.target.value)} options={field.options.map((option) => ({ value: option.value, label: option.title }))} /> : <Select {...shared} value={value} onChange={onChange} options={field.options.map((option) => ({ value: option.value, label: option.title }))} />
    case 'boolean':
      return <Radio.Group id={id} value={value} onChange={(event) => onChange(event.target.value)} options={[{ value: true, label: t('field.yes') }, { value: false, label: t('field.no') }]} />
    case 'integer':
    case 'number':
      return <Input {...shared} inputMode="decimal" value={value === undefined || value === null ? '' : String(value)} onChange={(event) => onChange(toNumber(event.target.value))} />
    case 'date':
      return <Input {...shared} type="date" value={text} onChange={(event) => onChange(event.target.value || undefined)} />
    case 'items':
      return <Items id={id} materials={context.materials} value={value} onChange={onChange} />
    case 'position':
      return <Position id={id} value={value} onChange={onChange} />
    case 'signatures':
      return <Input {...shared} placeholder={t('input.names')} value={Array.isArray(value) ? value.join('、') : ''} onChange={(event) => onChange(names(event.target.value))} />
    case 'files':
      return <Evidence id={id} owner={context.owner} name={field.name} least={field.min ?? 0} value={value} onChange={onChange} />
    default:
      return <Input.TextArea {...shared} rows={3} value={text} onChange={(event) => onChange(event.target.value || undefined)} />
  }
}

const toNumber = (text: string) => (text.trim() === '' ? undefined : Number.isFinite(Number(text)) ? Number(text) : text)
const names = (text: string) => (text === '' ? undefined : text.split(/[、,，]/))

interface Item {
  material?: string
  requirement?: string
}

/** Everything that must be put right, told at once (R-REC-04): the material and what is demanded of it. */
function Items({ id, materials, value, onChange }: { id: string; materials: InputContext['materials']; value: unknown; onChange: (value: unknown) => void }) {
  const items = (Array.isArray(value) ? value : []) as Item[]
  const put = (i: number, change: Item) => onChange(items.with(i, { ...items[i], ...change }))
  return (
    <>
      {items.map((item, i) => (
        <div key={i} className="desk-item">
          <label htmlFor={`${id}-${i}`}>{t('input.itemMaterial', { n: i + 1 })}</label>
          <Select id={`${id}-${i}`} value={item.material} onChange={(material) => put(i, { material })} options={materials.map((material) => ({ value: material.ref, label: material.title }))} className="desk-wide" />
          <label htmlFor={`${id}-${i}-text`}>{t('input.itemRequirement', { n: i + 1 })}</label>
          <Input.TextArea id={`${id}-${i}-text`} rows={2} value={item.requirement} onChange={(event) => put(i, { requirement: event.target.value })} />
          <Button type="link" onClick={() => onChange(items.toSpliced(i, 1))}>
            {t('rows.remove', { label: t('input.item'), n: i + 1 })}
          </Button>
        </div>
      ))}
      <Button id={id} onClick={() => onChange([...items, {}])}>
        {t('rows.add', { label: t('input.item') })}
      </Button>
    </>
  )
}

interface Coordinates {
  lng?: number | string
  lat?: number | string
}

/** Where it was done; the device may tell. */
function Position({ id, value, onChange }: { id: string; value: unknown; onChange: (value: unknown) => void }) {
  const at = (value ?? {}) as Coordinates
  const put = (change: Coordinates) => onChange({ ...at, ...change })
  const locate = () => navigator.geolocation.getCurrentPosition(({ coords }) => onChange({ lng: Number(coords.longitude.toFixed(6)), lat: Number(coords.latitude.toFixed(6)) }))
  return (
    <div className="desk-actions">
      <Input id={id} aria-label={t('input.longitude')} addonBefore={t('input.longitude')} inputMode="decimal" value={at.lng ?? ''} onChange={(event) => put({ lng: toNumber(event.target.value) })} />
      <Input aria-label={t('input.latitude')} addonBefore={t('input.latitude')} inputMode="decimal" value={at.lat ?? ''} onChange={(event) => put({ lat: toNumber(event.target.value) })} />
      <Button onClick={locate}>{t('input.locate')}</Button>
    </div>
  )
}
