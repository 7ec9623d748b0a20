// Serves dist/app as the Go server does (page fallback, nonce, headers), GraphQL from
// the real schema over invented data, and a place to put uploaded bytes.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { graphql } from 'graphql'
import { createWorld } from './world.mjs'
import { schema } from './schema.mjs'

const app = fileURLToPath(new URL('../../dist/app', import.meta.url))
const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.txt': 'text/plain', '.html': 'text/html' }

/** The policy of the faces: no inline script, no inline style without the nonce, nothing from elsewhere. */
export const policy = (nonce) =>
  `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

async function page(path, response) {
  const file = path === '/desk' || path.startsWith('/desk/') ? 'desk/index.html' : 'index.html'
  const nonce = randomBytes(16).toString('base64url')
  const html = (await readFile(join(app, file), 'utf8')).replaceAll('__CSP_NONCE__', nonce)
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': policy(nonce), 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'same-origin' })
  response.end(html)
}

async function asset(path, response) {
  const name = normalize(path).replace(/^(\.\.[/\\])+/, '')
  const bytes = await readFile(join(app, name)).catch(() => undefined)
  response.writeHead(bytes ? 200 : 404, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'X-Content-Type-Options': 'nosniff' })
  response.end(bytes)
}

async function body(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function answer(world, request, response) {
  const { query, variables } = JSON.parse(String(await body(request)))
  const session = /zt_session=(\w+)/.exec(request.headers.cookie ?? '')?.[1]
  const context = { login: world.sessions.get(session), tenant: request.headers['x-tenant'], cookie: undefined }
  const result = await graphql({ schema, source: query, rootValue: world.root, contextValue: context, variableValues: variables })
  if (context.cookie !== undefined) response.setHeader('Set-Cookie', `zt_session=${context.cookie}; Path=/; HttpOnly; SameSite=Lax`)
  response.setHeader('Content-Type', 'application/graphql-response+json')
  response.end(JSON.stringify(result))
}

/** Starts a server with a world of its own; port 0 takes a free one. */
export async function startMock(port = 0) {
  const world = createWorld()
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    try {
      if (pathname === '/graphql') await answer(world, request, response)
      else if (pathname.startsWith('/objects/')) response.end(request.method === 'PUT' ? String((await body(request)).length) : 'invented')
      else if (extname(pathname)) await asset(pathname, response)
      else await page(pathname, response)
    } catch (error) {
      response.statusCode = 500
      response.end(String(error))
    }
  })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => server.close(resolve)) }
}
