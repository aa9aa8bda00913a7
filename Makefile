# What one does with this repository. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help setup build deb portable check test test-deb demo demo-mail demo-stop screenshots bench fuzz soak deny

help: ## Lists the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | while IFS='	' read -r target text; do \
		printf '  make %-12s %s\n' "$$target" "$$text"; done

setup: ## Installs what is missing: Debian packages for building and testing, and cargo-nextest
	@.ci/setup

# Where the program is to run nothing is wanted that is there for tests.
build: ## Builds the program, target/release/reply-import; installs the Debian libraries that this takes, if need be
	@.ci/setup build
	cargo build --release --locked

# The program in it needs the libraries of the Debian that it was built on, or later ones.
deb: ## Builds the Debian package, target/debian/*.deb
	@.ci/setup package
	cargo build --release --locked
	@rm -rf target/manual
	target/release/reply-import manual target/manual
	cargo deb --locked --no-build

# It wants the C library of the machine that it is built on, or a later one, and nothing else.
portable: ## Builds a program that brings its own SQLite, libpq and OpenSSL, target/portable/reply-import
	@.ci/setup portable
	cargo build --profile portable --features bundled --locked

check: setup ## The quick look: format, lints, the library's own tests
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings
	cargo test --lib --locked --quiet

test: setup ## All tests, with real servers of their own; by sudo, if root does not call it
	cargo test --doc --locked --quiet
	cargo test --test demo --locked --quiet -- check
	@.ci/tests

# As root: a fresh Debian is booted for it. Not a part of `make test`, since it builds for some minutes first.
test-deb: setup deb portable ## Installs the Debian package in a fresh Debian, runs, upgrades, removes and purges it there; runs the portable program there, too
	@.ci/setup test-deb
	@rm -rf target/debian/previous && mkdir -p target/debian/previous
	@dpkg-deb --raw-extract target/debian/*.deb target/debian/previous/files
	@sed -i 's/^Version: .*/Version: 0~previous/' target/debian/previous/files/DEBIAN/control
	@dpkg-deb --build --root-owner-group -Zgzip target/debian/previous/files target/debian/previous/previous.deb >/dev/null
	cargo test --test package --locked --quiet

demo: ## Shows the service at work: made-up mails, real mail servers, a report, and the pages in the browser
	@.ci/setup demo
	@cargo test --test demo --locked --no-run
	@cargo test --test demo --locked --quiet

# There as long as something is to be stopped or removed: what is known of the demo, and a program that stops it and reads
# its mailboxes, built or not. Nobody else may have put it there.
DEMO_NAME = demo
DEMOS = /tmp/ri-demo.$$(id -u)
DEMO = $(DEMOS)/$(subst /,%,$(CURDIR))/$(DEMO_NAME)
IS_RUNNING = [ ! -L "$(DEMOS)" ] && [ -O "$(DEMOS)" ] && [ -e "$(DEMO)/program" ]
demo-mail: ## Shows the newest mail in each mailbox of the running demo, or in that of WHO
	@if $(IS_RUNNING); then \
		"$(DEMO)/program" mail $(WHO); \
	else \
		echo 'You have no demo running here: make demo starts it.'; \
	fi

demo-stop: ## Ends the demo's servers and service, and removes all that it has
	@if $(IS_RUNNING); then \
		"$(DEMO)/program" stop $(DEMO_NAME); \
	else \
		echo 'You have no demo running here.'; \
	fi

screenshots: setup ## Makes the pictures in pictures/ anew: the demo's pages in a browser, as the README shows them
	@cargo test --test screenshots --locked --quiet

# What of the whole job is measured: see benches/job/wanted.rs. All that is made and installed for it lies in target/bench.
BENCHES ?= understanding kinds_of_mail profile notifying job
SETS ?=
PARTS ?=
ROUNDS ?= 5
bench: setup ## How fast mails are understood, pages answered, people notified, and the whole job done, beside what else does it; BENCHES chooses
	@for bench in $(BENCHES); do \
		TEST_FOLDERS="$${TEST_FOLDERS:-/var/tmp}" SETS="$(SETS)" PARTS="$(PARTS)" ROUNDS="$(ROUNDS)" \
			cargo bench --bench $$bench --locked --quiet || exit 1; \
	done

# Chance, in a bounded time: every target starts from the mails of the corpus and from what earlier runs found, which lies
# in target/fuzz. Without a sanitizer, as there is no unsafe code of ours for it to watch; RUSTC_BOOTSTRAP lets the stable
# compiler count the branches taken.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= understand tnef headers
fuzz: ## Feeds the mail reader made-up bytes, FUZZ_SECONDS (60) for each of FUZZ_TARGETS
	@cargo fuzz --version >/dev/null 2>&1 || { echo 'cargo-fuzz is missing: building it' >&2; cargo install cargo-fuzz --locked; }
	@for target in $(FUZZ_TARGETS); do \
		found=target/fuzz/found/$$target; seeds=tests/fuzz/seeds/$$target; mkdir -p $$found target/fuzz/crashes/$$target; \
		test -d $$seeds || seeds=tests/corpus/mails; \
		echo "fuzzing $$target for $(FUZZ_SECONDS) s"; \
		RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir tests/fuzz --target-dir target/fuzz --sanitizer none $$target $$found $$seeds -- \
			-max_total_time=$(FUZZ_SECONDS) -max_len=20000 -timeout=10 -rss_limit_mb=1500 -dict=tests/fuzz/words.dict \
			-artifact_prefix=target/fuzz/crashes/$$target/ -print_final_stats=1 -verbosity=0 || exit 1; \
	done

SOAK_MINUTES ?= 60
soak: setup ## Mail arrives for SOAK_MINUTES (60) while workers and servers go away at random; shows memory and open files
	SOAK_MINUTES=$(SOAK_MINUTES) cargo test --test service --locked --quiet -- --ignored --nocapture --exact soaking::an_hour

deny: ## Are all dependencies from where they should be, and under licences that we accept?
	@cargo deny --version >/dev/null 2>&1 || { echo 'cargo-deny is missing: building it' >&2; cargo install cargo-deny --locked; }
	cargo deny --locked check bans licenses sources
