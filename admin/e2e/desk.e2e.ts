import { describe, expect, inject, test } from 'vitest'
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

// The order of the law: the document first, then the act (I7). Over invented data,
// for a real case moves on and can be accepted once only.
test.runIf(!inject('real'))('an action is locked until its document is issued, and says so', async () => {
  const page = await open('/desk')
  await signInStaff(page)
  await page.getByRole('link', { name: '431321-2026-000001' }).click()
  await page.getByRole('radio', { name: '受理', exact: true }).check()
  const act = page.getByRole('button', { name: '确认受理' })
  expect(await act.isDisabled()).toBe(true)
  await page.getByText('须先出具受理通知书').first().waitFor()
  await page.getByRole('button', { name: '出具文书' }).click()
  await page.getByText('已出具：').waitFor()
  expect(await violations(page)).toEqual([])
  await act.click()
  await page.getByRole('heading', { name: '当前任务：审查（初审）' }).waitFor()
})

test.runIf(!inject('real'))('the report of an inspection asks for what is missing', async () => {
  const page = await open('/desk')
  await signInStaff(page)
  await visit(page, '/desk/cases/c431321-2026-000003')
  await page.getByRole('button', { name: '登记结果' }).click()
  await page.getByText('请填写核查结果').waitFor()
  expect(await violations(page)).toEqual([])
})
