# Two commands: `make run` and `make test`. Each sets up all it needs first.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
ARCHIVE ?= archive
BIN := .venv/bin
INSTALLED := .venv/installed
YASGUI := src/testimonia/web/static/yasgui
AXE := frontend/axe.min.js
NPM_CI := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: run test test-slow lint bench install editor axe lock clean

run: install ## archive from seeds/, then the server
	$(BIN)/testimonia ingest seeds --archive $(ARCHIVE)
	exec $(BIN)/testimonia serve --archive $(ARCHIVE) --host $(HOST) --port $(PORT)

test: install lint ## everything but the slow suites
	$(BIN)/pytest -m "not slow"

test-slow: install axe ## the slow suites: conformance, the wheel in a new environment
	$(BIN)/pytest -m slow

lint: install
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: install ## benchmarks, each beside what a user would take instead
	$(BIN)/python -m benchmarks.ingest
	$(BIN)/python -m benchmarks.full_text
	$(BIN)/python -m benchmarks.crossref pairs cost
	$(BIN)/python -m benchmarks.serving
	$(BIN)/python -m benchmarks.reconcile
	$(BIN)/python -m benchmarks.store
	$(BIN)/python -m benchmarks.cluster
	$(BIN)/python -m benchmarks.views
	$(BIN)/python -m benchmarks.scale --bulk --documents 1000 --sentences 6
	$(BIN)/python -m benchmarks.quality || echo "no corpora: the quality of the reading was not measured"
	$(BIN)/python -m benchmarks.performance

install: $(INSTALLED) editor ## .venv with the command `testimonia`

editor: $(YASGUI)/yasgui.min.js ## the query editor of /sparql; without npm that stays a plain form

# Of the package only its bundle is kept; the lock file pins it by its hash.
$(YASGUI)/yasgui.min.js: frontend/package-lock.json
	@if command -v npm >/dev/null && \
	  (cd frontend && $(NPM_CI) --omit=dev >/dev/null); then \
	  mkdir -p $(YASGUI) && \
	  cp frontend/node_modules/@zazuko/yasgui/build/yasgui.min.js \
	     frontend/node_modules/@zazuko/yasgui/build/yasgui.min.css $(YASGUI)/ && \
	  touch $(YASGUI)/yasgui.min.js && rm -rf frontend/node_modules; \
	else echo "the query editor was not installed (it needs npm and its registry): /sparql is a plain form"; fi

axe: $(AXE) ## what checks the pages for accessibility; without npm that test is skipped

$(AXE): frontend/package-lock.json
	@if command -v npm >/dev/null && (cd frontend && $(NPM_CI) >/dev/null); then \
	  cp frontend/node_modules/axe-core/axe.min.js $(AXE) && touch $(AXE) && \
	  rm -rf frontend/node_modules; \
	else echo "axe-core was not installed (it needs npm and its registry): pages are not checked"; fi

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
	rm -rf .venv $(YASGUI) $(AXE) frontend/node_modules archive dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis test-output
