import { describe, expect, test } from 'vitest'
import { accounts, open, overflows, signInApplicant, useBrowser, violations, visit, widths } from './support/browser'

useBrowser()

const { tenant, matter } = accounts
const pages = ['/tenants', `/?tenant=${tenant}`, `/?tenant=${tenant}&q=nothing-of-this-name`, `/matters/${matter}?tenant=${tenant}`, `/halls?tenant=${tenant}`, `/halls/shuangfeng-hall?tenant=${tenant}`, '/halls/no-such-hall', '/sign-in', '/progress', '/verify?id=no-such-licence', '/my', '/no-such-page']

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
  for (const heading of ['基本信息', '特别程序', '办理结果', '咨询与监督投诉']) expect(await page.getByRole('heading', { name: heading }).count()).toBe(1)
  const download = await page.request.get(new URL((await page.getByRole('link', { name: '下载 PDF' }).getAttribute('href')) ?? '', page.url()).href)
  expect([download.status(), download.headers()['content-type']]).toEqual([200, 'application/pdf'])
  await page.getByText(download.headers().etag?.replaceAll('"', '') ?? 'no digest').waitFor()
  await page.getByRole('link', { name: '在线申请' }).click()
  await page.getByText('登录后才能继续').waitFor()
})

// R-CAT-04, R-CAT-11: filters are links, stand in the address and are taken away one by one.
test.each(widths)('a search is narrowed by keyboard and widened again, at %i pixels', async (width) => {
  const page = await open(`/?tenant=${tenant}&q=${encodeURIComponent('食品')}`, width)
  expect(await page.locator('.matter mark').first().textContent()).toBe('食品')
  await page.goto(`${page.url()}&caseType=promised`)
  await page.getByRole('link', { name: '取消筛选：承诺件' }).waitFor()
  await page.getByText('筛选', { exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '办件类型' }).waitFor()
  expect(await page.getByRole('link', { name: /^承诺件 \d/ }).getAttribute('aria-current')).toBe('true')
  expect(await violations(page)).toEqual([])
  expect(await overflows(page)).toBe(false)
  await page.getByRole('link', { name: '取消筛选：承诺件' }).focus()
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.searchParams.has('caseType') && url.searchParams.get('q') === '食品')
  await page.context().close()
})

// R-CAT-08: guides are found by what their flow holds.
test.each(widths)('matters are found by a step of their flow, by keyboard, at %i pixels', async (width) => {
  const page = await open(`/?tenant=${tenant}`, width)
  const search = async (step: string) => {
    await page.getByText('筛选', { exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('办理环节').fill(step)
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: `取消筛选：${step}` }).waitFor()
  }
  await search('现场核查')
  await page.getByRole('link', { name: /食品经营许可/ }).first().waitFor()
  expect(await violations(page)).toEqual([])
  expect(await overflows(page)).toBe(false)
  await search('没有的环节')
  expect(await page.getByRole('link', { name: /食品经营许可/ }).count()).toBe(0)
  await page.getByRole('link', { name: '取消筛选：没有的环节' }).click()
  await page.getByRole('heading', { name: '热门事项' }).waitFor()
  await page.context().close()
})

test('nothing found says what to try next', async () => {
  const page = await open(`/?tenant=${tenant}&q=nothing-of-this-name&caseType=instant`)
  await page.getByRole('link', { name: '取消筛选条件' }).waitFor()
  await page.getByRole('link', { name: '查看全部事项' }).click()
  await page.getByRole('heading', { name: '热门事项' }).waitFor()
  expect(new URL(page.url()).searchParams.get('q')).toBe(null)
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

// R-CAT-14: an applicant follows a theme by keyboard, sees what is recommended, and ends it.
test.each(widths)('a theme is followed and left again, at %i pixels', async (width) => {
  const page = await open(`/?tenant=${tenant}`, width)
  expect(await page.getByText('关注主题').count()).toBe(0)
  await signInApplicant(page)
  await page.goto(new URL(`/?tenant=${tenant}`, page.url()).href)
  await page.getByText('关注主题（0）').focus()
  await page.keyboard.press('Enter')
  const theme = page.getByRole('button', { name: '餐饮' })
  await theme.focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '为您推荐' }).waitFor()
  await page.getByText('关注主题（1）').waitFor()
  expect(await theme.getAttribute('aria-pressed')).toBe('true')
  expect(await violations(page)).toEqual([])
  expect(await overflows(page)).toBe(false)
  await theme.click()
  await page.getByRole('heading', { name: '热门事项' }).waitFor()
  await page.context().close()
})
