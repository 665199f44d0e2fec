# The commands of the README. Everything they need is installed from the project's own files.

ENV ?= sit
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := $(VENV)/tools
PROOFS = $(BIN)/python -m pytest selftest -n 2 --dist worksteal -rs
SAMPLE = --sample

.PHONY: demo check test test-heavy proofs survivors lint locked lock clean

demo: $(VENV)/run  ## A broken account on this machine, and what is said of it
	@$(BIN)/python -m plumbline demo; ended=$$?; [ $$ended = 1 ] || exit $$ended

check: $(VENV)/run  ## Hold one environment against its runbook, offline: make check ENV=sit
	@$(BIN)/python -m pytest --env $(ENV); ended=$$?; \
	echo "pytest is in $(BIN); to type it by name: . $(BIN)/activate"; exit $$ended

test: lint $(VENV)/dev  ## Style, types, the suite, and the proofs of the suite; of those with many cases a sample
	$(BIN)/python -m pytest
	$(PROOFS) $(SAMPLE) -m "not heavy"

test-heavy: $(VENV)/dev $(TOOLS)/made  ## The proofs that take minutes: with Terraform, on every account, against what others decide
	for folder in reports policy_documents; do \
		command -v npm >/dev/null && npm install --prefix selftest/$$folder --silent --no-fund --no-audit || true; \
	done
	PLUMBLINE_TOOLS=$(abspath $(TOOLS))/bin $(PROOFS) $(SAMPLE) -m heavy

proofs:  ## What `make test test-heavy` does, with every case of every proof: hours
	$(MAKE) test test-heavy SAMPLE=

survivors: $(VENV)/dev  ## Every single edit of each stack: lists those that turn nothing red; STACK=bbws sweeps one, CHANGED=1 what changed since, MINUTES=60 for so long
	$(BIN)/python -m selftest.survivors $(if $(CHANGED),--changed) $(if $(MINUTES),--minutes $(MINUTES)) $(STACK)

lint: $(VENV)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict plumbline
	$(BIN)/lint-imports --no-cache > $(VENV)/imports || { cat $(VENV)/imports; false; }
	$(BIN)/yamllint --strict .github .pre-commit-config.yaml .yamllint
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-actions .github/actions/*/action.yml
	$(BIN)/zizmor --offline --no-progress --quiet .github
	$(BIN)/shellcheck scripts/*.sh

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Plumbline needs Python 3.11 or newer, and $(PYTHON) is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -e .
	touch $@

$(VENV)/dev: requirements-dev.txt requirements.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -e .
	touch $@ $(VENV)/run

# What tools need stays out of our own environment, and out of root's home, where nobody can run it.
$(TOOLS)/made: requirements-tools.txt | $(BIN)/python
	/usr/bin/python3 -m venv $(TOOLS) 2>/dev/null || $(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-tools.txt
	touch $@

locked: | $(BIN)/python  ## What `make test` needs, of what the lock file has a hash of alone; for machines that deploy
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
	touch $(VENV)/dev $(VENV)/run

lock:  ## The lock files, from what is pinned; needs pip-compile
	for it in requirements requirements-dev; do \
		pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url \
			--no-emit-trusted-host --no-emit-find-links -o $$it.lock $$it.txt requirements-build.txt || exit 1; \
	done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
