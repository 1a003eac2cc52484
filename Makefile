# Commands of this repository. Each target installs its requirements in .venv once; to start over: rm -rf .venv
#
#   PYTHON=python3.12        the interpreter of .venv (3.11 or newer)
#   TORCH_INDEX=URL          an additional index for PyTorch. PyPI's build for Linux includes gigabytes of CUDA,
#                            which this program never uses. The CPU build:
#                            make serve TORCH_INDEX=https://download.pytorch.org/whl/cpu
#   SERVE_ARGS='--port 9000' arguments of `yearbook-qa serve`
#   PYTEST_ARGS='-k outline' arguments of pytest
#   YEARBOOK_QA_DATA=FOLDER  data of some tests and of the benchmarks (default ../shared); tests skip without it

PYTHON ?= python3
TORCH_INDEX ?=
SERVE_ARGS ?=
PYTEST_ARGS ?=
BENCHMARKS ?= outline formats seeds notes_ranking editions checking encoding cold_start building latency recall load operations ray_engine

VENV := .venv
BIN := $(VENV)/bin
# Python compiles a module when it is first imported, and keeps the result unless PYTHONDONTWRITEBYTECODE is set. Compiling
# all modules of all packages would take longer than the rest of the installation.
unexport PYTHONDONTWRITEBYTECODE
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-compile
# No resolution of versions: each package must have the sha256 of the tested file.
LOCKED := --require-hashes --no-deps
SELF := --no-deps --no-build-isolation --editable .
LOCK := build/lock/bin/python -m tests.dependencies
# The folders of these two lists are chosen so that the three processes of `make test` take about as long.
TESTS_BROWSER := tests/browser tests/qa/cli tests/qa/evaluation
# Readers first: they need no model, which another process exports meanwhile.
TESTS_INDEX := tests/corpus/readers tests/qa/question $(addprefix tests/index/,building repair models dense lexical storage ranking) \
	tests/benchmarks
PYTEST := HF_HUB_OFFLINE=1 HF_HUB_DISABLE_TELEMETRY=1 $(BIN)/python -m pytest -rfEs --durations=25

.PHONY: help serve test test-long check check-format check-lint check-types check-imports format benchmark screenshots constraints lock licences audit sbom clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 22

# Stamps: a target is up to date until pyproject.toml or constraints.txt changes, so the second run starts at once.
# PyTorch is installed first and separately, so that TORCH_INDEX provides no other package; setuptools with it, so that
# building this project downloads nothing (--no-build-isolation).
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

serve: $(VENV)/.installed ## start the web form on port 7860 or the next free one
	$(BIN)/yearbook-qa serve $(SERVE_ARGS)

test: $(VENV)/.installed-test ## run the tests, with the reason of each skip
ifdef PYTEST_ARGS
	$(PYTEST) $(PYTEST_ARGS)
else
	@# Tests wait half of the time for a browser or a process: three pytest processes keep two cores busy. Those of the
	@# browser have time limits, so they go first.
	@mkdir -p build; $(PYTEST) $(TESTS_BROWSER) > build/browser.log 2>&1 & browser=$$!; \
	nice -n 2 env $(PYTEST) $(TESTS_INDEX) > build/index.log 2>&1 & index=$$!; trap 'kill $$browser $$index' INT TERM; \
	nice -n 2 env $(PYTEST) $(addprefix --ignore=,$(TESTS_BROWSER) $(TESTS_INDEX)); others=$$?; \
	wait $$browser; browser=$$?; wait $$index; index=$$?; cat build/browser.log build/index.log; \
	[ $$browser -eq 0 ] || echo "tests of $(TESTS_BROWSER) failed: see above"; \
	[ $$others -eq 0 ] || echo "tests other than those of $(TESTS_BROWSER) $(TESTS_INDEX) failed: see above"; \
	[ $$others -eq 0 ] && [ $$browser -eq 0 ] && [ $$index -eq 0 ]
endif

test-long: $(VENV)/.installed-test ## run the tests that take minutes
	$(PYTEST) -m long $(PYTEST_ARGS)

check: check-format check-lint check-types check-imports ## check format, lint, types and import contracts

check-format: $(VENV)/.installed-dev
	$(BIN)/ruff format --check

check-lint: $(VENV)/.installed-dev
	$(BIN)/ruff check

check-types: $(VENV)/.installed-dev
	$(BIN)/mypy

check-imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.installed-dev ## format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

benchmark: $(VENV)/.installed ## measure the figures of docs/figures.md (BENCHMARKS='outline' for some of them) and keep them
	$(BIN)/python -m tests.benchmarks.history run $(BENCHMARKS)

screenshots: $(VENV)/.installed-test ## take the screenshots of the README
	$(BIN)/python -m tests.browser.screenshots

constraints: ## rewrite constraints.txt with the newest allowed versions; run the tests afterwards
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
	build/lock/bin/python -m pip install --disable-pip-version-check 'uv>=0.13,<0.14' 'pip-audit>=2.10,<3' 'cyclonedx-bom>=7,<8'
	@touch $@

lock: build/lock/.made ## rewrite .locked/, the hashes for installation, from constraints.txt (after make constraints)
	$(LOCK) lock

licences: $(VENV)/.installed-dev ## list the licence of each package
	$(BIN)/python -m tests.dependencies licences

audit: build/lock/.made ## list known vulnerabilities of the locked packages (needs PyPI's database)
	$(LOCK) audit

sbom: $(VENV)/.installed build/lock/.made ## write build/sbom.json: what is installed in .venv, as CycloneDX
	build/lock/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file build/sbom.json $(BIN)/python

clean: ## remove files of builds and tests except .venv
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find corpus index qa tests -name __pycache__ -type d -prune -exec rm -rf {} +
