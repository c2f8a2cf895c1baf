#!/usr/bin/env bash
# Runs the Go tests: the packages named after "all" under the race detector, the
# others without it. Prints each package, every failure, and what was skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
shift # all

race=$(go list "$@")
rest=$(go list ./... | grep -vxF "$race")
status=0
# shellcheck disable=SC2086 # the lists are words
{
  go test -json $rest || status=$?
  go test -json -race $race || status=$?
  exit "$status"
} | go run ./tools/testreport
