import { FieldGroup } from '@/components/field'
import { t } from '@/text'
import { frame, type WidgetProps } from '../widget'

/** Yes or no, as two answers: a box left empty would not tell "no" from "not answered". */
export function YesNoWidget(props: WidgetProps) {
  const { id, value, onChange } = props
  return (
    <FieldGroup {...frame(props)}>
      {[true, false].map((answer) => (
        <label className="choice" key={String(answer)}>
          <input type="radio" id={answer ? id : undefined} name={id} checked={value === answer} onChange={() => onChange(answer)} />
          <span>{t(answer ? 'field.yes' : 'field.no')}</span>
        </label>
      ))}
    </FieldGroup>
  )
}
