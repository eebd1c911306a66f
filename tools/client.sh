#!/usr/bin/env bash
# Builds the client (WebAssembly, split into chunks) and the check of figures for the desk, and packs both into dist/site.
# What was built from the same sources before, in whichever clone, is taken from the cache.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh

sources() { find src build.rs Cargo.toml Cargo.lock locales/*.json -type f ! -path 'src/server/*' ! -path src/server.rs ! -path src/main.rs | LC_ALL=C sort; }
key=$({ rustc --version; grep -E '_version=' tools/setup.sh; cat tools/package-lock.json tools/squeeze.mjs tools/wasm.mjs; sources | xargs sha256sum; } | sha256sum | cut -c1-16)
built="$THIDUA_CACHE/client/$key"
if [ ! -f "$built/thidua.wasm" ]; then
  echo "Building the client (the first time about 3 minutes on two cores, later less than 1)" >&2
  cargo leptos build --release --split --frontend-only --cargo-locked
  mkdir -p "$built.new"
  cp target/site/pkg/*.js target/site/pkg/*.wasm "$built.new/"
  node tools/squeeze.mjs "$built.new"
  rm -rf "$built" && mv "$built.new" "$built"
  # The last ten stay.
  ls -dt "$THIDUA_CACHE"/client/*/ | tail -n +11 | xargs -r rm -rf
fi
check=$(tools/check-module.sh)
PATH="$(dirname "$(tools/setup.sh modules tools)")/node_modules/.bin:$PATH" node tools/package.mjs "$built" dist/site "$(tools/setup.sh modules client/editor)" "$check"
