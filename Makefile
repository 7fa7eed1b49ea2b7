# `make` lists the targets. `run` and `test` do all the set-up that is missing.

SWIFT ?= swift
SOURCES := Sources Tests Package.swift
LATEST := reports/latest
# More arguments for `make run`, for example: make run ARGS="'client-auth/*' --stack gnutls"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup build run test lint format clean

help: ## Lists the targets.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 10

setup: ## Checks the Swift compiler, and installs the system packages that are missing.
	@scripts/setup

build: setup ## Builds the release program.
	@$(SWIFT) build -c release --product countersign

run: build ## Plays every case, and writes JSON, JUnit, Markdown and HTML to reports/latest; ARGS are added.
	@"$$($(SWIFT) build -c release --product countersign --show-bin-path)/countersign" run \
		--json $(LATEST)/results.json --junit $(LATEST)/junit.xml --markdown $(LATEST)/report.md \
		--html $(LATEST)/report.html $(ARGS)

test: setup ## Runs the tests in a debug build.
	@$(SWIFT) test

lint: setup ## Checks the format, and which target imports what.
	@$(SWIFT) format lint --strict --parallel --recursive $(SOURCES)
	@scripts/lint-imports

format: setup ## Formats the sources in place.
	@$(SWIFT) format --in-place --parallel --recursive $(SOURCES)

clean: ## Removes what was built, and the latest reports.
	@$(SWIFT) package clean
	@rm -rf $(LATEST)
