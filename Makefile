# `make` lists the targets. `run` and `test` do all the set-up that is missing.

SWIFT ?= swift
SOURCES := Sources Tests Examples docs/examples Benchmarks/Sources Fuzz/Sources Package.swift Benchmarks/Package.swift Fuzz/Package.swift
LATEST := reports/latest
INTEROP := reports/latest/interop
# The stacks of the quick form: those that need nothing but the distribution's packages and Go.
QUICK_PEERS := curl erlang gnutls-cli gnutls-serv go go-current haproxy java mbedtls nats-server nginx node nss openssl \
	python rustls socat stunnel undici wolfssl
# Timeouts of sockets and processes are real time, which tests that compute would take from them, and the memory of a
# process is that of all its tests.
LONE_TESTS := MemoryTests|MutualTLSNIOTests|MutualTLSSystemsTests|ExamplesTests|CountersignTests|DiagnosticsTests.Odd
LONE_TESTS := $(LONE_TESTS)|ConformanceEngineTests.*(Runner|Network|Peer|Driver|Loopback|Program|Guard|Release)
# A build that can give the library wrong answers, apart from every other one.
SELFTEST := --traits Selftest --scratch-path .build/selftest
SELFTEST_TESTS := Mutant|SessionGuard|KeptSessionGuard|ServerScope|ConcurrentRotation|LibraryMutation|FailureModePair|RunnerTests
STRESS_TESTS := MutualTLSNIOTests.*(AlertDelivery|RefusedServer|StalledConnection|ManyConnections)
# MemoryTests count the memory of the process, which the sanitizer keeps for itself, and HostileChainCostTests compare
# processor time with libssl, which isn't slowed down by it.
MEMORY_TESTS := ^(OpenSSLTests|MutualTLSTests|MutualTLSFilesTests)\.(?!MemoryTests|HostileChainCostTests)
# More arguments for `make run`, for example: make run ARGS="'client-auth/*' --stack gnutls"
ARGS ?=
# Where `make install` puts bin and share.
PREFIX ?= /usr/local
DESTDIR ?=
PROGRAM = .build/release/countersign

.DEFAULT_GOAL := help

.PHONY: help setup setup-peers build run failures interop interop-quick probe-servers log-lines replay test stress test-threads stress-kills
.PHONY: catch catch-servers catch-clients check-html check-products selftest test-selftest bench fuzz test-memory lint format
.PHONY: install uninstall dist try-ci docs clean

help: ## Lists the targets.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## Checks the Swift compiler, and installs the system packages that are missing.
	@scripts/setup

build: setup ## Builds the release program, with Swift's libraries inside.
	@$(SWIFT) build -c release --static-swift-stdlib --product countersign

install: build ## Installs the program with its catalogue, manual pages and completions below PREFIX.
	@scripts/stage "$(PROGRAM)" "$(DESTDIR)$(PREFIX)"

uninstall: ## Removes the files that install wrote below PREFIX.
	@scripts/unstage "$(DESTDIR)$(PREFIX)"

dist: build ## Packs an archive, a Debian package and an OCI image with checksums into dist; ARGS=--no-image leaves it out.
	@scripts/dist "$(PROGRAM)" dist $(ARGS)

run: build ## Plays every case, and writes JSON, JUnit, Markdown and HTML to reports/latest; ARGS are added.
	@"$(PROGRAM)" run \
		--json $(LATEST)/results.json --junit $(LATEST)/junit.xml --markdown $(LATEST)/report.md \
		--html $(LATEST)/report.html $(ARGS)

setup-peers: ## Installs the stacks that play as programs of their own.
	@scripts/setup-peers

interop: build ## Plays every stack of scenarios/peers against the library and GnuTLS, in both roles.
	@"$(PROGRAM)" run --peer all \
		--known-holes scenarios/known-holes.yaml \
		--json $(INTEROP)/results.json --junit $(INTEROP)/junit.xml --markdown $(INTEROP)/report.md \
		--interop $(INTEROP) $(ARGS)

interop-quick: build ## Plays the twenty stacks that need little more than the distribution's packages.
	@"$(PROGRAM)" run $(addprefix --peer ,$(QUICK_PEERS)) \
		--known-holes scenarios/known-holes.yaml \
		--json $(INTEROP)/results.json --junit $(INTEROP)/junit.xml --markdown $(INTEROP)/report.md \
		--interop $(INTEROP) $(ARGS)

failures: build ## Plays documented failures on the releases that had them and on those that mended them; downloads 7 GB once.
	@"$(PROGRAM)" failures $(ARGS)

catch: catch-servers ## Puts broken servers before the program, and ends with 1 when one is let pass; ARGS are added.

catch-servers: build
	@scripts/catch --program "$(PROGRAM)" $(ARGS)

probe-servers: build ## Holds probe against real servers in every mode that each has, a hundred times each; ARGS are added.
	@scripts/probe-servers --countersign "$(PROGRAM)" \
		$(ARGS)

log-lines: build ## Plays installed stacks through faults, keeps both sides' logs, and checks them against explain; ARGS are added.
	@scripts/log-lines --countersign "$(PROGRAM)" \
		$(ARGS)

replay: build ## Plays reproductions of all kinds where there is nothing but openssl, gnutls-bin and curl.
	@scripts/replay-cases --countersign "$(PROGRAM)" \
		$(ARGS)

test: setup ## Runs the tests in a debug build: side by side, and then one by one those that must be alone.
	@SWIFT="$(SWIFT)" scripts/test .build/tests-side-by-side.log --skip '$(LONE_TESTS)'
	@SWIFT="$(SWIFT)" scripts/test .build/tests-one-by-one.log --no-parallel --filter '$(LONE_TESTS)'

stress: setup ## Runs the tests on sockets that take long, in full: each alert 50 times, thousands of connections.
	@COUNTERSIGN_STRESS=1 $(SWIFT) test --no-parallel --filter '$(STRESS_TESTS)'

test-threads: setup ## Runs the tests that use threads under the thread sanitizer.
	@TSAN_OPTIONS=halt_on_error=1 $(SWIFT) test --sanitize=thread --scratch-path .build-tsan -Xswiftc -DTHREAD_SANITIZER \
		--filter ConcurrentRotationTests

test-memory: setup ## Runs the library's tests under the address and leak sanitizers.
	@ASAN_OPTIONS=detect_leaks=1 $(SWIFT) test --sanitize=address --scratch-path .build-asan --no-parallel \
		--filter '$(MEMORY_TESTS)'

fuzz: setup ## Fuzzes what takes bytes of others, 1,000,000 executions a target; ARGS="--runs N TARGET" plays less.
	@SWIFT="$(SWIFT)" scripts/fuzz $(ARGS)

stress-kills: build ## Kills a whole run 50 times at random moments, and compares what it resumes to.
	@scripts/stress-kills "$(PROGRAM)" $(ARGS)

catch-clients: build ## Puts broken and right clients before run --client-trigger, and counts the caught; ARGS name some.
	@scripts/catch-clients --countersign "$(PROGRAM)" $(ARGS)

check-html: ## Uses the page of the latest run in headless Chromium, and measures it.
	@scripts/check-html $(LATEST)/report.html --screenshots $(LATEST)/screenshots $(ARGS)

check-products: build ## Checks that the library's products hold no mutant and mint nothing, in a release build.
	@$(SWIFT) build -c release --static-swift-stdlib --target MutualTLSSystems
	@scripts/check-products "$$($(SWIFT) build -c release --show-bin-path)"

selftest: setup ## Builds the program with the library's mutants into .build/selftest, and tells which cases notice them.
	@$(SWIFT) build -c release --product countersign $(SELFTEST)
	@"$$($(SWIFT) build -c release --product countersign $(SELFTEST) --show-bin-path)/countersign" selftest $(ARGS)
	@if scripts/check-products "$$($(SWIFT) build -c release $(SELFTEST) --show-bin-path)" LibraryMutants 2>/dev/null; then \
		echo "scripts/check-products finds no mutants where there are some" >&2; exit 1; fi

test-selftest: setup ## Runs the tests that give the library wrong answers, in a build that has them.
	@$(SWIFT) test $(SELFTEST) --filter '$(SELFTEST_TESTS)'

try-ci: build ## Executes the examples of docs/ci in a bare Debian, from a release archive; ARGS=--quick plays less.
	@scripts/dist "$(PROGRAM)" .build/try-ci --no-image
	@scripts/try-ci .build/try-ci/countersign-*-linux-$$(uname -m).tar.gz $(ARGS)

bench: setup ## Measures the library and the engine beside others, and writes docs/benchmarks.md.
	@SWIFT="$(SWIFT)" scripts/bench $(ARGS)

lint: setup ## Checks the format, which target imports what, the public API, and the versions that the documents name.
	@$(SWIFT) package resolve
	@$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	@scripts/lint-imports
	@scripts/lint-versions
	@scripts/public-api

format: setup ## Formats the sources in place.
	@$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

docs: setup ## Builds the documentation of the library into .build/docs, a folder that any web server serves.
	@SWIFT="$(SWIFT)" scripts/docs

clean: ## Removes what was built, and the latest reports.
	@$(SWIFT) package clean
	@rm -rf $(LATEST) .build-tsan .build-asan Benchmarks/.build Fuzz/.build
