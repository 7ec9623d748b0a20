import { expect, test } from 'vitest'
import { safeNext } from './sign-in'

// An address given by another must not lead away from this site after log-in.
test.each([
  ['/apply/food?tenant=431321', '/apply/food?tenant=431321'],
  [null, '/my'],
  ['https://elsewhere.example/', '/my'],
  ['//elsewhere.example/', '/my'],
  ['/\\elsewhere.example', '/my'],
  ['javascript:alert(1)', '/my'],
])('%s leads to %s', (next, to) => expect(safeNext(next)).toBe(to))
