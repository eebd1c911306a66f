# Where tools and build products live: outside the clone, so that a fresh clone does not build them again. Sourced.
export THIDUA_CACHE="${THIDUA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/thidua}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$THIDUA_CACHE/target}"
export PATH="$THIDUA_CACHE/bin:$PATH"

# Cargo tells a change by the time of a file: what another clone has built since would be taken for this one's.
if [ "$(cat "$CARGO_TARGET_DIR/clone" 2>/dev/null)" != "$PWD" ]; then
  mkdir -p "$CARGO_TARGET_DIR"
  touch build.rs src/lib.rs src/main.rs tests/server.rs
  echo "$PWD" >"$CARGO_TARGET_DIR/clone"
fi
