import { createElement, type ComponentType } from 'react'
import { controlId } from '@/components/field'
import { resolve, typeOf, type Schema } from '@/form/schema'
import { t, word } from '@/text'
import { AgreementWidget } from './agreement/agreement'
import { ChoiceWidget } from './choice/choice'
import { ChoicesWidget } from './choices/choices'
import { GroupWidget } from './group/group'
import { NumberWidget } from './number/number'
import { PolygonWidget } from './polygon/polygon'
import { RowsWidget } from './rows/rows'
import { LongTextWidget, TextWidget } from './text/text'
import type { WidgetProps } from './widget'
import { YesNoWidget } from './yes-no/yes-no'

/** From this many characters on a text gets several lines. */
const longText = 300

/** The widget that draws a declaration. */
export function widgetOf(schema: Schema, root: Schema): ComponentType<WidgetProps> {
  if (schema.enum) return ChoiceWidget
  switch (typeOf(schema)) {
    case 'boolean':
      return schema.const === true ? AgreementWidget : YesNoWidget
    case 'number':
    case 'integer':
      return NumberWidget
    case 'array':
      return resolve(schema.items, root).enum ? ChoicesWidget : RowsWidget
    case 'object':
      return schema.format === 'geojson-polygon' ? PolygonWidget : GroupWidget
    default:
      return (schema.maxLength ?? 0) >= longText ? LongTextWidget : TextWidget
  }
}

function hintOf(schema: Schema): string | undefined {
  if (schema.description) return schema.description
  const format = schema.format ? word('hint', schema.format, '') : ''
  if (format) return format
  if (typeof schema.maximum === 'number' && (schema.minimum ?? schema.exclusiveMinimum) === undefined) return t('hint.maximum', { n: schema.maximum })
  return undefined
}

interface SchemaFieldProps extends Omit<WidgetProps, 'id' | 'label'> {
  name: string
  label?: string
}

/** One field of a declared form. */
export function SchemaField({ name, label, schema, hint, ...rest }: SchemaFieldProps) {
  const declared = resolve(schema, rest.root)
  const texts = { label: label ?? declared.title ?? name, hint: [hint, hintOf(declared)].filter(Boolean).join(' ') || undefined }
  return createElement(widgetOf(declared, rest.root), { ...rest, ...texts, schema: declared, id: controlId(rest.path) })
}
