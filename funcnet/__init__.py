"""funcnet: deep learning on JAX for people who know PyTorch."""

import importlib
from typing import Any

from funcnet._errors import InputError, InputTypeError

__version__ = "0.1.0"

_SUBPACKAGES = (
    "checkpoint",
    "data",
    "functional",
    "init",
    "interop",
    "models",
    "nn",
    "optim",
    "train",
    "tree",
)

__all__ = ["InputError", "InputTypeError", "__version__", "export", "jit"]
__all__ += _SUBPACKAGES


def __getattr__(name: str) -> Any:
    # Subpackages load when first used: optax alone takes longer to import than jax.
    if name in _SUBPACKAGES:
        return importlib.import_module(f"funcnet.{name}")
    if name == "jit":
        return importlib.import_module("funcnet._jit").jit
    if name == "export":
        return importlib.import_module("funcnet.interop").export
    raise AttributeError(f"module 'funcnet' has no attribute {name!r}")
