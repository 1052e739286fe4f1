# Two commands are the whole set-up: `make run` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export GRIDMAP_VAR ?= $(CURDIR)/var
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test check fix bench e2e texts clean help
.DEFAULT_GOAL := help

help:
	@echo "make run    set up and serve the demo district at http://127.0.0.1:8501"
	@echo "make test   all tests (browser and PostGIS tests run where Chromium and PostGIS are found)"
	@echo "make check  format, lint, types, import contracts"
	@echo "make bench  measure against the plain way and the peers (docs/benchmarks.md)"
	@echo "make fix    format and mend what the linter can"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make run PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "environment: making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@echo "environment: installing the packages of requirements.txt (about a minute)"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt | $(BIN)/python
	@echo "environment: installing the packages of requirements-dev.txt"
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime

$(GRIDMAP_VAR)/assets/.complete: package-lock.json layers/assets.py | $(VENV)/.runtime
	@$(BIN)/python -m layers.assets --into $(GRIDMAP_VAR)/assets
	@touch $@

run: $(VENV)/.runtime $(GRIDMAP_VAR)/assets/.complete
	@$(BIN)/python -m data init
	@$(BIN)/python -m data demo --if-empty
	@exec $(BIN)/python app.py

test: $(VENV)/.dev $(GRIDMAP_VAR)/assets/.complete
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: $(VENV)/.dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev $(GRIDMAP_VAR)/assets/.complete
	@$(BIN)/python -m bench $(BENCH_ARGS)

clean:
	rm -rf $(VENV) node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
