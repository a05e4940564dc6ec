# Everything sets itself up: the virtual environment is made once and filled again only when a lock changed.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
ARGS ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench browser lock clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "make %-9s %s\n", $$1, $$2}'

demo: .venv/run.stamp ## Run the portal with made-up people at http://localhost:8000 (PORT=…, HOST=…)
	@$(BIN)/python manage.py demo --host $(HOST) --port $(PORT) $(ARGS)

test: .venv/dev.stamp ## Run the tests that need no server (ARGS="tests/feedback -x -n 0")
	$(BIN)/pytest -m "not services and not browser and not slow" -n auto --maxprocesses 8 --dist worksteal $(ARGS)

lint: .venv/dev.stamp ## Check style, floors, types, templates, migrations, translations, deployment, locks
	@.ci/lint

format: .venv/dev.stamp ## Put code and imports in order
	$(BIN)/ruff check --fix-only --quiet . && $(BIN)/ruff format .

bench: .venv/dev.stamp ## Measure pages and jobs beside their limits (DATABASE_URL=… for PostgreSQL)
	$(BIN)/python manage.py bench $(ARGS)

browser: .venv/dev.stamp ## Walk through the running portal in Chromium; pictures in build/screenshots
	$(BIN)/pytest -m browser $(ARGS)

lock: .venv/dev.stamp ## Pin pyproject.toml's dependencies again
	@.ci/lock

clean: ## Remove what was built (keeps var/, the demo's data)
	rm -rf .venv build staticfiles .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} + && find locale -name '*.mo' -delete

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "The portal needs Python 3.11 or later: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python has no venv here. On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 1; }
	@echo "Making .venv …" && $(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock | .venv/bin/python
	@echo "Installing what the portal needs (about a minute, once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/bin/python
	@echo "Installing what tests and linters need (about a minute, once) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@ .venv/run.stamp
