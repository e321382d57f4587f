# ledger: every command a developer needs. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test check bench format lock setup setup-test samples

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input
# What the offline engine reads Hangul with; without it, dates and amounts are still read.
ENGINE_PACKAGES := tesseract-ocr-kor
TEST_PACKAGES := $(ENGINE_PACKAGES) mariadb-server redis-server chromium-headless-shell fonts-nanum fonts-noto-color-emoji

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: setup  ## the desk with sample receipts on http://127.0.0.1:8501 (PORT=… for another)
	@exec $(BIN)/python -m ledger demo --port $(PORT)

test: setup-test  ## all tests, on real servers that they start themselves
	@$(BIN)/python -m pytest -n 3  # on two processors: a test that waits for a page or a server leaves one idle

check: $(VENV)/.dev  ## format, lint, types, imports
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	@echo "check: ok"

bench: setup-test  ## measure (ONLY=name: benchmarks/name.py alone; DATA=folder: real receipts as well)
	@for script in benchmarks/$(or $(ONLY),*).py; do PYTHONPATH=. $(BIN)/python $$script $(if $(DATA),"$(DATA)") || exit 1; done

format: $(VENV)/.dev  ## write the code as `make check` wants it
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

samples: setup-test  ## draw the sample receipts anew
	@$(BIN)/python -m samples.make

lock: $(VENV)/.dev  ## resolve the pinned versions again from pyproject.toml
	@$(PIP) install uv
	@$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --no-annotate --no-header pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --no-annotate --no-header --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

setup: $(VENV)/.runtime  ## what the desk needs
	@deploy/debian-packages.sh $(ENGINE_PACKAGES)

setup-test: $(VENV)/.dev  ## what the tests need, Debian packages included
	@deploy/debian-packages.sh --required $(TEST_PACKAGES)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || deploy/debian-packages.sh --required python3-venv
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(BIN)/python
	@echo "Installing what the desk needs (a minute or two, once) …" >&2
	@$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(BIN)/python
	@$(PIP) install -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime
