# The commands that people use; each sets up what it needs first (tools/setup.sh).
.PHONY: check test
SHELL := /bin/bash

# Formatting and lints.
check:
	@tools/setup.sh check
	@. tools/env.sh && cargo fmt --check
	@. tools/env.sh && cargo clippy --features ssr --all-targets -- -D warnings
	@. tools/env.sh && cargo clippy --features hydrate --lib --target wasm32-unknown-unknown -- -D warnings

# Every test.
test:
	@tools/setup.sh test
	@tools/test.sh
