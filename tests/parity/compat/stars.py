"""`from torch.MODULE import *`: of what PyTorch exports, all that compat has."""

import importlib
import sys
import warnings
from collections.abc import Callable, Iterator
from types import ModuleType

import funcnet.compat as _compat
from tests.parity.report import Tally, Trial

# What other modules bring along where PyTorch has no `__all__`.
NOT_PYTORCHS = frozenset(("Iterable", "inspect"))


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for path in sorted(modules()):
        theirs = imported(f"torch.{path}" if path else "torch")
        if theirs is None:
            continue
        ours = importlib.import_module(f"{_compat.__name__}.{path}".rstrip("."))
        for name in sorted(starred(theirs) - NOT_PYTORCHS):
            if name in vars(ours):
                yield Trial(path or "torch", name, exported(ours, name))


def modules() -> Iterator[str]:
    """The public modules of compat, as they are after `import torch`."""
    yield ""
    prefix = f"{_compat.__name__}."
    for full in list(sys.modules):
        path = full.removeprefix(prefix)
        if full.startswith(prefix) and "._" not in full and path[:5] != "torch":
            yield path  # but for torchvision and torch_version


def imported(full: str) -> ModuleType | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of modules that are deprecated
        try:
            return importlib.import_module(full)
        except ImportError:
            return None


def starred(module: ModuleType) -> set[str]:
    """What `from module import *` gives."""
    if hasattr(module, "__all__"):
        return set(module.__all__)
    # Submodules are there once somebody has imported them.
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }


def exported(module: ModuleType, name: str) -> Callable[[], None]:
    def run() -> None:
        assert name in starred(module), f"{module.__name__} does not export {name}"

    return run
