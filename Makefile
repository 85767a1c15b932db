# Two commands: `make demo` shows it running, `make test` proves it. They need python3 (3.11 or later) and make.
# Everything is installed into .venv from a lock with hashes; nothing else of the machine is used.

PYTHON ?= $(shell .ci/python)
BIN := .venv/bin
READY := .venv/.ready

export UV_PYTHON_DOWNLOADS := never
export PYTHONNOUSERSITE := 1
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help demo test fast check sdl rules bench lock clean

help: ## this list
	@awk -F ' ## ' '/^[a-z]+:.* ## / {sub(/:.*/, "", $$1); printf "  make %-6s %s\n", $$1, $$2}' Makefile

demo: $(READY) ## the gateway with a demo company, on http://127.0.0.1:8000 (PORT=, BILLING_HOME=)
	@$(BIN)/billing demo

test: $(READY) ## every test, in parallel, on a throw-away Postgres
	@$(BIN)/python -m pytest -q -n auto --dist loadfile

fast: $(READY) ## the domain's tests only, no database
	@$(BIN)/python -m pytest -q -p no:xdist tests/domain

check: $(READY) ## format, lint, types, import contracts, house checks, generated files current
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m checks
	$(BIN)/billing sdl --check
	$(BIN)/billing rules --check
	$(BIN)/billing trees --check

sdl: $(READY) ## write schema.graphql from the code
	@$(BIN)/billing sdl > schema.graphql.new && mv schema.graphql.new schema.graphql

rules: $(READY) ## write docs/rules.md and docs/decision-trees.md from the policy tables
	@$(BIN)/billing rules > docs/rules.md.new && mv docs/rules.md.new docs/rules.md
	@$(BIN)/billing trees > docs/decision-trees.md.new && mv docs/decision-trees.md.new docs/decision-trees.md

bench: $(READY) ## measure; docs say how to read it
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.renewals
	@$(BIN)/python -m benchmarks.usage

lock: $(READY) ## write the locks anew from pyproject.toml
	@.ci/lock

clean: ## forget the demo's data and all caches
	@if [ -x $(BIN)/billing ]; then $(BIN)/billing clean; fi
	rm -rf .billing .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info

$(READY): requirements.lock bootstrap.lock pyproject.toml
	@.ci/install "$(PYTHON)"
	@touch $@
