# The commands of this repository. Each target sets up what it needs in .venv, once; to start over: rm -rf .venv
#
#   PYTHON=python3.12        the interpreter that .venv is made with (3.11 or newer)
#   TORCH_INDEX=URL          where to look for PyTorch besides PyPI. PyPI's build for Linux brings gigabytes of CUDA,
#                            which this program never uses; without them:
#                            make serve TORCH_INDEX=https://download.pytorch.org/whl/cpu
#   SERVE_ARGS='--port 9000' what `yearbook-qa serve` is called with
#   PYTEST_ARGS='-k outline' what pytest is called with
#   YEARBOOK_QA_DATA=FOLDER  the data that some tests and the benchmarks read (else ../shared); without it they skip

PYTHON ?= python3
TORCH_INDEX ?=
SERVE_ARGS ?=
PYTEST_ARGS ?=
BENCHMARKS ?= outline formats seeds notes editions checking encoding cold_start building latency recall load ray_engine

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check
# Nothing is resolved and nothing but these files is taken: each package has the sha256 of what was tested.
LOCKED := --require-hashes --no-deps
SELF := --no-deps --no-build-isolation --editable .
LOCK := build/lock/bin/python -m tests.benchmarks.supply
PYTEST := HF_HUB_OFFLINE=1 HF_HUB_DISABLE_TELEMETRY=1 $(BIN)/python -m pytest -rfEs --durations=25

.PHONY: help serve test test-long check check-format check-lint check-types check-imports format benchmark screenshots constraints lock licences audit clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 22

# Stamps: a target is up to date until pyproject.toml or constraints.txt changes, so the second run starts at once.
# PyTorch first and by itself, so that TORCH_INDEX serves nothing else; setuptools with it, so that the build of this
# project needs no download of its own (--no-build-isolation).
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, $(PYTHON) is " + sys.version.split()[0] + ": name another one, as in PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --upgrade pip
	@touch $@

$(VENV)/.torch: $(VENV)/.made constraints.txt
	$(PIP_INSTALL) --constraint constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) setuptools torch
	@touch $@

$(VENV)/.installed: $(VENV)/.torch pyproject.toml constraints.txt .locked/run.txt
	$(PIP_INSTALL) $(LOCKED) --requirement .locked/run.txt
	$(PIP_INSTALL) $(SELF)
	@touch $@

$(VENV)/.installed-test: $(VENV)/.torch pyproject.toml constraints.txt .locked/run.txt .locked/test.txt
	$(PIP_INSTALL) $(LOCKED) --requirement .locked/run.txt --requirement .locked/test.txt
	$(PIP_INSTALL) $(SELF)
	@touch $(VENV)/.installed $@

$(VENV)/.installed-dev: $(VENV)/.torch pyproject.toml constraints.txt $(wildcard .locked/*.txt)
	$(PIP_INSTALL) $(LOCKED) $(foreach name,run test dev,--requirement .locked/$(name).txt)
	$(PIP_INSTALL) $(SELF)
	@touch $(VENV)/.installed $(VENV)/.installed-test $@

serve: $(VENV)/.installed ## the web form, on the next free port where its own is taken
	$(BIN)/yearbook-qa serve $(SERVE_ARGS)

test: $(VENV)/.installed-test ## the tests, with the reason of each skip
ifdef PYTEST_ARGS
	$(PYTEST) $(PYTEST_ARGS)
else
	@# Those of the browser wait half of their time: beside the others all take two thirds of it.
	@mkdir -p build; $(PYTEST) tests/browser > build/browser.log 2>&1 & browser=$$!; trap 'kill $$browser' INT TERM; \
	$(PYTEST) --ignore=tests/browser; others=$$?; wait $$browser; browser=$$?; cat build/browser.log; \
	[ $$others -eq 0 ] || echo "tests failed beside those of the browser: see above"; \
	[ $$others -eq 0 ] && [ $$browser -eq 0 ]
endif

test-long: $(VENV)/.installed-test ## the tests that take minutes
	$(PYTEST) -m long $(PYTEST_ARGS)

check: check-format check-lint check-types check-imports ## format, lint, types, direction of imports

check-format: $(VENV)/.installed-dev
	$(BIN)/ruff format --check

check-lint: $(VENV)/.installed-dev
	$(BIN)/ruff check

check-types: $(VENV)/.installed-dev
	$(BIN)/mypy

check-imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports --no-cache
	$(PYTEST) -q tests/test_architecture.py

format: $(VENV)/.installed-dev ## put the code into form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

benchmark: $(VENV)/.installed ## the numbers of the README (BENCHMARKS='outline' for some of them)
	@set -e; for name in $(BENCHMARKS); do \
		echo "== $$name"; $(BIN)/python -m tests.benchmarks.$$name; \
	done

screenshots: $(VENV)/.installed-test ## the pictures of the README, of the sample documents
	$(BIN)/python -m tests.browser.screenshots

constraints: ## constraints.txt anew, with the newest versions that pyproject.toml allows; run the tests after it
	rm -rf build/constraints
	$(PYTHON) -m venv build/constraints
	build/constraints/bin/python -m pip install --disable-pip-version-check --upgrade pip
	build/constraints/bin/python -m pip install $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) setuptools torch
	build/constraints/bin/python -m pip install --no-build-isolation --editable '.[test,dev]'
	@{ sed -n '/^#/p' constraints.txt; \
		build/constraints/bin/python -m pip freeze --all --exclude pip --exclude-editable | sed -E 's/\+[a-z0-9.]+$$//'; \
	} > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/constraints

build/lock/.made:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --disable-pip-version-check 'uv>=0.13,<0.14' 'pip-audit>=2.10,<3'
	@touch $@

lock: build/lock/.made ## .locked/ anew, from constraints.txt: the hashes that make installs by (after make constraints)
	$(LOCK) lock

licences: $(VENV)/.installed-dev ## the licence of each package
	$(BIN)/python -m tests.benchmarks.supply licences

audit: build/lock/.made ## known vulnerabilities of the locked packages, where PyPI's database can be reached
	$(LOCK) audit

clean: ## remove what builds and tests leave (.venv stays)
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find corpus index qa tests -name __pycache__ -type d -prune -exec rm -rf {} +
