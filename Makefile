# Two commands: `make run` tries Standing Room on this machine, `make test` tests it.
# Each sets up what it needs in .venv; nothing else is touched.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup run test coverage check fuzz bench soak mutants pictures texts pins clean

help: ## Lists what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/.run: .ci/requirements.txt
	$(PYTHON) -c 'import sys; sys.exit("Standing Room needs Python 3.11 or newer.") if sys.version_info < (3, 11) else None'
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements.txt
	touch $@

$(VENV)/.dev: $(VENV)/.run .ci/requirements-dev.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/requirements-dev.txt
	touch $@

setup: $(VENV)/.run ## Sets up the program in .venv

run: $(VENV)/.run ## Sets up and opens the playground: the real bot, no accounts
	$(PY) -m bot playground

# More than there are cores, since tests wait for disks; who is done takes over some of what others still have.
SHARED = -n 5 --dist worksteal

test: $(VENV)/.dev ## Sets up and passes the tests, on SQLite and PostgreSQL
	$(PY) -m pytest -q -m "not alone" $(SHARED)
	$(PY) -m pytest -q -m alone

coverage: $(VENV)/.dev ## Measures what the tests that share the cores reach: at least 95 %
	$(PY) -m pytest -q -m "not alone" $(SHARED) --cov --cov-report=term

check: $(VENV)/.dev ## Style, types, import contracts, promises
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/deptry .
	$(PY) -m pytest -q tests/test_promises.py

fuzz: $(VENV)/.dev ## Throws random bytes at every reader at once (FUZZ_SECONDS, else 60)
	$(PY) -m tests.fuzz all $${FUZZ_SECONDS:-60}

bench: $(VENV)/.dev ## Measures the application beside a bare Bolt app (minutes; BENCH_ROUNDS, BENCH_SECONDS)
	$(PY) -m tests.bench

soak: $(VENV)/.dev ## The long forms of the tests, then load with faults on each database (SOAK_MINUTES)
	SOAK=1 $(PY) -m pytest -q -m row -o faulthandler_timeout=1800
	$(PY) -m tests.soak

mutants: $(VENV)/.dev ## Makes mistakes on purpose and counts those that tests find (half an hour; EACH)
	$(PY) -m tests.mutation --each $${EACH:-90}

pictures: $(VENV)/.dev ## Takes the pictures of the README anew (Chromium)
	$(PY) -m tests.browser.pictures

texts: $(VENV)/.dev ## Compiles the catalogues of texts
	$(VENV)/bin/pybabel compile --domain standing_room --directory bot/texts/locale

pins: ## Pins every dependency again, with hashes
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras pyproject.toml -o .ci/requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras pyproject.toml --group dev -c .ci/requirements.txt -o .ci/requirements-dev.txt

clean: ## Removes what was set up
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
