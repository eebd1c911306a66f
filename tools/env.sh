# Where tools and build products live: outside the clone, so that a fresh clone does not build them again. Sourced.
export THIDUA_CACHE="${THIDUA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/thidua}"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$THIDUA_CACHE/target}"
export PATH="$THIDUA_CACHE/bin:$PATH"
