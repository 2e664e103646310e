"""Registered functions as public names of the modules, with `__all__`.

A public module that shows registered functions ends with

    __all__ = publish(__name__)
    __getattr__ = suggestions(__name__)

and has them from then on. `from torch.fft import *` gives what is in `__all__`; the
error of a missing name suggests the one that was meant.
"""

import sys
from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._messages.refused_names import refused_here, refused_names
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._ops import FUNCTIONS, METHODS

PACKAGE: Final = "funcnet.compat"


def registered(path: str) -> dict[str, Callable[..., Any]]:
    """Return the registered functions of a module of PyTorch, by name.

    Args:
        path: without "torch": "" for `torch` itself, "nn.functional".
    """
    prefix = f"{path}." if path else ""
    return {
        name[len(prefix) :]: function
        for name, function in FUNCTIONS.items()
        if name.startswith(prefix) and "." not in name[len(prefix) :]
    }


def publish(module: str, *unlisted: str) -> list[str]:
    """Add the registered functions to a module; return their names for `__all__`.

    Args:
        module: its full name.
        unlisted: what `import *` leaves out, as in PyTorch; besides private names.
    """
    functions = registered(_path(module))
    vars(sys.modules[module]).update(functions)
    listed = {name for name in functions if not name.startswith("_")}
    return sorted(listed.difference(unlisted))


def lay_over_tensor(tensor_class: type) -> None:
    """Add the registered methods and attributes to the class of tensors."""
    for name, method in METHODS.items():
        setattr(tensor_class, name, method)
    for name in refused_names("Tensor"):
        setattr(tensor_class, name, refused_here("Tensor", name))


def suggestions(module: str) -> Callable[[str], Any]:
    """Return a module's `__getattr__`, which suggests the name that was meant."""
    names = vars(sys.modules[module])
    return lambda name: missing(name, names, _path(module))


def answer_wrong_names() -> None:
    """Add such a `__getattr__` to the other public modules imported so far."""
    for module in list(sys.modules):
        if (module + ".").startswith(f"{PACKAGE}.") and "._" not in module:
            vars(sys.modules[module]).setdefault("__getattr__", suggestions(module))


def _path(module: str) -> str:
    return module.removeprefix(PACKAGE).lstrip(".")
