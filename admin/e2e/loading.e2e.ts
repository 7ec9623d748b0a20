import { expect, test } from 'vitest'
import { open, useBrowser, violations } from './support/browser'

useBrowser()

// A slow network shows the loading state for long: it must be as sound as the page that follows.
test.each(['/desk', '/my', '/matters/x?tenant=431321', '/verify?id=x', '/tenants'])('%s has nothing for axe to find while it loads', async (path) => {
  const page = await open('/robots.txt', 390)
  await page.route('**/graphql', () => undefined)
  await page.goto(new URL(path, page.url()).href)
  await page.getByText('正在加载').first().waitFor()
  expect(await violations(page)).toEqual([])
  await page.context().close()
})
