#!/usr/bin/env bash
# Runs Node-RED's own specs against `toban bridge`. See docs/compatibility.md.
#   NR_ROOT  a source checkout of node-red 5.0.x with its node_modules
#   RUNNER   the folder of the spec runner (run.js, ceiling.json)
set -euo pipefail
cd "$(dirname "$0")/.."
: "${NR_ROOT:?set NR_ROOT to a source checkout of node-red 5.0.x with its node_modules}"
: "${RUNNER:?set RUNNER to the folder of the spec runner}"
specs=${SPECS:-inject,debug,catch,link,function,switch,change,template,delay,file}
exec node "$RUNNER/run.js" --cmd "$PWD/bin/toban bridge" --src "$NR_ROOT" \
  --spec "$specs" --ceiling "$RUNNER/ceiling.json" --fails "$@"
