import type { TestProject } from 'vitest/node'
import { startMock } from '../mock/server.mjs'

declare module 'vitest' {
  export interface ProvidedContext {
    url: string
  }
}

/** The server under test: the one at ZHENGTONG_URL, else the mock, which is said aloud. */
export default async function setup(project: TestProject) {
  const given = process.env.ZHENGTONG_URL
  if (given) {
    project.provide('url', given)
    return undefined
  }
  const mock = await startMock()
  console.log(`ZHENGTONG_URL is not set: testing the built pages over invented data at ${mock.url}`)
  project.provide('url', mock.url)
  return mock.close
}
