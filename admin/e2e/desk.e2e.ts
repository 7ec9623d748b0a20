import { describe, expect, test } from 'vitest'
import { open, overflows, signInStaff, useBrowser, violations, visit, widths } from './support/browser'

useBrowser()

describe.each(widths)('the desk at %i pixels', (width) => {
  test('has nothing for axe to find', async () => {
    const page = await open('/desk', width)
    expect(await violations(page)).toEqual([])
    await signInStaff(page)
    for (const view of ['todo', 'claimable', 'done', 'all']) {
      await visit(page, '/desk?view=' + view)
      await page.getByRole('heading', { name: '待办', exact: true }).waitFor()
      expect(await violations(page)).toEqual([])
      expect(await overflows(page)).toBe(false)
    }
    await page.context().close()
  })
})

test('filters stay in the address', async () => {
  const page = await open('/desk')
  await signInStaff(page)
  await page.getByRole('radio', { name: '全部' }).locator('xpath=..').click()
  await page.waitForURL(/view=all/)
  await page.getByRole('searchbox', { name: '办件编号' }).fill('431321')
  await page.keyboard.press('Enter')
  await page.waitForURL(/number=431321/)
  await page.reload()
  await page.getByRole('heading', { name: '待办', exact: true }).waitFor()
  expect(new URL(page.url()).search).toBe('?view=all&number=431321')
})

test('the keyboard explains itself, moves through the list and opens a case', async () => {
  const page = await open('/desk')
  await signInStaff(page)
  await visit(page, '/desk?view=all')
  await page.getByRole('heading', { name: '待办', exact: true }).waitFor()
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  if ((await page.locator('tbody tr').count()) === 0) return
  await page.keyboard.press('j')
  await page.locator('tr.desk-row-current').waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/desk\/cases\//)
  await page.getByRole('heading', { name: '时限' }).waitFor()
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    expect(await violations(page)).toEqual([])
    expect(await overflows(page)).toBe(false)
  }
})
