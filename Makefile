# Two commands on a fresh machine: `make run` starts the app, `make test` passes the tests.
# The first that starts and is new enough: under pyenv `python3` does not start where .python-version's is not installed.
PYTHON ?= $(shell for it in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do \
  $$it -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$it && exit; done; echo python3)
PORT ?= 8501
BIN := .venv/bin
NUMBERS := tests/surfaces tests/optimizers
SCRIPTS := tests/app/export/test_repository_script.py tests/app/export/test_torch_or_scipy_scripts.py
# Processes of `make test`, one more than cores: where a test waits, for a server or for a frame, another goes on.
AT_ONCE := 3
RUNS := 10
LANES := 1
export PYTHONPATH := $(CURDIR)
# The matrices here are small: on a busy machine threads that wait for each other take ten times as long as one.
export OPENBLAS_NUM_THREADS := 1
unexport PYTHONDONTWRITEBYTECODE  # every process would compile NumPy, SciPy and Streamlit once more

.PHONY: help run test quick changed test-all test-portable machine lint types app numbers scripts node browser browser-loaded bench pictures truths mutants mutants-sample clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/app  ## set up and start the app; PORT=8501
	@echo "Descent: http://localhost:$(PORT)"
	@$(BIN)/python -m streamlit run app/main.py --server.port $(PORT) --server.headless true

test:  ## set up and run everything: lint, types, unit, app and browser tests
	@$(MAKE) --no-print-directory -j$(AT_ONCE) machine app numbers scripts types lint node
	@$(MAKE) --no-print-directory browser

quick:  ## lint, types, and the unit tests of what changed since main, for a minute
	@$(MAKE) --no-print-directory -j2 lint types changed

changed: .venv/test
	@$(BIN)/python -m tests.tools.changed_tests

machine:
	@.ci/machine

lint: .venv/test  ## ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/test  ## mypy, strict, on surfaces/ and optimizers/
	@$(BIN)/mypy

numbers: .venv/test  ## tests of surfaces/ and optimizers/ with their branch coverage
	@$(BIN)/python -m pytest $(NUMBERS) --cov --cov-report=term

app: .venv/test  ## tests of app/, by AppTest and without
	@$(BIN)/python -m pytest --ignore=tests/browser $(NUMBERS:%=--ignore=%) $(SCRIPTS:%=--ignore=%)

scripts: .venv/test  ## the scripts that a visitor takes away are run
	@$(BIN)/python -m pytest $(SCRIPTS)

node: machine  ## the player's pure modules, in Node's test runner
	@node --test $$(find tests -name '*.test.js' | sort)

browser: .venv/test  ## the running app in headless Chromium
	@$(BIN)/python -m pytest -n $(AT_ONCE) --dist worksteal tests/browser

browser-loaded: .venv/test  ## the same RUNS times beside two busy loops, LANES at once (long)
	@$(BIN)/python -m tests.tools.browser_tests_under_load $(RUNS) $(LANES)

test-all: .venv/test  ## the products of which `make test` tries a sample: every method on every surface, ...
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m all_cases --ignore=tests/browser tests

test-portable: .venv/test  ## the tests of numbers as other processors would round: without vector units, other BLAS kernels
	@$(BIN)/python -m tests.tools.other_processors

bench: machine .venv/bench  ## measure speed, as ratios within one run
	@$(BIN)/python -m tests.benchmarks

pictures: machine .venv/test  ## make the README's animation and the screenshots of docs/gallery.md again
	@$(BIN)/python -m tests.tools.page_pictures

truths: .venv/test  ## write the tables of docs/verified.md, and the recorded evaluation counts, again
	@$(BIN)/python -m tests.tools.verified_tables
	@$(BIN)/python -m tests.tools.evaluation_counts

mutants: .venv/mutants  ## how many seeded faults the tests miss (long)
	@$(BIN)/python -m tests.tools.mutation_run

mutants-sample: .venv/test  ## whether test-all finds seeded faults that the tests of numbers miss (long)
	@$(BIN)/python -m tests.tools.mutation_sample

clean:  ## remove what these commands made
	rm -rf .venv mutants failures .coverage .mypy_cache .ruff_cache .pytest_cache

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Descent needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1 | head -1). Try: make PYTHON=python3.14 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info >= (3, 15))' \
	  || echo "Descent is made for Python 3.11 to 3.14; $(PYTHON) is $$($(PYTHON) --version), newer: it may lack a package." >&2
	@$(PYTHON) -m venv .venv \
	  || { echo "No virtual environment could be made. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/app: .venv/made requirements.txt
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test: .venv/app tests/requirements.txt
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r tests/requirements.txt
	@touch $@

.venv/bench: .venv/test tests/benchmarks/requirements.txt
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r tests/benchmarks/requirements.txt
	@touch $@

.venv/mutants: .venv/test tests/tools/mutation_requirements.txt
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -r tests/tools/mutation_requirements.txt
	@touch $@
