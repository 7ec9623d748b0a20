import { expect, test, describe } from 'vitest'
import { errorsByPath, fieldOf, lacks, materialOf, materialsInput, problemsIn, sectionsOf, sectionState, type Draft, type Material, type Matter } from './model'
import { refuse } from './file-box'

describe('where a problem lies', () => {
  test.each([
    ['$.area_sqm', 'area_sqm'],
    ['$.form.area_sqm', 'area_sqm'],
    ['$.agent.phone', 'agent'],
    ['$.rows[0].n', 'rows'],
    ['$["经营面积"]', '经营面积'],
    ['$', ''],
  ])('%s in field %s', (path, field) => expect(fieldOf(path)).toBe(field))
  test('a material by name', () => expect(materialOf('$.materials[ref=safety-rules]')).toBe('safety-rules'))
  test('a material by its place', () => expect(materialOf('$.materials[1].files[0]', [{ ref: 'a' }, { ref: 'b' }])).toBe('b'))
  test('paths of the server and of the browser are one', () => expect(errorsByPath([{ path: '$.form.a', message: '错' }])).toEqual({ '$.a': '错' }))
})

test('fields that no section names come last', () => {
  const schema = { type: 'object', properties: { a: {}, b: {}, c: {} } }
  expect(sectionsOf({ form: { title: '表', schema, sections: [{ title: '一', fields: ['b'] }] } }).map((section) => section.fields)).toEqual([['b'], ['a', 'c']])
})

const material = { ref: 'm', required: true, generatedFromForm: false } as Material
const draft = (more: Partial<Draft>) => ({ materials: [], problems: [], ...more }) as unknown as Draft

describe('a material', () => {
  test('is lacking when the server says so', () => expect(lacks(material, draft({ problems: [{ path: '$.materials[ref=m]', code: 'required', message: '', hint: null, severity: 'error' }] }))).toBe(true))
  test('is lacking by its declaration while the form is not in order', () => expect(lacks(material, draft({ problems: [{ path: '$.a', code: 'required', message: '', hint: null, severity: 'error' }] }))).toBe(true))
  test('is not lacking when the server is content', () => expect(lacks(material, draft({}))).toBe(false))
  test('is not lacking with a commitment', () => expect(lacks(material, draft({ materials: [{ ref: 'm', commitment: true, files: [], reuse: null }] }))).toBe(false))
  test('changes alone when a draft is saved', () => {
    const saved = draft({ materials: [{ ref: 'm', commitment: false, reuse: null, files: [{ id: 'f1', filename: 'a', size: 1, status: 'stored' }] }] })
    expect(materialsInput(saved, { ref: 'n', files: ['f2'] })).toEqual([{ ref: 'm', files: ['f1'], reuse: undefined, commitment: false }, { ref: 'n', files: ['f2'] }])
  })
})

describe('a file is refused before it is sent', () => {
  const terms = { title: '营业执照', formats: ['pdf', 'jpg'], maxMb: 1 }
  const file = (name: string, size: number) => ({ name, size }) as File
  test.each([
    ['a.exe', 10, '格式不对'],
    ['a.pdf', 2_000_000, '超过 1 MiB'],
    ['a.pdf', 0, '空文件'],
  ])('%s of %i bytes', (name, size, words) => expect(refuse(file(name, size), terms)).toContain(words))
  test.each(['a.pdf', 'A.PDF', 'b.jpeg'])('%s passes', (name) => expect(refuse(file(name, 10), terms)).toBeUndefined())
})

test('problems come in the order of the page', () => {
  const schema = { type: 'object', required: ['a', 'b'], properties: { a: {}, b: {} } }
  expect(problemsIn({ form: { schema } }, {}, ['b', 'a']).map((problem) => problem.path)).toEqual(['$.b', '$.a'])
})

describe('a section', () => {
  const schema = { type: 'object', required: ['a'], properties: { a: {}, b: { default: false } } }
  const matter = { form: { schema } } as unknown as Matter
  const section = { title: '', fields: ['a', 'b'], conditional: false }
  test.each([
    [{ b: false }, 'empty'],
    [{ b: true }, 'begun'],
    [{ a: 1 }, 'done'],
  ])('%j is %s', (form, state) => expect(sectionState(matter, draft({ form }), section)).toBe(state))
})
