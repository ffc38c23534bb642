# What a newcomer types. Every target does its own set-up; `make help` lists them.
# PORT and LAB_HOME are honoured: `PORT=8600 LAB_HOME=~/lab make run`.

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
# Waiting threads sleep instead of spinning: on a small machine this is the difference between 0.06 s and 1 s a picture.
export OMP_WAIT_POLICY ?= PASSIVE
# Half of the tests each, in order; who is done first takes over half of what the other has left. Handing them out one by
# one costs the handing process more with every test that is done, and makes what tests share in both.
TEST_PROCESSES ?= 2

.PHONY: help run test check format lint types tests bench shots clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 16

run: $(VENV)/.user ## Start the lab and print its address
	$(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: check ## Everything that must hold before a change lands (the same as make check)

check: format lint types tests ## Format, lint, types and all tests, browser tests included

format: $(VENV)/.dev ## Is everything formatted?
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev ## Style and likely mistakes
	$(BIN)/ruff check .

types: $(VENV)/.dev ## Types, strict in lab
	$(BIN)/mypy

tests: $(VENV)/.dev $(VENV)/.browser ## All tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist worksteal

bench: $(VENV)/.dev $(VENV)/.browser ## Measure the speed claims as interleaved ratios on this machine
	$(BIN)/python -m bench

shots: $(VENV)/.dev $(VENV)/.browser ## Take screenshots of every page into build/shots and assets/screenshots
	$(BIN)/python -m bench.shots

clean: ## Remove the environment and what tests and tools left behind (your runs in .lab/ stay)
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "The lab needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.user: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.user

$(VENV)/.browser: bench/browser.py $(VENV)/.dev
	$(BIN)/python -m bench.browser
	@touch $@
