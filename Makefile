# The commands that people use; each sets up what it needs first (tools/setup.sh).
.PHONY: run build dev check test size bench
SHELL := /bin/bash

# The program, its demonstration content in an empty database (DEMO=0 for none), served on http://127.0.0.1:3000.
# What it builds stands in dist/: the program, and beside it the site that it serves.
run: build
	@if [ "$${DEMO:-1}" != 0 ]; then dist/thidua demo --if-empty; fi
	@exec dist/thidua serve

# The program and its site in dist/.
build:
	@tools/setup.sh run
	@. tools/env.sh && cargo build --release --features ssr
	@tools/client.sh
	@. tools/env.sh && install -m 755 "$$CARGO_TARGET_DIR/release/thidua" dist/thidua.new && mv dist/thidua.new dist/thidua
	@node tools/budget.mjs dist/site quiet || true

# The same while one works on it: built anew and loaded anew when a file changes.
dev:
	@tools/setup.sh run
	@. tools/env.sh && cargo run --features ssr -- demo --if-empty
	@. tools/env.sh && exec cargo leptos watch --split -- serve

# Formatting, lints for the server and for the browser, licences, unused dependencies.
check:
	@tools/setup.sh check
	@. tools/env.sh && cargo fmt --check
	@. tools/env.sh && cargo clippy --features ssr --all-targets -- -D warnings
	@. tools/env.sh && cargo clippy --features hydrate --lib --target wasm32-unknown-unknown -- -D warnings
	@. tools/env.sh && CARGO_TARGET_DIR="$$CARGO_TARGET_DIR/check" cargo clippy --release --locked --target wasm32-unknown-unknown --manifest-path client/check/Cargo.toml -- -D warnings
	@. tools/env.sh && cargo deny --all-features check licenses sources bans
	@. tools/env.sh && if timeout 60 cargo deny fetch db >/dev/null 2>&1; then cargo deny --all-features check advisories; \
		else echo "Advisories were not checked: their database could not be reached."; fi
	@. tools/env.sh && cargo machete

# Every test.
test:
	@tools/setup.sh test
	@tools/test.sh

# What the client is made of, crate by crate (FUNCTIONS=50 for its largest functions), and how large it is.
size:
	@tools/setup.sh run
	@tools/size.sh $${FUNCTIONS:-0}

# The performance table, beside nginx (QUICK=1 for a short run).
bench: build
	@tools/setup.sh bench
	@tools/bench.sh
