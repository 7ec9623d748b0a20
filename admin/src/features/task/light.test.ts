import { expect, test } from 'vitest'
import { colourOf, remainingText } from './light'

test.each([
  [-1, 'red', '超期 1 个工作日'],
  [0, 'yellow', '今天到期'],
  [1, 'yellow', '剩 1 个工作日'],
  [2, 'green', '剩 2 个工作日'],
  [null, 'none', '无'],
])('%s working days left: %s', (remaining, colour, words) => {
  expect(colourOf(remaining)).toBe(colour)
  expect(remainingText(remaining)).toBe(words)
})
