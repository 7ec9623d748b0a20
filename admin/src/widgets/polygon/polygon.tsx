import { useState } from 'react'
import { Field } from '@/components/field'
import { t } from '@/text'
import { control, frame, type WidgetProps } from '../widget'

type Position = [number, number]

/** Reads corners, one "longitude, latitude" a line, as a closed GeoJSON polygon; undefined when a line is no position. */
export function polygonOf(text: string): { type: 'Polygon'; coordinates: Position[][] } | undefined {
  const lines = text.split('\n').map((line) => line.trim()).filter(Boolean)
  const corners = lines.map((line) => line.split(/[,，\s]+/).map(Number))
  if (corners.length === 0 || corners.some((corner) => corner.length !== 2 || corner.some((n) => !Number.isFinite(n)))) return undefined
  const ring = corners as Position[]
  const [first, last] = [ring[0], ring.at(-1)]
  const closed = first && last && first[0] === last[0] && first[1] === last[1]
  return { type: 'Polygon', coordinates: [closed || !first ? ring : [...ring, first]] }
}

function textOf(value: unknown): string {
  const ring = (value as { coordinates?: Position[][] } | undefined)?.coordinates?.[0] ?? []
  return ring.slice(0, -1).map((corner) => corner.join(', ')).join('\n')
}

/** A range of land, by its corners. */
export function PolygonWidget(props: WidgetProps) {
  const [text, setText] = useState(textOf(props.value))
  const change = (typed: string) => {
    setText(typed)
    props.onChange(typed.trim() === '' ? undefined : (polygonOf(typed) ?? { type: 'Polygon', coordinates: [] }))
  }
  const described = { ...props, hint: props.hint ?? t('polygon.hint') }
  return (
    <Field {...frame(described)}>
      <textarea className="input input-code" rows={5} {...control(described)} value={text} onChange={(event) => change(event.target.value)} />
    </Field>
  )
}
