"""How functions of tensors that record nothing themselves get into the tables."""

from collections.abc import Callable
from typing import Any, TypeAlias

from funcnet.compat._ops.registry import FUNCTIONS, METHODS

Public: TypeAlias = Callable[..., Any]


def function(*names: str) -> Callable[[Public], Public]:
    """Enter a function of `torch` under these names."""

    def enter(public: Public) -> Public:
        FUNCTIONS.update(dict.fromkeys(names, public))
        return public

    return enter


def method(*names: str) -> Callable[[Public], Public]:
    """Enter a method of tensors under these names."""

    def enter(public: Public) -> Public:
        METHODS.update(dict.fromkeys(names, public))
        return public

    return enter


def both(*names: str) -> Callable[[Public], Public]:
    """Enter a function of a tensor that is a method, too."""

    def enter(public: Public) -> Public:
        return method(*names)(function(*names)(public))

    return enter


def attribute(name: str, get: Public, put: Public | None = None) -> None:
    """Enter a property of tensors."""
    METHODS[name] = property(get, put)  # type: ignore[assignment]


def named(public: Public, name: str, says: str) -> Public:
    """Give a function that was made here its name and its docstring."""
    public.__name__ = public.__qualname__ = name
    public.__doc__ = says
    return public
