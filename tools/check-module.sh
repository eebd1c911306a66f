#!/usr/bin/env bash
# Builds the check of a report's figures (client/check, WebAssembly from the server's own rules) and says in which folder
# it lies. What was built from the same sources before, in whichever clone, is taken from the cache.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh

sources() { { find client/check -type f ! -path '*/target/*'; sed -nE 's/^#\[path = "..\/..\/..\/(.*)"\]$/\1/p' client/check/src/domain.rs; } | LC_ALL=C sort; }
key=$({ rustc --version; wasm-bindgen --version; cat tools/package-lock.json tools/check-module.sh; sources | xargs sha256sum; } | sha256sum | cut -c1-16)
built="$THIDUA_CACHE/check/$key"
if [ ! -f "$built/check_bg.wasm" ]; then
  echo "Building the check of figures (the first time about half a minute)" >&2
  # A folder of its own: what is built for the server at the same time isn't waited for.
  target="$CARGO_TARGET_DIR/check"
  CARGO_TARGET_DIR="$target" cargo build --release --locked --target wasm32-unknown-unknown --manifest-path client/check/Cargo.toml >&2
  rm -rf "$built.new"
  mkdir -p "$built.new"
  wasm-bindgen --target web --no-typescript --out-name check --out-dir "$built.new" "$target/wasm32-unknown-unknown/release/thidua_check.wasm" >&2
  wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --strip-producers "$built.new/check_bg.wasm" -o "$built.new/check_bg.wasm" >&2
  rm -rf "$built" && mv "$built.new" "$built"
  # The last ten stay.
  ls -dt "$THIDUA_CACHE"/check/*/ | tail -n +11 | xargs -r rm -rf
fi
echo "$built"
