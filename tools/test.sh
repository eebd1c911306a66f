#!/usr/bin/env bash
# Runs every test of every runner and closes with one line that counts them all.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
. tools/postgres.sh

passed=0 failed=0
postgres_start || { echo "0 passed, 1 failed"; exit 1; }
trap postgres_stop EXIT

log=$(mktemp)
cargo nextest run --features ssr --no-fail-fast 2>&1 | tee "$log"
summary=$(grep -E '^ *Summary' "$log" | tail -n 1)
passed=$((passed + $(sed -nE 's/.* ([0-9]+) passed.*/\1/p' <<<"$summary" | head -n 1 || true)+0))
failed=$((failed + $(sed -nE 's/.* ([0-9]+) failed.*/\1/p' <<<"$summary" | head -n 1 || true)+0))
[ -n "$summary" ] || failed=$((failed + 1))
echo "database tests: each ran on SQLite and on PostgreSQL ($(postgres_name))"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
