#!/usr/bin/env bash
# Tries to lose something for DURATION (a Go duration, default 1h): crashes of a
# real process at random failpoints and moments, and the seeded simulation, side by
# side. Prints the rows of the table in docs/reliability.md. At the first loss it
# stops, says which seed plays it again, and fails.
set -euo pipefail
set -m # each job is a group: what it started ends with it
cd "$(dirname "$0")/.."
DURATION=${DURATION:-1h}

dir=$(mktemp -d)
jobs=()
finish() {
  for job in "${jobs[@]}"; do kill -- "-$job" 2>/dev/null || true; done
  rm -rf "$dir"
}
trap finish EXIT

# try NAME FOLDER ARGS…: runs the tests of a folder there, as `go test` would, in
# the background.
try() {
  local name=$1 folder=$2
  shift 2
  go test -c -o "$dir/$name.test" "./$folder"
  (cd "$folder" && exec "$dir/$name.test" -test.timeout 0 -soak "$DURATION" "$@") >"$dir/$name.out" 2>&1 &
  jobs+=($!)
}

try crash e2e/crash -test.run 'TestSoak$'
try simulate internal/simulate -test.run 'TestHistories$' -test.v
tail -q -n +1 -F "$dir/crash.out" "$dir/simulate.out" 2>/dev/null |
  grep --line-buffered -E 'kills, at|^seeds|replay|go test|--- FAIL|breaks|_test.go:[0-9]+: P[0-9]' &
follower=$!

status=0
running=("${jobs[@]}")
while [ "${#running[@]}" -gt 0 ] && [ "$status" = 0 ]; do
  wait -n -p ended "${running[@]}" || status=1
  rest=()
  for job in "${running[@]}"; do
    [ "$job" = "$ended" ] || rest+=("$job")
  done
  running=("${rest[@]}")
done
sleep 2 # for the last lines
kill -- "-$follower"
wait "$follower" 2>/dev/null || true # without a word about its end

if [ "$status" = 0 ]; then lost=nothing; else lost="see above"; fi
echo
echo "| what | time | tried | seeds | lost |"
echo "| --- | --- | --- | --- | --- |"
grep '^| crashes' "$dir/crash.out" || status=1
grep -o 'seeds [0-9]* to .*' "$dir/simulate.out" | tail -1 |
  sed -E "s/^seeds ([0-9]+ to [0-9]+) in ([^,]+), [0-9]+ a second: (.*)$/| seeded simulation | \2 | \3 | \1 | $lost |/"
exit "$status"
