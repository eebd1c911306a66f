#!/usr/bin/env bash
# The performance table: prints it, and writes it to docs/performance.md between two marks; what is written by hand
# around them stays. Each part is a file of tools/bench/; when only some are asked for, nothing is written.
#   make bench                 everything, about half an hour
#   make bench QUICK=1         short rounds and a smaller data set, below five minutes
#   tools/bench.sh growth …    some parts: reading commenting discussion live growth results lighthouse memory
# THIDUA_PROGRAM names another program than dist/thidua.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
. tools/postgres.sh
. tools/bench/common.sh

parts=(reading commenting discussion live growth results lighthouse memory)
asked=("$@")
[ "$#" -gt 0 ] || asked=("${parts[@]}")
for part in "${asked[@]}"; do
  [ -f "tools/bench/$part.sh" ] && [ "$part" != common ] || { echo "There is no part $part: ${parts[*]}" >&2; exit 2; }
done
for part in "${asked[@]}"; do
  busy >>"$work/busy"
  say "$part (others take $(tail -n 1 "$work/busy") % of the processors)"
  . "tools/bench/$part.sh" >>"$work/parts"
  stop_servers
done

report() {
  local processor chromium
  processor=$(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)
  chromium=$(chromium --version 2>/dev/null | awk '{ print $2 }')
  echo "By \`make bench${quick:+ QUICK=1}\` on $(date +%F): $(nproc) cores, $processor, $(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GB;"
  echo "$("$program" --version), nginx $(nginx -v 2>&1 | sed 's/.*nginx\///'), $(wrk -v 2>&1 | awk 'NR == 1 { print $1, $2 }'), SQLite's shell $(sqlite3 --version | cut -d' ' -f1),"
  echo "PostgreSQL $(ls /usr/lib/postgresql 2>/dev/null | sort -V | tail -n 1), Lighthouse $(node -p 'require("./tools/bench/package.json").dependencies.lighthouse'), Chromium $chromium."
  echo "Others took up to $(sort -g "$work/busy" | tail -n 1) % of the processors before the parts; above a few percent no figure here, nor any ratio, says much."
  echo
  echo "| what | goal | measured | |"
  echo "|---|---|---|---|"
  cat "$work/goals"
  cat "$work/parts"
}
report >"$work/report"
cat "$work/report"
[ "$#" = 0 ] || exit 0

begin='<!-- bench: begin -->' end='<!-- bench: end -->' file=docs/performance.md
grep -qF "$begin" "$file" 2>/dev/null || printf '# Performance\n\n%s\n%s\n' "$begin" "$end" >"$file"
awk -v begin="$begin" -v end="$end" -v report="$work/report" '
  $0 == end { within = 0 }
  !within { print }
  $0 == begin { within = 1; while ((getline line < report) > 0) print line }' "$file" >"$work/document"
cat "$work/document" >"$file"
