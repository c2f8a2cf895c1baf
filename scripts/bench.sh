#!/usr/bin/env bash
# Prints the figures of docs/performance.md: the machine, then every benchmark.
# BENCH picks some of them, COUNT repeats.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "machine: $(nproc) cores, $(uname -sm), $(go version | cut -d' ' -f3)"
[ -r /proc/cpuinfo ] && grep -m1 'model name' /proc/cpuinfo
packages=$(grep -rl --include='*_test.go' '^func Benchmark' . | xargs -n1 dirname | sort -u)
# One package at a time: they would slow each other down.
# shellcheck disable=SC2086 # the list is words
go test -p 1 -run '^$' -bench "${BENCH:-.}" -benchmem -count "${COUNT:-1}" $packages | grep -v '^ok\|^PASS'
