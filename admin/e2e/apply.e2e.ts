import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { accounts, open, signInApplicant, useBrowser, violations, visit } from './support/browser'

useBrowser()

const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')

/** Moves the focus with Tab until it is on a control of this name, as a person without a mouse does. */
async function tabTo(page: Page, name: string | RegExp) {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab')
    const label = await page.evaluate(() => {
      const at = document.activeElement
      if (!(at instanceof HTMLElement)) return ''
      const labelled = 'labels' in at ? [...((at as HTMLInputElement).labels ?? [])].map((label) => label.textContent).join(' ') : ''
      return (at.getAttribute('aria-label') ?? '') || labelled || (at.textContent ?? '')
    })
    if (typeof name === 'string' ? label.trim().startsWith(name) : name.test(label)) return
  }
  throw new Error(`no control named ${name} by Tab`)
}

async function type(page: Page, label: string, text: string) {
  await tabTo(page, label)
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(text)
}

async function press(page: Page, name: string | RegExp) {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

async function choose(page: Page, name: string) {
  await page.getByLabel(name, { exact: true }).focus()
  await page.keyboard.press('Space')
}

async function check(page: Page) {
  expect(await violations(page)).toEqual([])
}

test('an application from the start to its number, by keyboard alone', async () => {
  const { matter, tenant } = accounts
  const page = await open('/')
  await signInApplicant(page)
  await visit(page, `/apply/${matter}?tenant=${tenant}`)
  if (await page.getByRole('button', { name: '开始填写' }).isVisible()) await press(page, '开始填写')
  await page.getByRole('heading', { name: '填写申请' }).waitFor()
  await check(page)

  await press(page, '经营者')
  await page.getByRole('heading', { name: '经营者', level: 1 }).waitFor()
  await type(page, '统一社会信用代码', '91431321MA4L00011X')
  await press(page, '保存并继续')
  const summary = page.locator('.error-summary')
  await summary.waitFor()
  expect(await summary.evaluate((box) => box === document.activeElement)).toBe(true)
  expect(await summary.textContent()).toContain('不是有效的统一社会信用代码')
  await check(page)

  await visit(page, `/apply/${matter}/section/1?tenant=${tenant}`)
  await type(page, '经营者名称', '双峰县老味道餐馆')
  await type(page, '统一社会信用代码', '91431321MA4L00011P')
  await type(page, '法定代表人', '𠮷田')
  await type(page, '身份证件号码', '431321199003070013')
  await press(page, '保存并继续')

  await page.getByRole('heading', { name: '经营场所与项目', level: 1 }).waitFor()
  await type(page, '经营场所区划', '431321')
  await tabTo(page, '经营场所')
  await page.keyboard.type('永丰街道复兴路 1 号')
  const radios = page.locator('fieldset', { hasText: '主体业态' }).locator('input')
  await radios.nth(1).focus()
  await page.keyboard.press('Space')
  const boxes = page.locator('fieldset', { hasText: '经营项目' }).locator('input')
  await boxes.nth(2).focus()
  await page.keyboard.press('Space')
  await type(page, '经营面积', '45.5')
  await press(page, '保存并继续')

  await page.getByRole('heading', { name: '联系与承诺', level: 1 }).waitFor()
  await type(page, '联系电话', '13800000000')
  await tabTo(page, '我已阅读并同意')
  await page.keyboard.press('Space')
  await press(page, '保存并继续')

  await page.getByRole('heading', { name: '申请材料', level: 1 }).waitFor()
  await check(page)
  const commitments = page.getByLabel(/以承诺代替/)
  for (let i = 0; i < (await commitments.count()); i++) {
    if (await commitments.nth(i).isChecked()) continue
    await commitments.nth(i).focus()
    await page.keyboard.press('Space')
    await page.waitForLoadState('networkidle')
  }
  const inputs = page.locator('input[type=file]')
  for (let i = 0; i < (await inputs.count()); i++) {
    await inputs.nth(i).setInputFiles({ name: `材料${i + 1}.pdf`, mimeType: 'application/pdf', buffer: Buffer.concat([pdf, Buffer.from(`% ${i}\n`)]) })
    await page.getByRole('button', { name: `移除 材料${i + 1}.pdf` }).waitFor()
  }
  await press(page, '继续：核对答案')

  await page.getByRole('heading', { name: '核对答案并提交', level: 1 }).waitFor()
  await check(page)
  await choose(page, '我声明：所填内容和提交的材料真实、完整。')
  await press(page, '提交申请')
  await page.getByRole('heading', { name: '申请已提交' }).waitFor()
  expect((await page.locator('.confirmation-number').textContent())?.length).toBeGreaterThan(5)
  await check(page)

  const number = (await page.locator('.confirmation-number').textContent()) ?? ''
  const code = (await page.locator('.code').first().textContent()) ?? ''
  await press(page, '查看办理进度')
  await page.getByRole('heading', { name: '办理情况' }).waitFor()
  await check(page)
  await visit(page, '/progress')
  await type(page, '办件编号', number)
  await type(page, '查询码', code)
  await press(page, '查询')
  await page.getByText('办理机关').first().waitFor()
  await check(page)
})
