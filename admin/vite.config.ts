import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Routes below /desk belong to the desk's page while developing, as the Go server does in earnest. */
function deskRoutes(): Plugin {
  return {
    name: 'desk-routes',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (/^\/desk(\/|\?|$)/.test(request.url ?? '') && request.headers.accept?.includes('text/html')) request.url = '/desk/index.html'
        next()
      })
    },
  }
}

const backend = process.env.ZHENGTONG_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), deskRoutes()],
  resolve: { alias: { '@': path('./src') } },
  // The server puts the nonce of each response in its place.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0,
    rollupOptions: { input: { hall: path('./index.html'), desk: path('./desk/index.html') } },
  },
  server: { proxy: { '/graphql': backend, '/objects': backend } },
})
