#!/usr/bin/env bash
# The figures of docs/performance.md. NODE_RED=0 leaves Node-RED out.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "# messages a second through the pure part, durable runs a second"
go test -run '^$' -bench . -benchtime "${BENCHTIME:-3s}" ./internal/bench
echo "# grouped commits of 2 kB a second on the same disk"
go test -run '^$' -bench Commit -benchtime "${BENCHTIME:-3s}" ./internal/store/sqlite
echo "# start-up and idle memory"
go build -o bin/toban ./cmd/toban
scripts/startup.sh bin/toban
if [ "${NODE_RED:-1}" = 1 ] && command -v npm >/dev/null; then
  echo "# Node-RED, the same three nodes"
  dir=${TMPDIR:-/tmp}/toban-bench-nodered
  mkdir -p "$dir"
  (cd "$dir" && [ -d node_modules/node-red ] || { cd "$dir" && npm init -y >/dev/null && npm install --silent node-red@4.1.15; })
  node scripts/nodered/bench.mjs "$dir"
fi
