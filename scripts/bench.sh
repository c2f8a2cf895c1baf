#!/usr/bin/env bash
# The figures of docs/performance.md. NODE_RED=0 leaves Node-RED out.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "# messages a second through the pure part, durable runs a second"
go test -run '^$' -bench . -benchtime "${BENCHTIME:-3s}" ./internal/bench
echo "# grouped commits of 2 kB a second on the same disk"
go test -run '^$' -bench Commit -benchtime "${BENCHTIME:-3s}" ./internal/store/sqlite
echo "# ten thousand mails, a hundred thousand open questions, ten thousand effects of one run"
for package in app engine; do
  go test -run 'TestMany(Mails|Open|Effects)' -v "./internal/$package" -args -full | grep -E '_test.go|FAIL' | sed 's/^ *[a-z_]*.go:[0-9]*: //'
done
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
if command -v chromium >/dev/null && [ -d web/node_modules/playwright-core ]; then
  echo "# the flow editor: opened to usable, in a browser"
  dir=
  if [ "${NODE_RED:-1}" = 1 ]; then # Node-RED 5 needs a newer Node.js than Debian's
    dir=${TMPDIR:-/tmp}/toban-bench-editor
    mkdir -p "$dir"
    [ -d "$dir/node_modules/node-red" ] || (cd "$dir" && npm init -y >/dev/null && npm install --silent node-red@5.0.7 node@22)
  fi
  node scripts/editor/bench.mjs bin/toban "$dir"
fi
