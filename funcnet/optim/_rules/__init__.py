"""Update rules, one a file: the formula of each of PyTorch's optimizers.

What a file names in `__all__` is public in `funcnet.optim`. The files are found at
import, so that a rule is added by writing one; type checkers and editors, which run
nothing, have the names from the stub of `funcnet.optim` (`make stubs`).
"""

import importlib
import pkgutil
from typing import Any


def public_names() -> dict[str, Any]:
    """Import all files of this folder and return what they make public, by name."""
    result: dict[str, Any] = {}
    for info in pkgutil.iter_modules(__path__, __name__ + "."):
        module = importlib.import_module(info.name)
        result |= {
            name: getattr(module, name) for name in getattr(module, "__all__", ())
        }
    return result
