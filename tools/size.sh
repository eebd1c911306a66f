#!/usr/bin/env bash
# What the client's main chunk is made of, crate by crate in bytes before brotli (make size FUNCTIONS=50 names the largest
# functions as well), and how large every file of the client is with and without brotli.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh

tools/client.sh
cargo leptos build --release --split --frontend-only --cargo-locked
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What cargo-leptos has linked and split, with its names, as it makes it small.
wasm-bindgen --target=web --keep-lld-exports --out-name=client --out-dir="$work" \
  "$CARGO_TARGET_DIR/front/wasm32-unknown-unknown/wasm-release/thidua_split.wasm"
mapfile -t options < <(sed -nE 's/^wasm-opt-features = \[(.*)\]$/\1/p' Cargo.toml | tr -d '" ' | tr ',' '\n')
wasm-opt -g "${options[@]}" "$work/client_bg.wasm" -o "$work/client.wasm"
node tools/size.mjs "$work/client.wasm" "${1:-0}"
echo
node tools/budget.mjs dist/site
