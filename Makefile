# Everything a newcomer needs runs from here, with python3 and make alone:
#   make demo     train a small network on real handwritten digits
#   make test     run the tests
# For those who change the code:
#   make lint     formatter, linter, type checker
#   make stubs    write compat's .pyi stubs anew, for editors and type checkers
#   make test-all the tests, the slow ones too
#   make parity   compare with PyTorch through PyTorch's own test databases
#   make parity-networks  compare every network with torchvision's, in an hour or two
#   make ecosystem  run packages that stand on PyTorch, in an environment without it
#   make bench    time training steps, loaders and checkpoints beside PyTorch's and others
#   make bench-scripts  run whole scripts from start to end beside PyTorch
#   make wheel    build the wheel, install it into an empty environment, use it

# The first of these that is Python 3.11 or later; 3.12's jax is the faster on CPUs.
PYTHON ?= $(shell for p in python3.12 python3.13 python3.11 python3; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$p; break; fi; done)
# PyTorch 2.13 is compared with under Python 3.11, the oldest that is supported. The
# variable matters to pyenv alone, which would offer what .python-version says.
TORCH_PYTHON ?= PYENV_VERSION=3.11 python3.11
# What is measured and compared can be narrowed: make parity ARGS=--short
ARGS ?=
LOADER_ARGS ?=
FILE_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
TORCH_VENV := .venv-torch
ECO_VENV := .venv-ecosystem
INSTALL = -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test test-all lint stubs parity parity-networks ecosystem reference \
	bench bench-smoke bench-scripts wheel clean
.DEFAULT_GOAL := test

$(VENV)/.demo: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "funcnet needs Python 3.11 or later"; exit 1; }
	@echo "Installing funcnet into $(VENV) with $(PYTHON) ..."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(INSTALL) --editable ".[plots]"
	@touch $@

$(VENV)/.dev: $(VENV)/.demo
	$(BIN)/python $(INSTALL) --editable ".[dev,plots]"
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python $(INSTALL) --editable ".[dev,plots,bench]"
	@touch $@

$(TORCH_VENV)/.installed: pyproject.toml constraints.txt
	$(TORCH_PYTHON) -m venv $(TORCH_VENV)
	$(TORCH_VENV)/bin/python $(INSTALL) torch==2.13.0 torchvision==0.28.0
	$(TORCH_VENV)/bin/python $(INSTALL) --editable ".[dev,parity]"
	@touch $@

demo: $(VENV)/.demo
	$(BIN)/python experiments/digits_cnn.py

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m "not slow" $(ARGS)

test-all: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tools.stubs --check

stubs: $(VENV)/.dev
	$(BIN)/python -m tools.stubs

parity: $(TORCH_VENV)/.installed
	$(TORCH_VENV)/bin/python -m tests.parity $(ARGS)

parity-networks: $(TORCH_VENV)/.installed
	$(TORCH_VENV)/bin/python -m tests.parity --full networks compat_networks \
		compat_detectors $(ARGS)

# pip takes the wheels that funcnet writes for PyTorch, so that none is brought in.
$(ECO_VENV)/.installed: pyproject.toml constraints.txt tests/ecosystem/requirements.txt
	$(PYTHON) -m venv $(ECO_VENV)
	$(ECO_VENV)/bin/python $(INSTALL) --editable . pytest
	$(ECO_VENV)/bin/funcnet wheels build/torch-wheels
	$(ECO_VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
		build/torch-wheels/*.whl -r tests/ecosystem/requirements.txt
	@touch $@

ecosystem: $(ECO_VENV)/.installed
	$(ECO_VENV)/bin/python -m pytest tests/ecosystem $(ARGS)

reference: $(TORCH_VENV)/.installed
	$(TORCH_VENV)/bin/python -m tests.reference.make $(ARGS)
	$(TORCH_VENV)/bin/python -m tests.reference.make_vision
	$(TORCH_VENV)/bin/python -m tests.reference.make_networks
	$(TORCH_VENV)/bin/python -m tests.reference.make_programs

bench: $(VENV)/.bench $(TORCH_VENV)/.installed
	$(BIN)/python -m benchmarks --torch-python $(TORCH_VENV)/bin/python $(ARGS)
	$(BIN)/python -m benchmarks.loaders --torch-python $(TORCH_VENV)/bin/python $(LOADER_ARGS)
	$(BIN)/python -m benchmarks.checkpoints --torch-python $(TORCH_VENV)/bin/python $(FILE_ARGS)

bench-scripts: $(VENV)/.demo $(TORCH_VENV)/.installed
	$(BIN)/python -m benchmarks.scripts --torch-python $(TORCH_VENV)/bin/python $(ARGS)

# The same table, a few rounds of its smallest row and without PyTorch.
bench-smoke: $(VENV)/.bench
	$(BIN)/python -m benchmarks --smoke

wheel: $(VENV)/.dev
	rm -rf build/wheel build/wheel-venv
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
	$(PYTHON) -m venv build/wheel-venv
	build/wheel-venv/bin/python $(INSTALL) build/wheel/funcnet-*.whl
	cd build && wheel-venv/bin/python ../tests/wheel_check.py

clean:
	rm -rf $(VENV) $(TORCH_VENV) $(ECO_VENV) build .pytest_cache .mypy_cache .ruff_cache
