#!/usr/bin/env bash
# Brings what tests need onto this machine, and only what is missing: Debian
# packages (as root), the web's modules, and a MinIO built once into .cache/bin.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=()
need() { # need PROGRAM PACKAGE
  command -v "$1" >/dev/null 2>&1 || packages+=("$2")
}
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || need postgres postgresql
need redis-server redis-server
need pdftotext poppler-utils
if [ -f admin/package.json ]; then
  need npm npm
  need chromium chromium
fi
compgen -G '/usr/share/fonts/opentype/noto/NotoSansCJK*' >/dev/null || packages+=(fonts-noto-cjk)

if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: please install: ${packages[*]}" >&2
    exit 1
  fi
  echo "setup: installing ${packages[*]}" >&2
  export DEBIAN_FRONTEND=noninteractive
  # The packages' own servers are not started: tests run private ones.
  [ -e /usr/sbin/policy-rc.d ] || { printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; trap 'rm -f /usr/sbin/policy-rc.d' EXIT; }
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

if [ -f admin/package.json ] && [ ! admin/node_modules/.package-lock.json -nt admin/package-lock.json ]; then
  echo "setup: npm ci in admin" >&2
  (cd admin && npm ci --no-audit --no-fund --loglevel=error)
  touch admin/node_modules/.package-lock.json
fi

if [ ! -x .cache/bin/minio ]; then
  module=$(sed -n 's/^const MinIOModule = "\(.*\)"$/\1/p' internal/testkit/minio.go)
  echo "setup: building $module (some minutes, once)" >&2
  mkdir -p .cache/bin
  GOBIN="$PWD/.cache/bin" GOFLAGS= go install "$module"
fi
