// Weighs the first load of each face, gzipped, from the build's manifest: the page's
// script, what it imports at once, and their styles. Fails above the budget (docs: ux, Figures).
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const app = fileURLToPath(new URL('../dist/app', import.meta.url))
const manifest = JSON.parse(await readFile(join(app, '.vite/manifest.json'), 'utf8'))
const budgets = { 'index.html': 150, 'desk/index.html': 400 }

function chunks(key, seen = new Set()) {
  if (seen.has(key)) return seen
  seen.add(key)
  for (const imported of manifest[key].imports ?? []) chunks(imported, seen)
  return seen
}

/** The files that a set of chunks needs: scripts and styles. */
function filesOf(keys) {
  return new Set([...keys].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]))
}

async function weigh(files) {
  const sizes = await Promise.all([...files].map(async (file) => gzipSync(await readFile(join(app, file))).length))
  return sizes.reduce((sum, size) => sum + size, 0) / 1024
}

let over = false
for (const [page, budget] of Object.entries(budgets)) {
  const first = chunks(page)
  const base = await weigh(filesOf(first))
  let heaviest = base
  for (const route of manifest[page].dynamicImports ?? []) heaviest = Math.max(heaviest, await weigh(filesOf(chunks(route, new Set(first)))))
  console.log(`${page}: first load ${base.toFixed(1)} KiB, with its heaviest route ${heaviest.toFixed(1)} KiB, budget ${budget} KiB`)
  over ||= heaviest > budget
}
if (over) process.exit(1)
