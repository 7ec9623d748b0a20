import { describe, expect, test } from 'vitest'
import { accounts, open, overflows, signInApplicant, useBrowser, violations, visit, widths } from './support/browser'

useBrowser()

const { tenant, matter } = accounts
const pages = ['/tenants', `/?tenant=${tenant}`, `/?tenant=${tenant}&q=nothing-of-this-name`, `/matters/${matter}?tenant=${tenant}`, '/sign-in', '/progress', '/verify?id=no-such-licence', '/my', '/no-such-page']

describe.each(widths)('the hall at %i pixels', (width) => {
  test.each(pages)('%s has nothing for axe to find, in normal and care mode', async (path) => {
    const page = await open(path, width)
    await page.getByRole('heading', { level: 1 }).first().waitFor()
    for (const care of [false, true]) {
      if (care) await page.getByRole('button', { name: '关怀版' }).click()
      expect(await violations(page)).toEqual([])
      expect(await overflows(page)).toBe(false)
    }
    await page.context().close()
  })
})

test('the list leads to the guide, and the guide to the application', async () => {
  const page = await open(`/?tenant=${tenant}`)
  await page.getByRole('searchbox').fill('食品')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: /食品经营许可/ }).first().click()
  await page.getByRole('heading', { name: '申请材料' }).waitFor()
  for (const heading of ['设定依据', '办理时限', '收费', '办理地点与咨询', '救济途径']) expect(await page.getByRole('heading', { name: heading }).count()).toBe(1)
  await page.getByRole('link', { name: '在线申请' }).click()
  await page.getByText('登录后才能继续').waitFor()
})

test('a wrong password is told in the summary, which takes the focus', async () => {
  const page = await open('/sign-in')
  await page.getByLabel('登录名、手机或邮箱').fill('nobody')
  await page.getByLabel('密码').fill('wrong')
  await page.keyboard.press('Enter')
  const summary = page.locator('.error-summary')
  await summary.waitFor()
  expect(await summary.evaluate((box) => box === document.activeElement)).toBe(true)
  expect(await violations(page)).toEqual([])
})

test("an applicant's pages have nothing for axe to find", async () => {
  for (const width of widths) {
    const page = await open('/', width)
    await signInApplicant(page)
    expect(await violations(page)).toEqual([])
    await visit(page, `/apply/${matter}?tenant=${tenant}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await violations(page)).toEqual([])
    expect(await overflows(page)).toBe(false)
    await page.context().close()
  }
})
