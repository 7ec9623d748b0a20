import type { ReactNode } from 'react'
import { t } from '@/text'

/** Id of the control for a path of the form, such as `$.rows[0].name`; error links lead to it. */
export const controlId = (path: string) => 'field-' + path.replace(/[^A-Za-z0-9_\u4e00-\u9fff]+/g, '-').replace(/^-|-$/g, '')

/** What ties a control to its hint and error. */
export interface Described {
  id: string
  hint?: ReactNode
  error?: string
}

/** The ids for aria-describedby of a control. */
export function describedBy({ id, hint, error }: Described): string | undefined {
  return [hint ? id + '-hint' : '', error ? id + '-error' : ''].filter(Boolean).join(' ') || undefined
}

/** Hint and error, above the control so that they are read and seen before it. */
export function Remarks({ id, hint, error }: Described) {
  return (
    <>
      {hint && (
        <div className="field-hint" id={id + '-hint'}>
          {hint}
        </div>
      )}
      {error && (
        <p className="field-error" id={id + '-error'}>
          <span className="visually-hidden">{t('field.error')}</span>
          {error}
        </p>
      )}
    </>
  )
}

interface FieldProps extends Described {
  label: ReactNode
  optional?: boolean
  children: ReactNode
}

/** One control with its label. */
export function Field({ label, optional, children, ...described }: FieldProps) {
  return (
    <div className={`field${described.error ? ' field-wrong' : ''}`}>
      <label className="field-label" htmlFor={described.id}>
        {label}
        {optional && <span className="field-optional">{t('field.optional')}</span>}
      </label>
      <Remarks {...described} />
      {children}
    </div>
  )
}

/** Several controls that answer one question. */
export function FieldGroup({ label, optional, children, ...described }: FieldProps) {
  return (
    <fieldset className={`field${described.error ? ' field-wrong' : ''}`} aria-describedby={describedBy(described)}>
      <legend className="field-label">
        {label}
        {optional && <span className="field-optional">{t('field.optional')}</span>}
      </legend>
      <Remarks {...described} />
      {children}
    </fieldset>
  )
}

/** A text box of a page's own, outside declared forms. */
export function TextBox({ id, label, hint, error, value, onChange, ...rest }: Described & { label: string; value: string; onChange: (value: string) => void } & Omit<React.InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value' | 'id'>) {
  const described = { id, hint, error }
  return (
    <Field label={label} {...described}>
      <input {...rest} className="input" id={id} value={value} onChange={(event) => onChange(event.target.value)} aria-invalid={error ? true : undefined} aria-describedby={describedBy(described)} />
    </Field>
  )
}
