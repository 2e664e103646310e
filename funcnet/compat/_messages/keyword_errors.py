"""Every public name and keyword answers a misspelt one with the right one.

Operations check their keywords themselves. What else is called by users (layers,
optimizers, loaders, functions) is wrapped here, once all of it is imported; later
versions of Python say which keyword was meant without this. The same wrapper finds out
when a function fails because its argument has a `__torch_function__`.
"""

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any, Final

from funcnet.compat._core.overriding import rescued
from funcnet.compat._messages import unsupported as _later
from funcnet.compat._messages.suggestions import explain_keyword
from funcnet.compat._ops import FUNCTIONS

_PACKAGE: Final = "funcnet.compat"
_RECORDER: Final = frozenset(
    f"{_PACKAGE}.{name}" for name in ("_autograd", "_storage", "_tensor")
)
PYTHON_SUGGESTS: Final = sys.version_info >= (3, 13)


def suggest_everywhere() -> None:
    """Give all public modules, classes and functions their suggestions."""
    wrapped: dict[FunctionType, Callable[..., Any]] = {}
    for name, module in _public_modules():
        known = vars(module)
        if "__getattr__" not in known:
            # The names are looked at when one is wrong.
            ask = functools.partial(_later.missing, known=known, module=name)
            known["__getattr__"] = ask
        for public, found in list(known.items()):
            if public.startswith("_") or not _is_ours(found):
                continue
            asks = public in FUNCTIONS or f"{name}.{public}" in FUNCTIONS
            if PYTHON_SUGGESTS and not (asks and isinstance(found, FunctionType)):
                continue
            if isinstance(found, type):
                _wrap_constructor(found)
            elif name.startswith("nn.modules."):
                continue  # what layers call
            elif isinstance(found, FunctionType) and (
                _takes_keywords(found) or (asks and not hasattr(found, "_known"))
            ):
                if found not in wrapped:
                    wrapped[found] = suggesting(found)
                    _rebind(found, wrapped[found])
                known[public] = wrapped[found]


def suggest_methods(cls: type) -> None:
    """Give the public methods of a class their suggestions."""
    for name, found in list(vars(cls).items()):
        plain = isinstance(found, FunctionType) and not name.startswith("_")
        if plain and not PYTHON_SUGGESTS and _takes_keywords(found):
            setattr(cls, name, suggesting(found))


def _public_modules() -> Iterator[tuple[str, ModuleType]]:
    for path, module in list(sys.modules.items()):
        name = path.removeprefix(_PACKAGE).lstrip(".")
        private = any(part.startswith("_") for part in name.split("."))
        if (path == _PACKAGE or path.startswith(f"{_PACKAGE}.")) and not private:
            yield name, module


def _is_ours(found: object) -> bool:
    """Whether it is made here; what records operations is left as fast as it is."""
    if isinstance(found, FunctionType):
        home = str(found.__globals__["__name__"])
    else:
        home = str(getattr(found, "__module__", ""))
    return home.startswith(_PACKAGE) and home not in _RECORDER


def _takes_keywords(function: Callable[..., Any]) -> bool:
    """Whether a keyword can be misspelt; operations, and who takes all, check them."""
    if hasattr(function, "_known"):
        return False
    code = inspect.unwrap(function).__code__
    named = code.co_argcount + code.co_kwonlyargcount
    return named > 1 and not code.co_flags & inspect.CO_VARKEYWORDS


@functools.cache  # classes have several public names, and bases in common
def _wrap_constructor(cls: type) -> None:
    for base in cls.__bases__:
        _wrap_constructor(base)
    init = vars(cls).get("__init__")
    if not isinstance(init, FunctionType) or hasattr(init, "__wrapped__"):
        return
    if _is_ours(cls) and _takes_keywords(init):
        cls.__init__ = suggesting(init)  # type: ignore[misc]


def _rebind(function: FunctionType, public: Callable[..., Any]) -> None:
    """Let the module that defines a function have it wrapped, too: pickles ask it."""
    home = function.__globals__
    if home.get(function.__qualname__) is function:
        home[function.__qualname__] = public


def suggesting(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that says which keyword was meant by one that it does not have."""

    @functools.wraps(function)
    def called(*args: object, **kwargs: object) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            if rescued(args, kwargs):
                return called(*args, **kwargs)
            if kwargs and isinstance(error, TypeError):
                explain_keyword(error, inspect.signature(function).parameters)
            raise

    return called
