#!/usr/bin/env bash
# Time from the start of the process to its first answer, five times, and its
# memory five seconds later. usage: startup.sh BINARY
set -euo pipefail
bin=$1
data=$(mktemp -d)
port=18181
trap 'kill "${pid:-}" 2>/dev/null || true; rm -rf "$data"' EXIT
for i in 1 2 3 4 5; do
  began=$(date +%s%N)
  "$bin" serve --data "$data" --listen 127.0.0.1:$port >/dev/null 2>&1 &
  pid=$!
  until (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do sleep 0.002; done
  echo "start $i: $(( ($(date +%s%N) - began) / 1000000 )) ms"
  if [ $i = 5 ]; then
    sleep 5
    grep VmRSS "/proc/$pid/status"
  fi
  kill $pid
  wait $pid || true
done
