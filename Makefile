# Two commands do everything on a machine that has python3 (3.11 or newer), pip and make:
# `make run` and `make test`. Each sets up what it needs first and skips that when nothing changed.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast e2e lint format messages bench seed vendor locks clean
MAKEFLAGS += --no-print-directory
# Set-up changes one folder: one target after another, also under make -j.
.NOTPARALLEL:

help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

setup: ## prepare this folder only; .venv/bin/samepath is the command afterwards
	@sh run setup

run: ## start the demo community (SAMEPATH_PORT and SAMEPATH_DATA move it)
	@sh run service demo

test: ## every test: SQLite, PostgreSQL, then the journeys in a browser
	@sh run dev python tools/suite.py full

test-fast: ## SQLite only, no browser
	@sh run dev python tools/suite.py fast

e2e: ## the journeys in a browser only
	@sh run dev python tools/suite.py journeys

lint: ## style, types, floors, templates, house rules, migrations
	@sh run dev python tools/lint.py

format: ## put Python into the house's form
	@sh run dev sh -c 'ruff check --fix --quiet . ; ruff format .'

messages: ## collect the strings for people into the translations, and say what is missing
	@sh run dev python tools/translate.py

bench: ## load, speed and size, with the figures written to bench/results
	@sh run dev python -m bench

seed: ## the demo community into the data folder, without starting anything
	@sh run service seed

vendor: ## fetch fonts, icons and scripts again and check them against their list
	@sh run dev python tools/vendor.py

locks: ## compile requirements/*.txt again from requirements/*.in
	@sh run dev python tools/locks.py

clean: ## remove everything that setup and tests made; data stays
	@sh run clean
