import { useState } from 'react'
import { cleanup, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import type { Data, Schema } from '@/form/schema'
import { Fields } from './fields'

afterEach(cleanup)

let data: Data = {}

/** Draws one field named `x` and keeps what it gives. */
function Form({ schema, required = false, initial = {}, errors = {} }: { schema: Schema; required?: boolean; initial?: Data; errors?: Record<string, string> }) {
  const root: Schema = { type: 'object', properties: { x: schema }, required: required ? ['x'] : [] }
  const [value, setValue] = useState(initial)
  const change = (next: Data) => {
    data = next
    setValue(next)
  }
  return <Fields names={['x']} schema={root} root={root} path="$" data={value} onChange={change} errors={errors} />
}

describe('text', () => {
  test('an emptied answer is absent, not empty', async () => {
    render(<Form schema={{ type: 'string', title: '名称' }} initial={{ x: '甲' }} />)
    await userEvent.clear(screen.getByLabelText(/名称/))
    expect(data).toEqual({})
  })
  test('rare characters are kept whole (R-APP-10)', async () => {
    render(<Form schema={{ type: 'string', title: '姓名', maxLength: 2 }} />)
    await userEvent.type(screen.getByLabelText(/姓名/), '𠮷䶮㙓')
    expect(data).toEqual({ x: '𠮷䶮㙓' })
  })
  test('long texts count characters, not code units', () => {
    render(<Form schema={{ type: 'string', title: '说明', maxLength: 500 }} initial={{ x: '𠮷𠮷' }} />)
    expect(screen.getByText('2 / 500')).toBeTruthy()
  })
  test('codes become capitals', async () => {
    render(<Form schema={{ type: 'string', title: '代码', format: 'uscc' }} />)
    await userEvent.type(screen.getByLabelText(/代码/), '91431321ma4l00011p')
    expect(data.x).toBe('91431321MA4L00011P')
  })
  test('an optional field says so, a required one does not', () => {
    render(<Form schema={{ type: 'string', title: '甲' }} />)
    expect(screen.getByText('（选填）')).toBeTruthy()
    cleanup()
    render(<Form schema={{ type: 'string', title: '甲' }} required />)
    expect(screen.queryByText('（选填）')).toBeNull()
  })
})

describe('number', () => {
  test('digits become a number, other text stays for the validator to name', async () => {
    render(<Form schema={{ type: 'number', title: '面积' }} />)
    const box = screen.getByLabelText(/面积/)
    await userEvent.type(box, '45.50')
    expect(data.x).toBe(45.5)
    expect((box as HTMLInputElement).value).toBe('45.50')
    await userEvent.type(box, 'x')
    expect(data.x).toBe('45.50x')
  })
})

describe('choice', () => {
  const schema: Schema = { type: 'string', title: '业态', enum: ['sale', 'catering'], 'x-enum-titles': { sale: '食品销售' } }
  test('values show their titles, or themselves', async () => {
    render(<Form schema={schema} />)
    await userEvent.click(screen.getByLabelText('食品销售'))
    expect(data.x).toBe('sale')
    expect(screen.getByLabelText('catering')).toBeTruthy()
  })
  test('many values are a list', async () => {
    render(<Form schema={{ title: '月份', enum: [1, 2, 3, 4, 5, 6, 7, 8] }} />)
    await userEvent.selectOptions(screen.getByRole('combobox'), '8')
    expect(data.x).toBe(8)
  })
})

test('several choices keep the order of the declaration, and none is absent', async () => {
  render(<Form schema={{ type: 'array', title: '项目', items: { enum: ['a', 'b', 'c'] } }} />)
  await userEvent.click(screen.getByLabelText('c'))
  await userEvent.click(screen.getByLabelText('a'))
  expect(data.x).toEqual(['a', 'c'])
  await userEvent.click(screen.getByLabelText('a'))
  await userEvent.click(screen.getByLabelText('c'))
  expect(data).toEqual({})
})

test('yes, no and no answer are three things', async () => {
  render(<Form schema={{ type: 'boolean', title: '网络经营' }} />)
  expect(screen.getByLabelText<HTMLInputElement>('否').checked).toBe(false)
  await userEvent.click(screen.getByLabelText('否'))
  expect(data.x).toBe(false)
})

test('a promise is one box', async () => {
  render(<Form schema={{ type: 'boolean', const: true, title: '真实性承诺' }} />)
  await userEvent.click(screen.getByRole('checkbox'))
  expect(data.x).toBe(true)
})

test('a nested object appears with its first answer and goes with its last', async () => {
  render(<Form schema={{ type: 'object', title: '代理人', properties: { name: { type: 'string', title: '姓名' } } }} />)
  await userEvent.type(screen.getByLabelText(/姓名/), '乙')
  expect(data.x).toEqual({ name: '乙' })
  await userEvent.clear(screen.getByLabelText(/姓名/))
  expect(data).toEqual({})
})

test('rows are added up to the most and removed; errors find their row', async () => {
  render(<Form schema={{ type: 'array', title: '明细', maxItems: 2, items: { type: 'object', properties: { n: { type: 'integer', title: '数量' } } } }} errors={{ '$.x[1].n': '请填写数量' }} />)
  await userEvent.click(screen.getByRole('button', { name: '添加明细' }))
  await userEvent.click(screen.getByRole('button', { name: '添加明细' }))
  expect(screen.queryByRole('button', { name: '添加明细' })).toBeNull()
  await userEvent.type(screen.getAllByLabelText(/数量/)[1] as HTMLElement, '2')
  expect(data.x).toEqual([{}, { n: 2 }])
  expect(screen.getByText('请填写数量')).toBeTruthy()
  await userEvent.click(screen.getByRole('button', { name: '删除明细 1' }))
  expect(data.x).toEqual([{ n: 2 }])
})

test('corners become a closed polygon', async () => {
  render(<Form schema={{ type: 'object', format: 'geojson-polygon', title: '范围' }} />)
  await userEvent.type(screen.getByLabelText(/范围/), '112, 27\n112.1, 27\n112.1, 27.1')
  expect(data.x).toEqual({ type: 'Polygon', coordinates: [[[112, 27], [112.1, 27], [112.1, 27.1], [112, 27]]] })
})
