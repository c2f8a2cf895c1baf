#!/usr/bin/env bash
# Fetches the flow editor's packages with npm and builds web/dist. Without npm
# the binary is built without the editor; everything else works.
set -euo pipefail
cd "$(dirname "$0")/../web"
if ! command -v npm >/dev/null; then
  echo "assets: npm is not here, so the flow editor is left out"
  exit 0
fi
installed=node_modules/.toban-installed
if ! cmp -s package-lock.json "$installed"; then
  npm ci --ignore-scripts --no-audit --no-fund
  cp package-lock.json "$installed"
fi
built=dist/manifest.json
if [ -f "$built" ] && [ -z "$(find . -newer "$built" -type f -not -path './dist/*' -not -path './node_modules/*' -print -quit)" ]; then
  exit 0
fi
npm run --silent build
