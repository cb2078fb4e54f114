# Needs python3 (3.11 or later), python3-venv and make; everything else is set up here.
SHELL := /bin/bash
PY := .venv/bin/python
UV := .venv/bin/uv
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE :=
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo run check lint types imports test tests partner bench lock migration clean browser kit screens

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/.made:
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9 || echo "uv cannot be had here; pip does its work"
	@touch $@

define install
	@if [ -x $(UV) ]; then $(UV) pip install --quiet --python $(PY) --require-hashes --compile-bytecode -r $(1); \
	else .venv/bin/pip install --quiet --require-hashes -r $(1); fi
endef

.venv/.runtime: .venv/.made requirements.lock pyproject.toml
	@echo "Setting up (about half a minute the first time) ..."
	$(call install,requirements.lock)
	@if [ -x $(UV) ]; then $(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation -e .; \
	else .venv/bin/pip install --quiet --no-deps --no-build-isolation -e .; fi
	@touch $@

# Pages are tested in Debian's own Chromium; without the rights to install it those tests are named and left out.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	{ echo "Adding the browser the page tests need ..."; apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation libatomic1 >/dev/null; }; } || \
	echo "No Chromium here: tests of pages in a browser are left out (install Debian's chromium, fonts-liberation and libatomic1)."

.venv/.development: .venv/.runtime requirements-dev.lock
	@echo "Adding what tests need ..."
	$(call install,requirements-dev.lock)
	@touch $@

# The design kit of the pages comes from the npm registry and is trimmed; made once, then this takes no time.
kit: .venv/.runtime
	@$(PY) -m kit || echo "The design kit cannot be had here: pages are plain until make kit succeeds."

setup: .venv/.development kit  ## set everything up, tests included

demo: .venv/.runtime kit  ## build a fictional province and take its children through the procedure and across a border
	@.venv/bin/bid demo $(DEMO)

run: .venv/.runtime kit  ## start the API, the pages and the procedure on this machine
	@.venv/bin/bid serve

lint: .venv/.development
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .

types: .venv/.development
	@.venv/bin/mypy api cases cli core panels transfers workflows migrations kit

imports: .venv/.development
	@.venv/bin/lint-imports

tests: .venv/.development kit partner
	@$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -q $(TESTS)

screens: .venv/.development kit browser  ## pictures of pages at both widths, in var/screens, to be looked at
	@BID_SCREENS=$(CURDIR)/var/screens $(PY) -m pytest -q -n 0 tests/browser

check: lint types imports  ## format, lint, types, imports

test: check browser tests  ## everything a change must pass: checks and tests on SQLite and PostgreSQL

tests/partner/node_modules/.package-lock.json: .venv/.runtime tests/partner/package-lock.json
	@$(PY) -m kit.npm ci --prefix tests/partner --ignore-scripts --no-audit --no-fund --silent && touch $@ || \
	echo "The exchange partner of another make cannot be had here: its tests are left out."

partner: tests/partner/node_modules/.package-lock.json  ## set up the exchange partner of another make for tests

bench: .venv/.development  ## measure, all or ONLY="imports act"; results go to docs/benchmarks.md
	@$(PY) -m benchmarks $(foreach name,$(ONLY),--only $(name))

lock: .venv/.made  ## write the lock files anew after a change of dependencies
	$(UV) lock --quiet --upgrade
	$(UV) export --quiet --no-emit-project --no-default-groups --group build --format requirements-txt --no-header -o requirements.lock
	$(UV) export --quiet --no-emit-project --no-default-groups --group build --group dev --format requirements-txt --no-header -o requirements-dev.lock

migration: .venv/.development  ## write the next numbered migration: make migration name=what_it_does
	@$(PY) -m migrations $(name)

clean:  ## remove the environment and caches, never data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
