#!/usr/bin/env bash
# Fetches the editor's assets with npm and puts them into web/dist. Without npm
# the binary is built without the editor; everything else works.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f web/package.json ] || exit 0
if ! command -v npm >/dev/null; then
  echo "web: npm is not here, so the flow editor is left out"
  exit 0
fi
stamp=web/dist/.stamp
if [ -f "$stamp" ] && [ -z "$(find web -newer "$stamp" -type f -not -path 'web/dist/*' -not -path 'web/node_modules/*' -print -quit)" ]; then
  exit 0
fi
(cd web && npm ci --ignore-scripts --no-audit --no-fund && npm run build)
touch "$stamp"
