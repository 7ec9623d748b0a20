import { Field } from '@/components/field'
import { control, frame, type WidgetProps } from '../widget'

/** How a format is typed: keyboard, completion, width. */
const typing: Record<string, React.InputHTMLAttributes<HTMLInputElement>> = {
  date: { type: 'date', max: '9999-12-31' },
  email: { type: 'email', autoComplete: 'email', inputMode: 'email' },
  uri: { type: 'url', inputMode: 'url', placeholder: 'https://' },
  mobile: { type: 'tel', autoComplete: 'tel', inputMode: 'numeric' },
  uscc: { autoCapitalize: 'characters', spellCheck: false, className: 'input input-code' },
  'cn-id-card': { autoCapitalize: 'characters', spellCheck: false, className: 'input input-code' },
  'cn-division': { inputMode: 'numeric', className: 'input input-code' },
  'investment-project-code': { spellCheck: false, className: 'input input-code' },
}

/** Codes are written in capitals. */
const capitals = new Set(['uscc', 'cn-id-card'])

/** One line of text, a date or a code. Length is never cut while typing: a rare character is one, however it is stored. */
export function TextWidget(props: WidgetProps) {
  const { schema, value, onChange } = props
  const format = schema.format ?? ''
  const change = (text: string) => onChange(text === '' ? undefined : capitals.has(format) ? text.toUpperCase().trim() : text)
  return (
    <Field {...frame(props)}>
      <input className="input" {...typing[format]} {...control(props)} value={typeof value === 'string' ? value : ''} onChange={(event) => change(event.target.value)} />
    </Field>
  )
}

/** Several lines of text, with the count of characters where there is a bound. */
export function LongTextWidget(props: WidgetProps) {
  const { schema, value, onChange } = props
  const text = typeof value === 'string' ? value : ''
  return (
    <Field {...frame(props)}>
      <textarea className="input" rows={4} {...control(props)} value={text} onChange={(event) => onChange(event.target.value || undefined)} />
      {schema.maxLength !== undefined && (
        <p className="field-count">
          {[...text].length} / {schema.maxLength}
        </p>
      )}
    </Field>
  )
}
