#!/usr/bin/env bash
# Serves a demonstration in a temporary folder and runs the browser journeys of
# admin/e2e against it. TEST_REPORT names where the JSON account goes.
set -euo pipefail
cd "$(dirname "$0")/../.."

data=$(mktemp -d)
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
export ZHENGTONG_URL="http://127.0.0.1:$port"
bin/zhengtong serve --demo --data "$data/data" --listen "127.0.0.1:$port" --limit-requests-per-min 100000 >"$data/out" 2>"$data/log" &
server=$!
finish() {
  kill "$server" 2>/dev/null && wait "$server" || true
  rm -rf "$data"
}
trap finish EXIT

for _ in $(seq 1 240); do
  if curl -sf "$ZHENGTONG_URL/readyz" >/dev/null; then break; fi
  kill -0 "$server" || { cat "$data/log" >&2; exit 1; }
  sleep 0.25
done
cd admin
npx vitest run --config e2e/vitest.config.ts --reporter=default --reporter=json --outputFile="${TEST_REPORT:-$data/report.json}"
