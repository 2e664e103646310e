"""Where classes are defined, also where they show another module.

Where `import torch` gives `funcnet.compat`, its classes have the names that PyTorch's
have: `print(type(x))` shows `<class 'torch.Tensor'>`, and packages ask a class for its
module. What asks whether a class is this package's asks here.
"""

from typing import Final

_HOMES: Final[dict[type, str]] = {}


def home_of(cls: type) -> str:
    """The module in which a class is defined.

    Example:
        >>> home_of(dict)
        'builtins'
    """
    return _HOMES.get(cls, cls.__module__)


def show_in(cls: type, module: str) -> None:
    """Let a class say that it is of another module."""
    _HOMES.setdefault(cls, cls.__module__)
    cls.__module__ = module
