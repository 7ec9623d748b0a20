import { Field, FieldGroup } from '@/components/field'
import { titleOf } from '@/form/schema'
import { t } from '@/text'
import { control, frame, type WidgetProps } from '../widget'

/** More answers than this are a list to open. */
const mostRadios = 7

/** One of several values: radio buttons, or a list when there are many. */
export function ChoiceWidget(props: WidgetProps) {
  const options = props.schema.enum ?? []
  return options.length > mostRadios ? <Select {...props} /> : <Radios {...props} />
}

function Radios(props: WidgetProps) {
  const { id, schema, value, onChange } = props
  return (
    <FieldGroup {...frame(props)}>
      {(schema.enum ?? []).map((option, i) => (
        <label className="choice" key={String(option)}>
          <input type="radio" id={i === 0 ? id : undefined} name={id} checked={value === option} onChange={() => onChange(option)} />
          <span>{titleOf(schema, option)}</span>
        </label>
      ))}
    </FieldGroup>
  )
}

function Select(props: WidgetProps) {
  const { schema, value, onChange } = props
  const options = schema.enum ?? []
  return (
    <Field {...frame(props)}>
      <select className="input" {...control(props)} value={options.indexOf(value)} onChange={(event) => onChange(options[Number(event.target.value)])}>
        <option value={-1}>{t('field.choose')}</option>
        {options.map((option, i) => (
          <option key={String(option)} value={i}>
            {titleOf(schema, option)}
          </option>
        ))}
      </select>
    </Field>
  )
}
