# `make demo` and `make test` see to everything they need; a second run fetches nothing.

PYTHON ?= python3
VENV := .venv
CACHE := .closedloop/cache
RUN := $(VENV)/bin

INSTALLED := $(VENV)/.installed
FETCHED := $(CACHE)/.fetched

# No servers in these: what they find is known within seconds.
QUICK := $(wildcard tests/unit tests/contract tests/story)

# Compiled once, not again by every process that a test starts.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check bench soak up down lock clean distclean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

demo: $(FETCHED)  ## watch complaints go from received to closed
	@$(RUN)/closedloop demo

test: check $(FETCHED)  ## checks, then every test: a minute for those without servers, then about twenty
	@echo "about a minute for the tests without servers, then about twenty minutes for those on a real stack"
	@$(RUN)/python -m pytest -n logical --dist loadfile --durations=10 $(QUICK)
	@# What mostly waits runs three files at a time, each with a stack of its own; storms want the machine for themselves.
	@# In the order of their names: those that take minutes stand in e2e, those that take seconds fill the gaps at the end.
	@$(RUN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations=25 tests $(QUICK:%=--ignore=%) -m "not alone and not soak"
	@$(RUN)/python -m pytest --durations=25 tests/e2e -m "alone and not soak"

check: $(INSTALLED)  ## style and types
	@$(RUN)/ruff check .
	@$(RUN)/mypy $(wildcard services schemas closedloop)

bench: $(FETCHED)  ## how fast it is on this machine
	@$(RUN)/closedloop bench

soak: $(FETCHED)  ## all that is too long for every change: full sizes, ours among its peers, every seeded bug
	@$(RUN)/closedloop bench --soak
	@$(RUN)/closedloop bench peers --soak
	@$(RUN)/python -m pytest tests -m soak
	@EXAMPLES=all $(RUN)/python -m pytest -n logical --dist loadfile $(QUICK) tests/machine

up: $(FETCHED)  ## start everything and keep it running
	@$(RUN)/closedloop up

down: $(INSTALLED)  ## stop what `make up` started
	@$(RUN)/closedloop down

lock: $(INSTALLED)  ## requirements.in -> requirements.lock
	@$(PYTHON) -m venv $(CACHE)/lock-venv
	@$(CACHE)/lock-venv/bin/pip install --quiet pip-tools
	@$(CACHE)/lock-venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--output-file requirements.lock requirements.in

clean:  ## forget all data and logs, keep downloads
	@if [ -x $(RUN)/closedloop ]; then $(RUN)/closedloop down; fi
	@find .closedloop -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} + 2>/dev/null || true
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis

distclean: clean  ## forget downloads and the virtual environment too
	@rm -rf .closedloop $(VENV) *.egg-info

$(INSTALLED): requirements.lock pyproject.toml closedloop/stack/prerequisites.sh
	@PYTHON=$(PYTHON) closedloop/stack/prerequisites.sh
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(CACHE)
	$(RUN)/pip install --disable-pip-version-check --cache-dir $(CACHE)/pip --require-hashes -r requirements.lock
	$(RUN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(FETCHED): $(INSTALLED) closedloop/stack/pom.xml closedloop/stack/jars.sha256 closedloop/stack/mongod.txt
	@$(RUN)/python -m closedloop.stack
	@mkdir -p $(CACHE) && touch $@
