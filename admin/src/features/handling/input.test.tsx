import { expect, test } from 'vitest'
import type { InputPartsFragment } from '@/gql/graphql'
import { errorsByField, missing } from './input'

const field = (name: string, more: Partial<InputPartsFragment> = {}): InputPartsFragment => ({ name, title: name, type: 'text', required: true, options: [], maxLength: null, min: null, max: null, default: null, ...more })

test('what is required and blank is missing; a default is an answer', () => {
  const fields = [field('reason'), field('items', { type: 'items' }), field('note', { required: false }), field('body', { default: '本机关' })]
  expect(missing(fields, { items: [] })).toEqual({ reason: '请填写reason', items: '请填写items' })
})

test("the server's paths lead to fields", () => {
  expect(errorsByField([{ path: '$.fields.item_list[0]', message: '甲' }, { path: '$.report.photos', message: '乙' }])).toEqual({ item_list: '甲', photos: '乙' })
})
