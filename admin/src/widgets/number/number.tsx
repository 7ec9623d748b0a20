import { useState } from 'react'
import { Field } from '@/components/field'
import { control, frame, type WidgetProps } from '../widget'

const plain = /^[+-]?(\d+\.?\d*|\.\d+)$/

/** What was typed as a number; other text stays text, so that validation can say what is wrong with it. */
export function read(text: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return plain.test(trimmed) ? Number(trimmed) : text
}

/** A number. A text box, not a spinner: wheels and arrows must not change a declared figure. */
export function NumberWidget(props: WidgetProps) {
  const { value, onChange, schema } = props
  const [text, setText] = useState(value === undefined || value === null ? '' : String(value))
  const shown = read(text) === value ? text : value === undefined || value === null ? '' : String(value)
  const change = (typed: string) => {
    setText(typed)
    onChange(read(typed))
  }
  return (
    <Field {...frame(props)}>
      <input className="input input-number" inputMode={schema.type === 'integer' ? 'numeric' : 'decimal'} {...control(props)} value={shown} onChange={(event) => change(event.target.value)} />
    </Field>
  )
}
