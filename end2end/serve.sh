#!/usr/bin/env bash
# Serves the demonstration and one real announcement from a new data folder, for the browser tests.
set -euo pipefail
export THIDUA_DATA="$THIDUA_E2E_DATA"
"$THIDUA_PROGRAM" demo
"$THIDUA_PROGRAM" announcement import "$(dirname "$0")/clipping.txt" --publish
exec "$THIDUA_PROGRAM" serve --listen "127.0.0.1:$1"
