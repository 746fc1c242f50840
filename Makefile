# Two commands matter: `make dossier` and `make test`. Everything lives in .venv; nothing outside is touched.
PYTHON ?= python3
BIN := .venv/bin
PROJECT ?= .

.PHONY: help dossier lab databases tables test quick bench soak words pictures release clean

help: ## what can be made here
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src  # else, where Python is told to write no bytecode, each of the fourteen kernels compiles it anew
	@touch $@

.venv/tested: .venv/ready requirements-test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-test.lock
	@touch $@

dossier: .venv/ready ## set up, then run the pages of PROJECT (default: the sample) and bind the dossier
	$(BIN)/workbook run $(PROJECT)

lab: .venv/ready ## set up, then open PROJECT in JupyterLab
	$(BIN)/workbook lab $(PROJECT)

databases: .venv/ready requirements-databases.lock ## set up, then install what sources in PostgreSQL and SQLite need
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-databases.lock

tables: .venv/ready requirements-tables.lock ## set up, then install what tables to sort, filter and search in a notebook need
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-tables.lock

test: .venv/tested ## set up, then run every test, on every core; what was skipped is named at the end
	$(BIN)/python -m pytest -n auto --dist loadgroup -rs

quick: .venv/tested ## set up, then run the everyday tests: all but the long ones
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "not long"

bench: .venv/tested ## set up, then measure CASE (default: all) against what a user would run instead
	$(BIN)/python -m bench $(CASE)

soak: .venv/tested ## set up, then try the promises many times (ROW: default all rows; about an hour on two cores)
	$(BIN)/python tests/soak $(ROW)

words: .venv/ready ## write the pages and JSON schemas that are made from the code: docs/model.md, docs/findings.md, docs/errors.md, docs/from-your-export.md
	$(BIN)/python -m workbook.model.reference
	$(BIN)/python -m workbook.words.reference
	$(BIN)/python tests/onboard/exports_page.py

pictures: .venv/tested ## set up, run the sample, and take the pictures of the README in Chromium
	$(BIN)/workbook run .
	$(BIN)/python docs/pictures.py runs/latest/dossier.html

release: .venv/ready ## set up, then build what a release holds into dist/: wheel, sdist, docs, the sample's dossier
	rm -rf dist && mkdir dist
	$(BIN)/python -m hatchling build -d dist
	$(BIN)/workbook run .
	cp -L runs/latest/dossier.html dist/sample-dossier.html
	tar -czf dist/docs.tar.gz README.md ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md docs
	awk '/^## /{n++} n==1' CHANGELOG.md > dist/notes.md

clean: ## remove the environment and every cache; runs stay
	rm -rf .venv .workbook .pytest_cache .ruff_cache .hypothesis
