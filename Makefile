# Any target first makes .venv from the lock. ARGS goes to pytest: make test ARGS=tests/portal
.DEFAULT_GOAL := help
.PHONY: help demo test bench check format lock

BIN := .venv/bin
PYTHON ?=
INSTALLED := .venv/.installed
RUN := $(BIN)/python -m launch run --
TEMPLATES = $$(git ls-files 'templates/*.html' 'templates/*.txt')
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url
# A server that faces people: what `check --deploy` asks for, with keys of this run.
AS_SERVER = DEBUG=0 HTTPS=1 SYNTHETIC=0 ALLOWED_HOSTS=reprisals.invalid

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

demo: $(INSTALLED)  ## start everything with synthetic data (PORT=8000); Ctrl-C stops it
	@$(BIN)/python -m launch demo

test: $(INSTALLED)  ## run all tests on a PostgreSQL and a Valkey of their own
	@$(BIN)/python -m launch browser
	@$(RUN) $(BIN)/pytest --numprocesses=auto --maxprocesses=8 --dist=loadfile $(ARGS)

bench: $(INSTALLED)  ## measure every page with N=10000 synthetic cases, beside bare SQL; also in var/bench.md
	@$(BIN)/python -m bench

check: $(INSTALLED)  ## lint, types, templates, migrations, dependencies, secrets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/deptry .
	$(BIN)/python -m launch check
	$(RUN) $(BIN)/mypy .
	$(RUN) $(BIN)/python manage.py makemigrations --check --dry-run
	@for door in console portal submission worker; do echo "check --deploy: $$door"; \
		$(AS_SERVER) DOOR=$$door $(RUN) $(BIN)/python manage.py check --deploy --fail-level WARNING \
		|| exit 1; done

format: $(INSTALLED)  ## put Python and templates into their one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $(TEMPLATES)

lock: $(INSTALLED)  ## compile requirements/*.txt anew from pyproject.toml
	$(COMPILE) -o requirements/base.txt
	$(COMPILE) --group dev -o requirements/dev.txt

$(INSTALLED): requirements/dev.txt
	@python=$(PYTHON); for name in python3 python3.13 python3.12 python3.11; do \
		[ -n "$$python" ] && break; \
		$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
		&& python=$$name; done; \
	[ -n "$$python" ] || { echo "Python 3.11, 3.12 or 3.13 is needed; PYTHON=… names one."; exit 1; }; \
	$(BIN)/python -c 'import pip' 2>/dev/null || $$python -m venv --clear .venv
	@echo "· installing what requirements/dev.txt names (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
