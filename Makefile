# SA Pro. `make run` and `make test` are all there is to know; `make` alone lists the rest.
# Needs Python 3.11 or newer with venv. On Debian: apt install python3-venv make git

PYTHON ?= python3
VENV   ?= .venv
HOST   ?= 127.0.0.1
PORT   ?= 8000
ARGS   ?=

BIN    := $(VENV)/bin
# The name by which the operator opens the site on this machine. A public site sets SAPRO_URL itself.
SITE   := $(if $(SAPRO_URL),$(SAPRO_URL),http://localhost:$(PORT))

# Both read the same lock file, take nothing whose hash is not in it, and build nothing. uv takes a second, pip fifteen.
ifeq ($(shell uv --version >/dev/null 2>&1 && echo yes),yes)
INSTALL = uv pip sync --quiet --python $(BIN)/python --require-hashes --no-build
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test bench load chaos fuzz proof lint lock clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 8

run: $(VENV)/.run ## install what is needed, load the course, serve it (HOST, PORT, SAPRO_DATA …: docs/operating.md)
	@SAPRO_URL=$(SITE) $(BIN)/python manage.py migrate --noinput --verbosity 0
	@SAPRO_URL=$(SITE) $(BIN)/python manage.py load_course
	@SAPRO_URL=$(SITE) $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@SAPRO_URL=$(SITE) $(BIN)/python manage.py first_run
	@echo "SA Pro is served at $(SITE) – Ctrl-C stops it."
	@SAPRO_URL=$(SITE) exec $(BIN)/gunicorn sapro.wsgi --bind $(HOST):$(PORT)

test: $(VENV)/.dev ## run every test this machine can run, and name the rest (ARGS="-k words" narrows)
	@$(BIN)/python tests/run $(ARGS)

bench: $(VENV)/.dev ## print the speed ratios of docs/performance.md
	@$(BIN)/python -m tests.benchmarks $(ARGS)

load: $(VENV)/.dev ## 500 learners at once, for ten minutes: docs/performance.md (ARGS="--seconds 60")
	@$(BIN)/python -m tests.benchmarks.loadrun $(ARGS)

chaos: $(VENV)/.dev ## pull the plug on the served site, 20 schedules a database (ARGS="--seed 7 --schedules 1")
	@$(BIN)/python -m tests.chaos $(ARGS)

fuzz: $(VENV)/.dev ## send what no page would send, and open pages full of text that would run (docs/security.md)
	@$(BIN)/python -m tests.security $(ARGS)

proof: $(VENV)/.dev ## chaos with 500 schedules a database, fuzz and load; logs in docs/proof/ (ARGS="--only fuzz")
	@$(BIN)/python -m tests.proof $(ARGS)

lint: $(VENV)/.dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy sapro reference quizzes

lock: ## resolve requirements*.in again into the hashed lock files (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--upgrade requirements.in --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--upgrade requirements-dev.in --output-file requirements-dev.txt

clean: ## remove the virtual environment and caches; the data folder stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or set PYTHON=/path/to/python."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Set PYTHON=/path/to/python."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo "This Python cannot make virtual environments. On Debian: apt install python3-venv"; exit 1; }
	@echo "Making a virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.made
	@echo "Installing the packages of requirements.txt …"
	@$(INSTALL) requirements.txt
	@rm -f $(VENV)/.dev
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt $(VENV)/.made
	@echo "Installing the packages of requirements-dev.txt …"
	@$(INSTALL) requirements-dev.txt
	@touch $(VENV)/.run $@
