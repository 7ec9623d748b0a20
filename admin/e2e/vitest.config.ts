import { defineConfig } from 'vitest/config'

/** What acts on invented cases runs only over the mock. */
const include = process.env.ZHENGTONG_URL ? ['e2e/*.e2e.ts'] : ['e2e/*.e2e.ts', 'e2e/*.mock.ts']

export default defineConfig({
  test: { environment: 'node', include, root: new URL('..', import.meta.url).pathname, globalSetup: ['e2e/support/server.ts'], testTimeout: 120_000, hookTimeout: 60_000, fileParallelism: false },
})
