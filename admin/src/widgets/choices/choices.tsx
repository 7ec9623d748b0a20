import { FieldGroup } from '@/components/field'
import { resolve, titleOf } from '@/form/schema'
import { frame, type WidgetProps } from '../widget'

/** Any of several values, kept in the order of the declaration. */
export function ChoicesWidget(props: WidgetProps) {
  const { id, root, value, onChange } = props
  const items = resolve(props.schema.items, root)
  const options = items.enum ?? []
  const chosen = Array.isArray(value) ? (value as unknown[]) : []
  const toggle = (option: unknown) => {
    const next = options.filter((one) => (one === option ? !chosen.includes(one) : chosen.includes(one)))
    onChange(next.length > 0 ? next : undefined)
  }
  return (
    <FieldGroup {...frame(props)}>
      {options.map((option, i) => (
        <label className="choice" key={String(option)}>
          <input type="checkbox" id={i === 0 ? id : undefined} checked={chosen.includes(option)} onChange={() => toggle(option)} />
          <span>{titleOf(items, option)}</span>
        </label>
      ))}
    </FieldGroup>
  )
}
