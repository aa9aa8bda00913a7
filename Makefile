# What one does with this repository. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help setup build check test demo deny

help: ## Lists the targets
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | while IFS='	' read -r target text; do \
		printf '  make %-8s %s\n' "$$target" "$$text"; done

setup: ## Installs what is missing: Debian packages for building and testing, and cargo-nextest
	@.ci/setup

build: setup ## Builds the program: target/release/reply-import
	cargo build --release --locked

check: setup ## The quick look: format, lints, the library's own tests
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	cargo test --lib --locked --quiet

# The summary of all tests comes last.
test: setup ## All tests, with real servers of their own
	cargo test --doc --locked --quiet
	@if cargo nextest --version >/dev/null 2>&1; then \
		echo 'cargo nextest run --locked'; cargo nextest run --locked; \
	else \
		echo 'cargo test --locked'; cargo test --lib --bins --tests --locked; \
	fi

demo: setup ## Shows the service at work: made-up mails, real mail servers, and a report
	@cargo test --test demo --locked --quiet

deny: ## Are all dependencies from where they should be, and under licences that we accept?
	@cargo deny --version >/dev/null 2>&1 || { echo 'cargo-deny is missing: building it' >&2; cargo install cargo-deny --locked; }
	cargo deny --locked check bans licenses sources
