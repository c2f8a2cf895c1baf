#!/usr/bin/env bash
# Runs the Go tests: the packages named after "all" under the race detector, the
# others without it. Prints each package, every failure, and what was skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
shift # all

race=$(go list "$@")
# Those that take longest begin first, so that the others fill the time beside them.
long=$(go list ./e2e ./internal/simulate ./e2e/crash)
rest=$long$'\n'$(go list ./... | grep -vxF "$race" | grep -vxF "$long")
status=0
# shellcheck disable=SC2086 # the lists are words
{
  go test -timeout 20m -json $rest || status=$?
  # checkptr rejects the pointer arithmetic of C code that was translated to Go
  # (QuickJS, SQLite), so it is off.
  go test -json -race -gcflags=all=-d=checkptr=0 $race || status=$?
  exit "$status"
} | go run ./tools/testreport
