import { describedBy } from '@/components/field'
import type { Schema } from '@/form/schema'

/** What every widget is given. A value of undefined is an answer not given. */
export interface WidgetProps {
  /** Path of the value in the form, such as `$.agent.phone`. */
  path: string
  /** Id of the control, or of the first one. */
  id: string
  /** The declaration it draws, references followed. */
  schema: Schema
  /** The whole schema, for references below. */
  root: Schema
  label: string
  hint?: string
  required: boolean
  value: unknown
  onChange: (value: unknown) => void
  /** Messages by path, for this value and those inside it. */
  errors: Record<string, string>
}

/** What label, hint and error of a widget share. */
export function frame({ id, label, hint, required, errors, path }: WidgetProps) {
  return { id, label, hint, optional: !required, error: errors[path] }
}

/** The accessibility attributes of a widget's control. */
export function control(props: WidgetProps) {
  const { hint, error } = frame(props)
  return { id: props.id, 'aria-invalid': error ? true : undefined, 'aria-describedby': describedBy({ id: props.id, hint, error }), 'aria-required': props.required || undefined }
}
