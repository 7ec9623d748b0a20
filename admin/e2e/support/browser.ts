import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The two widths of the figures: a phone and a desk. */
export const widths = [390, 1280]

/** The accounts of the demonstration; another installation names its own. */
export const accounts = {
  tenant: process.env.ZHENGTONG_TENANT ?? '431321',
  matter: process.env.ZHENGTONG_MATTER ?? 'food-business-licence',
  applicant: process.env.ZHENGTONG_APPLICANT ?? 'xiangwei',
  staff: process.env.ZHENGTONG_STAFF ?? 'shencha',
  password: process.env.ZHENGTONG_PASSWORD ?? 'Zhengtong#2026',
}

let browser: Browser
const complaints: string[] = []

/** Starts Chromium for a file of tests; after each test nothing may have broken the policy or thrown. */
export function useBrowser() {
  beforeAll(async () => {
    const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync']
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args })
  })
  afterAll(() => browser.close())
  afterEach(() => {
    const found = complaints.splice(0)
    expect(found, 'policy violations and script errors').toEqual([])
  })
}

/** A page with a fresh profile. */
export async function open(path: string, width = 1280): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text())
  })
  await visit(page, path)
  return page
}

/** Goes to a page and waits until it has what it asked for. */
export async function visit(page: Page, path: string) {
  await page.goto(inject('url') + path)
  await page.waitForLoadState('networkidle')
}

/** Violations that axe finds, one line each. It runs in a world of its own, where the page's policy does not bind it. */
export async function violations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'axe' })
  await session.send('Runtime.evaluate', { contextId, expression: axe })
  const expression = `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then((result) => result.violations.flatMap((one) => one.nodes.map((node) => one.id + ' ' + node.target.join(' ') + ' ' + (node.failureSummary ?? ''))))`
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', { contextId, expression, awaitPromise: true, returnByValue: true })
  if (exceptionDetails) throw new Error(exceptionDetails.text)
  return result.value as string[]
}

/** Whether the page scrolls sideways, which a phone's page must not. */
export const overflows = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

/** Signs an applicant in through the page. */
export async function signInApplicant(page: Page) {
  await visit(page, '/sign-in')
  await page.getByLabel('登录名、手机或邮箱').fill(accounts.applicant)
  await page.getByLabel('密码').fill(accounts.password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('heading', { name: '我的办件' }).waitFor()
}

/** Signs a member of staff in through the page. */
export async function signInStaff(page: Page, login = accounts.staff) {
  await visit(page, '/desk/sign-in')
  await page.getByLabel('所属行政区划代码').fill(accounts.tenant)
  await page.getByLabel('登录名').fill(login)
  await page.getByLabel('密码').fill(accounts.password)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('heading', { name: '待办', exact: true }).waitFor()
  await page.waitForLoadState('networkidle')
}
