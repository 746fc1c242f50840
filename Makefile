# Two commands matter: `make dossier` and `make test`. Everything lives in .venv; nothing outside is touched.
PYTHON ?= python3
BIN := .venv/bin
PROJECT ?= .

.PHONY: help dossier lab test quick bench clean

help: ## what can be made here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src  # else, where Python is told to write no bytecode, each of the fourteen kernels compiles it anew
	@touch $@

dossier: .venv/ready ## set up, then run the pages of PROJECT (default: the sample) and bind the dossier
	$(BIN)/workbook run $(PROJECT)

lab: .venv/ready ## set up, then open PROJECT in JupyterLab
	$(BIN)/workbook lab $(PROJECT)

test: .venv/ready ## set up, then run every test, on every core
	$(BIN)/python -m pytest -n auto --dist loadgroup

quick: .venv/ready ## set up, then run the everyday tests: all but the long ones
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "not long"

bench: .venv/ready ## set up, then measure CASE (default: all) against what a user would run instead
	$(BIN)/python -m bench $(CASE)

clean: ## remove the environment and every cache; runs stay
	rm -rf .venv .workbook .pytest_cache .ruff_cache .hypothesis
