import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { environment: 'node', include: ['e2e/**/*.e2e.ts'], root: new URL('..', import.meta.url).pathname, globalSetup: ['e2e/support/server.ts'], testTimeout: 60_000, hookTimeout: 60_000, fileParallelism: false },
})
