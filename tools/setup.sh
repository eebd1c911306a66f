#!/usr/bin/env bash
# Installs what the project needs into a cache folder outside the clone; whatever is there already is skipped.
#   tools/setup.sh run     what builds server and client: the target for the browser, cargo-leptos, wasm-bindgen,
#                          wasm-opt, esbuild                                                  (needs no root)
#   tools/setup.sh check   the same target, and the checkers of licences and dependencies     (needs no root)
#   tools/setup.sh bench   what run needs, nginx, wrk, SQLite's shell, PostgreSQL, Lighthouse  (apt, as root or with sudo)
#   tools/setup.sh test    what run needs, the test runner, Chromium and PostgreSQL            (apt, as root or with sudo)
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/env.sh

cargo_leptos_version=0.3.11
cargo_deny_version=0.20.2
cargo_machete_version=0.9.2

say() { printf '\033[1m[set-up]\033[0m %s\n' "$*" >&2; }
stop() { printf '[set-up] %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a long step with its output in a log file, and shows the end of the log if it fails.
long_step() {
  local what=$1 log="$THIDUA_CACHE/logs/$2.log"
  shift 2
  mkdir -p "$THIDUA_CACHE/logs"
  say "$what (log: $log)"
  local started=$SECONDS
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 25 "$log" >&2
    return 1
  fi
  say "  done in $((SECONDS - started)) s"
}

need_basics() {
  have rustup || stop "rustup is missing: install Rust with rustup (see rustup.rs), then run this again."
  rustc --version >/dev/null 2>&1 || rustup toolchain install >&2 ||
    stop "The Rust toolchain named in rust-toolchain.toml is missing and could not be installed: run 'rustup toolchain install' where the network allows it."
  have cc || stop "A C compiler is missing: install the package 'build-essential'."
}

need_node() {
  have node && have npm || stop "Node.js 20 or newer with npm is missing: install the packages 'nodejs' and 'npm'."
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 20 ] || stop "Node.js $major is too old: version 20 or newer is needed."
}

# ---- the wasm32 target of the compiler ------------------------------------------------------------------------------

wasm_target_dir() { echo "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib"; }
has_wasm_target() { compgen -G "$(wasm_target_dir)/libcore-*.rlib" >/dev/null && compgen -G "$(wasm_target_dir)/libstd-*.rlib" >/dev/null; }

need_wasm_target() {
  has_wasm_target && return
  say "Adding the wasm32 target with rustup"
  if timeout 120 rustup target add wasm32-unknown-unknown >/dev/null 2>&1 && has_wasm_target; then return; fi
  have apt-get && have dpkg-deb ||
    stop "The wasm32 target is missing: run 'rustup target add wasm32-unknown-unknown' where the network allows it."
  build_wasm_target ||
    stop "The wasm32 target could neither be downloaded nor built: run 'rustup target add wasm32-unknown-unknown' where the network allows it."
}

# Where rustup can't download, the standard library is built once from Debian's package of its source.
build_wasm_target() {
  local version work source lib
  version=$(rustc --version | cut -d' ' -f2)
  work=$(mktemp -d)
  lib="$(rustc --print sysroot)/lib/rustlib"
  long_step "rustup could not download it: fetching Debian's source package of the standard library $version (1 minute)" rust-src \
    fetch_rust_src "$version" "$work" || return 1
  # Its tests hold another folder of that name: the real one has the lock file of the standard library.
  source=$(find "$work/src" -path '*/library/Cargo.lock' -printf '%h\n' | head -n 1)
  [ -n "$source" ] || return 1
  mkdir -p "$lib/src/rust"
  rm -rf "$lib/src/rust/library"
  cp -r "$source" "$lib/src/rust/"
  mkdir -p "$work/empty/src"
  printf '[package]\nname = "empty"\nversion = "0.1.0"\nedition = "2024"\n' >"$work/empty/Cargo.toml"
  : >"$work/empty/src/lib.rs"
  long_step "Building the standard library for wasm32 (1 to 2 minutes)" wasm32-std \
    env -C "$work/empty" CARGO_TARGET_DIR="$work/target" RUSTC_BOOTSTRAP=1 RUSTUP_TOOLCHAIN="$(toolchain_name)" \
    cargo build --release -Z build-std=std,panic_abort,proc_macro --target wasm32-unknown-unknown || return 1
  mkdir -p "$lib/wasm32-unknown-unknown/lib"
  find "$work/target/wasm32-unknown-unknown/release/deps" -name '*.rlib' ! -name 'libempty-*' \
    -exec cp {} "$lib/wasm32-unknown-unknown/lib/" \;
  rm -rf "$work"
}

toolchain_name() { rustup show active-toolchain | cut -d' ' -f1; }

# The package stands in a newer Debian than the machine may run, so a private package list is read, without root.
fetch_rust_src() {
  local version=$1 work=$2 mirror keyring found
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | sort | uniq -c | sort -rn | awk '{print $2}' | grep '/debian/*$' | head -n 1)
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  if [ -z "$mirror" ] || [ ! -f "$keyring" ]; then echo "no Debian mirror or keyring on this machine"; return 1; fi
  mkdir -p "$work"/apt/{state/lists/partial,cache/archives/partial} "$work/src"
  local suite
  for suite in trixie-backports trixie forky sid; do echo "deb [signed-by=$keyring] $mirror $suite main"; done >"$work/apt/sources.list"
  local options=(-o "Dir::State=$work/apt/state" -o Dir::State::status=/var/lib/dpkg/status -o "Dir::Cache=$work/apt/cache"
    -o "Dir::Etc::SourceList=$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null)
  apt-get "${options[@]}" update
  found=$(apt-cache "${options[@]}" madison rust-src | awk -F'|' '{gsub(/ /,"",$2); print $2}' | grep "^$version" | head -n 1)
  if [ -z "$found" ]; then echo "Debian has no rust-src $version"; return 1; fi
  (cd "$work" && apt-get "${options[@]}" download "rust-src=$found")
  dpkg-deb -x "$work"/rust-src_*.deb "$work/src"
}

# ---- tools built from source ----------------------------------------------------------------------------------------

# Quick to build rather than quick to run: only the parts that do long work are optimised.
quick_install() {
  local name=$1 version=$2 minutes=$3 program=${1%-cli}
  shift 3
  local root="$THIDUA_CACHE/tools/$name-$version"
  if [ ! -x "$root/bin/$program" ]; then
    if have "$program" && "$program" --version 2>/dev/null | grep -qF "$version"; then
      mkdir -p "$root/bin" && ln -sf "$(command -v "$program")" "$root/bin/$program"
    else
      long_step "Building $name $version from source, once for this machine (about $minutes minutes on two cores)" "$name" \
        env CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=64 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
        CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_TARGET_DIR="$THIDUA_CACHE/tools/target-$name" \
        cargo install "$name" --version "=$version" --root "$root" "$@" ||
        stop "$name $version could not be built: see the log above; the crates registry must be reachable."
      rm -rf "$THIDUA_CACHE/tools/target-$name"
    fi
  fi
  mkdir -p "$THIDUA_CACHE/bin"
  ln -sfn "$root/bin/$program" "$THIDUA_CACHE/bin/$program"
}

optimised() { for crate in "$@"; do printf -- '--config profile.release.package.%s.opt-level=3 ' "$crate"; done; }

need_cargo_leptos() {
  # shellcheck disable=SC2046
  quick_install cargo-leptos "$cargo_leptos_version" 12 --features no_downloads --locked --ignore-rust-version \
    $(optimised brotli flate2 libflate miniz_oxide walrus wasmparser wasm_split_cli_support seahash md-5)
}

# cargo-leptos wants the very version of the wasm-bindgen crate in Cargo.lock.
need_wasm_bindgen() {
  local version
  version=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock)
  # shellcheck disable=SC2046
  quick_install wasm-bindgen-cli "$version" 3 --bin wasm-bindgen \
    $(optimised walrus wasmparser wasm-bindgen-cli-support)
}

need_wasm_opt() {
  need_node_modules tools "wasm-opt and esbuild"
  ln -sfn "$(node_modules tools)/.bin/wasm-opt" "$THIDUA_CACHE/bin/wasm-opt"
  need_node_modules client/editor "the parts of the desk's editor"
}

# ---- npm packages ---------------------------------------------------------------------------------------------------

# One folder for each lock file, so that clones share it.
node_modules() { echo "$THIDUA_CACHE/node/${1//\//-}-$(sha256sum "$1/package-lock.json" | cut -c1-16)/node_modules"; }

need_node_modules() {
  local folder=$1 what=$2 modules
  modules=$(node_modules "$folder")
  if [ ! -e "$modules/.complete" ]; then
    mkdir -p "$(dirname "$modules")"
    cp "$folder/package.json" "$folder/package-lock.json" "$(dirname "$modules")/"
    long_step "Installing $what from npm" "npm-${folder//\//-}" \
      env -C "$(dirname "$modules")" PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund ||
      stop "The npm packages of $folder/ could not be installed: the npm registry must be reachable."
    touch "$modules/.complete"
  fi
}

# ---- what only tests use --------------------------------------------------------------------------------------------

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo "$@"; else return 1; fi; }

need_apt() {
  local command=$1 package=$2 why=$3
  have "$command" && return
  have apt-get || stop "$command is missing: install $package, which $why."
  long_step "Installing $package, which $why" "apt-$package" apt_install "$package" ||
    stop "$package could not be installed: run 'apt-get install $package' as root."
}
apt_install() { as_root apt-get update; as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1"; }

need_postgres() {
  [ -n "${THIDUA_TEST_POSTGRES_URL:-}" ] && return
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || have initdb && return
  have apt-get || stop "PostgreSQL is missing: install its server, or set THIDUA_TEST_POSTGRES_URL."
  long_step "Installing PostgreSQL, which the portal runs on too" apt-postgresql apt_install postgresql ||
    stop "PostgreSQL could not be installed: run 'apt-get install postgresql' as root, or set THIDUA_TEST_POSTGRES_URL."
}

need_nextest() { have cargo-nextest || quick_install cargo-nextest 0.9.143 8 --locked; }

mkdir -p "$THIDUA_CACHE/bin"
# Two clones that set up at once wait for each other.
exec 9>"$THIDUA_CACHE/setup.lock"
flock 9 2>/dev/null || true

need_client_tools() { need_node; need_wasm_target; need_wasm_opt; need_wasm_bindgen; need_cargo_leptos; }

need_basics
case "${1:-run}" in
  run) need_client_tools ;;
  modules) node_modules "$2" ;;
  check)
    need_wasm_target
    quick_install cargo-deny "$cargo_deny_version" 6 --locked
    quick_install cargo-machete "$cargo_machete_version" 1 --locked
    ;;
  test)
    need_client_tools
    need_nextest
    need_apt chromium chromium "the browser tests drive"
    need_postgres
    need_node_modules end2end "Playwright and the checkers of HTML and accessibility"
    ;;
  bench)
    need_client_tools
    need_apt nginx nginx "the server is compared with"
    need_apt wrk wrk "makes the load"
    need_apt sqlite3 sqlite3 "fills the database"
    need_postgres
    need_apt chromium chromium "Lighthouse drives"
    need_node_modules tools/bench "Lighthouse"
    ;;
  *) stop "usage: tools/setup.sh run | check | test | bench" ;;
esac
