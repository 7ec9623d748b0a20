import { expect, test } from 'vitest'
import { open, signInStaff, useBrowser, violations, visit } from './support/browser'

// These act on invented cases: a real one moves on and can be accepted only once.
useBrowser()

// The order of the law: the document first, then the act (I7).
test('an action is locked until its document is issued, and says so', async () => {
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

test('the report of an inspection asks for what is missing', async () => {
  const page = await open('/desk')
  await signInStaff(page)
  await visit(page, '/desk/cases/c431321-2026-000003')
  await page.getByRole('button', { name: '登记结果' }).click()
  await page.getByText('请填写核查结果').waitFor()
  expect(await violations(page)).toEqual([])
})
