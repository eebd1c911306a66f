#!/usr/bin/env bash
# Runs every test of every runner and closes with one line that counts them all.
set -uo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh
. tools/postgres.sh

# What failed is told once more at the very end, where whoever sees only the end of the run still reads it.
passed=0 failed=0 failures=$(mktemp)
fell() { echo "failed: $*" >>"$failures"; }
postgres_start || { echo "0 passed, 1 failed"; exit 1; }
trap postgres_stop EXIT

log=$(mktemp)
cargo nextest run --features ssr --no-fail-fast 2>&1 | tee "$log"
summary=$(grep -E '^ *Summary' "$log" | tail -n 1)
passed=$((passed + $(sed -nE 's/.* ([0-9]+) passed.*/\1/p' <<<"$summary" | head -n 1 || true)+0))
failed=$((failed + $(sed -nE 's/.* ([0-9]+) failed.*/\1/p' <<<"$summary" | head -n 1 || true)+0))
[ -n "$summary" ] || { failed=$((failed + 1)); fell "the server's tests: no summary"; }
sed '1,/^ *Summary/d' "$log" | grep -E '^ *(FAIL|TIMEOUT|SIG[A-Z]+|ABORT|LEAK-FAIL)' >>"$failures"

# The editor: its Markdown without a page, and in Chromium under the desk's policy.
editor=$(mktemp -d)
cp -r client/editor/. "$editor"
ln -sfn "$(tools/setup.sh modules client/editor)" "$editor/node_modules"
(cd "$editor" && CHROMIUM=$(command -v chromium) node --test --test-reporter=tap test/*.test.js test/browser/*.test.js) >"$log" 2>&1
editor_passed=$(sed -nE 's/^# pass ([0-9]+)$/\1/p' "$log" | tail -n 1)
editor_failed=$(sed -nE 's/^# fail ([0-9]+)$/\1/p' "$log" | tail -n 1)
if [ "${editor_passed:-0}" = 0 ] || [ "${editor_failed:-1}" != 0 ]; then
  cat "$log"
  failed=$((failed + 1))
  fell "editor"
  grep -E '^ *not ok' "$log" >>"$failures"
fi
echo "editor: ${editor_passed:-0} passed, ${editor_failed:-0} failed"
passed=$((passed + ${editor_passed:-0}))
rm -rf "$editor"

# Discussions: what looks like personal data, and the work that a browser shows, the same on both sides.
node --test --test-reporter=tap client/discussion/test/*.test.mjs >"$log" 2>&1
discussion_passed=$(sed -nE 's/^# pass ([0-9]+)$/\1/p' "$log" | tail -n 1)
discussion_failed=$(sed -nE 's/^# fail ([0-9]+)$/\1/p' "$log" | tail -n 1)
if [ "${discussion_passed:-0}" = 0 ] || [ "${discussion_failed:-1}" != 0 ]; then
  cat "$log"
  failed=$((failed + 1))
  fell "discussion"
  grep -E '^ *not ok' "$log" >>"$failures"
fi
echo "discussion: ${discussion_passed:-0} passed, ${discussion_failed:-0} failed"
passed=$((passed + ${discussion_passed:-0}))

# The report's form: what it decides without a page, the built check of figures, and both in Chromium.
report=$(mktemp -d)
cp -r client/desk client/test-report style "$report"
cp client/test-report/package.json "$report"
ln -sfn "$(tools/setup.sh modules client/editor)" "$report/node_modules"
THIDUA_CHECK=$(tools/check-module.sh)
export THIDUA_CHECK
(cd "$report/test-report" && CHROMIUM=$(command -v chromium) node --test --test-reporter=tap *.test.js browser/*.test.js) >"$log" 2>&1
report_passed=$(sed -nE 's/^# pass ([0-9]+)$/\1/p' "$log" | tail -n 1)
report_failed=$(sed -nE 's/^# fail ([0-9]+)$/\1/p' "$log" | tail -n 1)
if [ "${report_passed:-0}" = 0 ] || [ "${report_failed:-1}" != 0 ]; then
  cat "$log"
  failed=$((failed + 1))
  fell "report"
  grep -E '^ *not ok' "$log" >>"$failures"
fi
echo "report: ${report_passed:-0} passed, ${report_failed:-0} failed"
passed=$((passed + ${report_passed:-0}))
rm -rf "$report"

# The browser tests run on the release build.
cargo build --release --features ssr || { failed=$((failed + 1)); fell "the release build"; }
if tools/client.sh && node tools/budget.mjs dist/site; then passed=$((passed + 1)); else
  failed=$((failed + 1))
  fell "the client's build, or its budget of bytes"
fi
export THIDUA_SITE="$PWD/dist/site"
browser=$(mktemp -d)
cp -r end2end/. "$browser"
ln -sfn "$(tools/setup.sh modules end2end)" "$browser/node_modules"
export THIDUA_E2E_WORD="$PWD/tests/fixtures/word.docx"
export THIDUA_PROGRAM="$CARGO_TARGET_DIR/release/thidua" THIDUA_E2E_DATA="$browser/data" THIDUA_CHROMIUM
THIDUA_CHROMIUM=$(command -v chromium)
THIDUA_E2E_PORT=$(free_port)
export THIDUA_E2E_PORT
(cd "$browser" && npx playwright test) 2>&1 | tee "$log"
browser_passed=$(sed -nE 's/^ *([0-9]+) passed.*/\1/p' "$log" | tail -n 1)
browser_failed=$(sed -nE 's/^ *([0-9]+) (failed|flaky|did not run|interrupted).*/\1/p' "$log" | awk '{ sum += $1 } END { print sum + 0 }')
[ "${browser_passed:-0}" -gt 0 ] || browser_failed=$((browser_failed + 1))
if [ "$browser_failed" != 0 ]; then
  fell "in the browser"
  # Playwright's own closing list: the heads ("2 failed") and, below each, the tests.
  sed -n '/^ *[0-9]* \(failed\|flaky\|interrupted\|did not run\)/,$p' "$log" >>"$failures"
fi
passed=$((passed + ${browser_passed:-0}))
failed=$((failed + browser_failed))
rm -rf "$browser"

cat "$failures"
rm -f "$failures" "$log"
echo "database tests: each ran on SQLite and on PostgreSQL ($(postgres_name))"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
