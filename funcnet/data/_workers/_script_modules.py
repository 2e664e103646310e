"""What the script has put into its own modules, for workers, which import them anew."""

import abc
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, Final

import numpy as np

from funcnet.data._workers._pickling import is_found, is_own, made_module, trial

SIMPLE: Final = (type(None), bool, int, float, complex, str, bytes)
_NEVER: Final = {
    *("__module__", "__dict__", "__weakref__", "__doc__", "__slots__", "__qualname__"),
    *("__annotations__", "__abstractmethods__", "__parameters__", "__orig_bases__"),
    *("__match_args__", "__dataclass_fields__", "__dataclass_params__", "_abc_impl"),
    *("__hash__", "__annotate__", "__annotations_cache__", "__type_params__"),
}


@dataclass
class State:
    """What a module of the script's own holds.

    Attributes:
        name: of the module.
        unimportable: whether no worker can import it.
        values: what can be pickled, by name.
        classes: what its classes hold, by name of the class.
        refused: the class of what cannot be pickled, by name.
    """

    name: str
    unimportable: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    classes: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def states(met: Mapping[str, ModuleType], libraries: set[str]) -> list[State]:
    """What these modules hold, and those that they lead to; libraries are noted."""
    stock = _Stock(dict(met), libraries)
    return list(stock.all())


class _Stock:
    """Takes stock of modules, one after the other, until none is left."""

    def __init__(self, met: dict[str, ModuleType], libraries: set[str]) -> None:
        self.left, self.seen, self.libraries = met, set(met), libraries

    def all(self) -> Iterator[State]:
        while self.left:
            yield self._state(self.left.pop(next(iter(self.left))))

    def _meet(self, name: str, module: ModuleType) -> None:
        if name not in self.seen:
            self.seen.add(name)
            self.left[name] = module

    def _state(self, module: ModuleType) -> State:
        state = State(module.__name__, not is_found(module))
        for name, value in list(vars(module).items()):
            if _is_special(name):
                continue
            if isinstance(value, ModuleType):
                if not is_own(value):
                    self.libraries.add(value.__name__)
                    continue
                self._meet(value.__name__, value)
            if _is_defined_in(module, value):
                if isinstance(value, type) and value.__qualname__ == name:
                    self._hold(value, state)
                # Under its own name it comes with the import; and what a decorator has
                # made, which is local to that, does so, too.
                if not state.unimportable and value.__qualname__ in (
                    name,
                    _local(value),
                ):
                    continue
            self._keep(state, state.values, name, value)
        return state

    def _hold(self, cls: type, state: State) -> None:
        """Keep what the script may have put into a class: data, functions of others."""
        held = state.classes.setdefault(cls.__qualname__, {})
        plain = type(cls) in (type, abc.ABCMeta)  # others act when something is set
        for name, value in list(vars(cls).items()):
            if name in _NEVER or _is_descriptor(value):
                continue
            function = getattr(value, "__func__", value)
            if isinstance(value, property):
                function = value.fget
            if isinstance(function, FunctionType | type):
                wanted = function.__module__ != cls.__module__
            elif plain:
                wanted = not _is_special(name)
            else:
                wanted = type(value) in SIMPLE and not _is_special(name)
            if wanted:
                self._keep(state, held, name, value, cls.__qualname__ + ".")

    def _keep(
        self, state: State, held: dict[str, Any], name: str, value: Any, path: str = ""
    ) -> None:
        """Keep a value if it can be pickled; note which modules that takes."""
        if type(value) not in SIMPLE and not _is_numbers(value):
            tried = trial(value)
            if tried is None:
                state.refused[path + name] = _type_name(value)
                return
            for module_name, module in tried.modules.items():
                self._meet(module_name, module)
            self.libraries |= tried.libraries
        held[name] = value


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _is_defined_in(module: ModuleType, value: Any) -> bool:
    is_code = isinstance(value, FunctionType | type)
    return is_code and value.__module__ == module.__name__


def _local(value: Any) -> str | None:
    """The name of something that is defined inside a function."""
    name: str = value.__qualname__
    return name if "<locals>" in name else None


def _is_descriptor(value: Any) -> bool:
    return type(value).__name__ in (
        *("member_descriptor", "getset_descriptor", "wrapper_descriptor"),
        *("method_descriptor", "builtin_function_or_method", "cached_property"),
    )


def _is_numbers(value: Any) -> bool:
    return type(value) is np.ndarray and value.dtype.kind in "biufc"


def _type_name(value: Any) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}"


# --- in a worker ----------------------------------------------------------------------


def restore(saved: list[State]) -> list[str]:
    """Put into the modules what they hold; say what could not be put there."""
    lost: list[str] = []
    for state in saved:
        try:
            if state.unimportable:
                module = made_module(state.name, False)
            else:
                module = importlib.import_module(state.name)
        except Exception:
            continue  # its use will raise the error
        vars(module).update(state.values)
        for name, held in state.classes.items():
            for attribute, value in held.items():
                _set(vars(module).get(name), attribute, value)
        lost += _lost(module, state)
    return lost


def _set(cls: Any, name: str, value: Any) -> None:
    try:
        if vars(cls).get(name) is not value:
            setattr(cls, name, value)
    except (AttributeError, TypeError):  # a class whose attributes are read-only
        return


def _lost(module: ModuleType, state: State) -> Iterator[str]:
    """What the script has, and the import made nothing of the same class."""
    for path, type_name in state.refused.items():
        value: Any = module
        for part in path.split("."):
            value = vars(value).get(part) if hasattr(value, "__dict__") else None
        if _type_name(value) != type_name:
            yield f"{state.name}.{path} ({type_name})"
