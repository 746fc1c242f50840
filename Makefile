# Two commands matter: `make dossier` and `make test`. Everything lives in .venv; nothing outside is touched.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help test clean

help: ## what can be made here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

test: .venv/ready ## set up, then run every test
	$(BIN)/python -m pytest

clean: ## remove the environment and every cache
	rm -rf .venv .workbook .pytest_cache .ruff_cache
