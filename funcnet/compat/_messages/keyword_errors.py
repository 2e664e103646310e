"""A wrong keyword is answered with the right one, on every version of Python.

What the registry has checks its keywords itself. Other public functions and classes
have the decorator here; classes of a family have it by `__init_subclass__` of its base.
"""

import functools
import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any, Final, TypeVar

from funcnet._homes import home_of
from funcnet.compat._messages.suggestions import explain_keyword

_PACKAGE: Final = "funcnet.compat."

Public = TypeVar("Public", bound=Callable[..., Any])
Class = TypeVar("Class", bound=type)


def explains_keywords(public: Public) -> Public:
    """Decorate a function, or a class for its constructor, whose keywords are public.

    Example:
        >>> @explains_keywords
        ... def scaled(x, factor=1): ...
        >>> scaled(1, fcator=2)
        Traceback (most recent call last):
        TypeError: scaled() got an unexpected keyword argument 'fcator'. Did you mean...
    """
    if isinstance(public, type):
        _explain_constructor(public)
        return public
    return _explaining(public)


def explain_constructor(cls: type) -> None:
    """Let the constructor of a subclass answer, if the class is this package's.

    For `__init_subclass__`: the classes of users are left as they are.
    """
    if home_of(cls).startswith(_PACKAGE):
        _explain_constructor(cls)


def explains_keywords_of_methods(cls: Class) -> Class:
    """Decorate a class whose public methods, and constructor, take public keywords."""
    for name, method in list(vars(cls).items()):
        if isinstance(method, FunctionType) and not name.startswith("_"):
            setattr(cls, name, _explaining(method))
    _explain_constructor(cls)
    return cls


def _explain_constructor(cls: Any) -> None:
    init = vars(cls).get("__init__")
    if isinstance(init, FunctionType):
        cls.__init__ = _explaining(init)


def _explaining(function: Any) -> Any:
    if not _takes_keywords(function):
        return function

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if kwargs:
                explain_keyword(error, inspect.signature(function).parameters)
            raise

    return called


def _takes_keywords(function: Any) -> bool:
    """Return whether a keyword can be misspelt; who takes all of them checks them."""
    code = inspect.unwrap(function).__code__
    named = code.co_argcount + code.co_kwonlyargcount
    return named > 1 and not code.co_flags & inspect.CO_VARKEYWORDS
