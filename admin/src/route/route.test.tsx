import { describe, expect, test } from 'vitest'
import { match, withSearch } from './route'

describe('match', () => {
  test.each([
    ['/matters/:name', '/matters/food', { name: 'food' }],
    ['/cases/:id', '/cases/Q2FzZTox%3D', { id: 'Q2FzZTox=' }],
    ['/cases/:id', '/cases/%E0%A4%A', { id: '%E0%A4%A' }],
    ['/cases/:id', '/cases/a/correct', null],
    ['/', '/my', null],
  ])('%s against %s', (pattern, path, wanted) => expect(match(pattern, path)).toEqual(wanted))
})

test('search parameters change alone; empty ones go', () => {
  const place = { path: '/desk', search: new URLSearchParams('view=all&number=4') }
  expect(withSearch(place, { number: undefined, order: 'opened_asc' })).toBe('/desk?view=all&order=opened_asc')
  expect(withSearch(place, { number: undefined, view: undefined })).toBe('/desk')
})
