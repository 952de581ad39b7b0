# Two commands: `make run` and `make test`. Each sets up all it needs first.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
ARCHIVE ?= archive
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: run test test-slow lint bench install lock clean

run: install ## archive from seeds/, then the server
	$(BIN)/testimonia ingest seeds --archive $(ARCHIVE)
	exec $(BIN)/testimonia serve --archive $(ARCHIVE) --host $(HOST) --port $(PORT)

test: install lint ## everything but the slow suites
	$(BIN)/pytest -m "not slow"

test-slow: install ## the slow suites: conformance, the wheel in a new environment
	$(BIN)/pytest -m slow

lint: install
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: install ## benchmarks, each beside what a user would take instead
	$(BIN)/python -m benchmarks.ingest
	$(BIN)/python -m benchmarks.serving
	$(BIN)/python -m benchmarks.quality || echo "no corpora: the quality of the reading was not measured"

install: $(INSTALLED) ## .venv with the command `testimonia`

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Testimonia needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(INSTALLED)

lock: ## after a change of dependencies in pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --group dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv archive dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis test-output
