# Two commands do everything on a fresh clone: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint check types unit lock benchmark accuracy wheel system clean

# A sweep of a simulated site on loopback; nothing leaves this machine.
demo: $(READY)
	$(BIN)/camcensus demo --out camcensus-demo

# Everything that must hold: style, types, fingerprints, tests, and the built wheel.
test: system $(READY) lint types check unit

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

check: $(READY)
	$(BIN)/camcensus fingerprints check
	$(BIN)/camcensus registry check

# Side by side where each worker can have a network of its own (tests/conftest.py), else one after another. Many tests
# wait rather than compute, and those on a wire are one long row that has to begin early.
WORKERS := $(shell [ "$$(id -u)" = 0 ] && unshare --net true 2>/dev/null && echo 3 || echo 0)
unit: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

# What the tests need of the system; only where we are root on a Debian and it is missing.
system:
	@sh tools/system-packages.sh

$(READY): requirements.lock pyproject.toml setup.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "No venv module for $(PYTHON): install it (Debian: apt-get install python3-venv) and run make again." >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

# After a change of the dependencies in pyproject.toml.
lock: $(READY)
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options -o requirements.lock pyproject.toml

benchmark: $(READY)
	$(BIN)/python -m benchmarks

# The recorded cases lie beside the checkout; without them the page stays as it is. RECOG=DIR adds Recog's figures.
CASES ?= ../shared/cases/dev.jsonl
accuracy: $(READY)
	@test -f $(CASES) || echo "$(CASES) is not here: docs/accuracy.md stays as it is." >&2
	@test ! -f $(CASES) || $(BIN)/camcensus fingerprints accuracy $(CASES) --out docs/accuracy.md $(if $(RECOG),--recog $(RECOG))

wheel: $(READY)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache camcensus-demo
