# Two commands need nothing but Python 3.11 or later, make and git: make sandbox, make test.

# The first one that is new enough; set PYTHON=... to choose another.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; \
	done)
BIN := .venv/bin
INSTALLED := .venv/.installed
# Dozens of processes load the same modules: each is compiled once, also where Python is told not to.
export PYTHONDONTWRITEBYTECODE :=
# Tests wait for sockets and processes more than they compute.
WORKERS ?= 4

.PHONY: help sandbox test lint collected coverage prove chaos format bench audit pictures lock clean

help:
	@echo "make sandbox   start the bot on an emulated Slack and App Store Connect"
	@echo "make test      formatting, lint, types, import contracts, all tests"
	@echo "make coverage  the tests, with what of the code they reach"
	@echo "make prove     2,000 random days of votes and pushes, and rules broken on purpose"
	@echo "make chaos     200 proposals while the process is killed and Slack and Apple fail"
	@echo "make format    let ruff mend what it can"
	@echo "make bench     print ratios against the floor measured in the same run"
	@echo "make audit     hold requirements.lock against the list of known vulnerabilities"
	@echo "make pictures  draw the documents' pictures anew, in a real browser"
	@echo "make lock      renew requirements.lock (needs uv)"
	@echo "make clean     remove the virtual environment and caches"

sandbox: $(INSTALLED)
	@$(BIN)/marquee sandbox $(ARGS)

test: $(INSTALLED)
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint collected
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Beside the types, which one processor checks: several processes would all compile every test.
collected: $(INSTALLED)
	@$(BIN)/python -m pytest --collect-only -qq >/dev/null

# Measured apart: it doubles what the tests compute.
coverage: $(INSTALLED)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --cov --cov-report=term $(ARGS)

prove: $(INSTALLED)
	@$(BIN)/python -m tests.prove $(ARGS)

chaos: $(INSTALLED)
	@$(BIN)/python -m tests.chaos $(ARGS)

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(INSTALLED)
	@$(BIN)/python -m tests.bench $(ARGS)

# In an environment of its own, gone afterwards: pip-audit is no dependency of ours.
audit:
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	"$(PYTHON)" -m venv "$$folder" && \
	{ "$$folder/bin/python" -m pip install --quiet --disable-pip-version-check pip-audit || { \
		echo "pip-audit cannot be installed from here, so nothing was audited." >&2; exit 1; }; } && \
	"$$folder/bin/pip-audit" --strict --require-hashes --disable-pip \
		--requirement requirements.lock || { \
		echo "See above: something is known, or could not be looked up and was not audited." >&2; exit 1; }

$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "Marquee needs Python 3.11 or later, and none was found." >&2; \
		echo "Install it, or name it: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@echo "Installing into .venv; this takes a minute the first time."
	@"$(PYTHON)" -m venv .venv || { \
		echo "$(PYTHON) cannot make a virtual environment." >&2; \
		echo "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@touch $@

pictures: $(INSTALLED)
	$(BIN)/python -m pytest -q tests/journeys/test_in_the_browser.py tests/slack/test_big_on_the_page.py
	mkdir -p docs/images
	cp tests/out/proposal.png tests/out/sandbox.png docs/images/
	for scheme in light dark; do cp tests/out/bulk-preview-$$scheme.png \
		tests/out/forty-locales-$$scheme.png tests/out/forty-locales-thread-$$scheme.png \
		docs/images/ || exit 1; done

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --group dev \
		pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache dist tests/out
	find bot tests -name __pycache__ -type d -prune -exec rm -rf {} +
