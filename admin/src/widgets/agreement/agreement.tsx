import { Remarks } from '@/components/field'
import { t } from '@/text'
import { control, frame, type WidgetProps } from '../widget'

/** A promise that must be given: a boolean whose only allowed value is true. */
export function AgreementWidget(props: WidgetProps) {
  const { value, onChange, label } = props
  const { error, hint } = frame(props)
  return (
    <div className={`field${error ? ' field-wrong' : ''}`}>
      <Remarks id={props.id} hint={hint} error={error} />
      <label className="choice">
        <input type="checkbox" {...control(props)} checked={value === true} onChange={(event) => onChange(event.target.checked || undefined)} />
        <span>{t('field.agree', { label })}</span>
      </label>
    </div>
  )
}
