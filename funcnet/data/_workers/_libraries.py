"""What the script has changed in libraries, for workers, which import them anew.

A library's switches are plain values under public names, as PIL.ImageFile's
LOAD_TRUNCATED_IMAGES; and a script may replace one by a function of its own.
What else a library remembers stays with the library.
"""

import importlib
import sys
from dataclasses import dataclass
from functools import partial
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any, Final

from funcnet._homes import home_of
from funcnet.data._workers._after_import import after_import
from funcnet.data._workers._pickling import is_own, trial
from funcnet.data._workers._script_modules import SIMPLE

# Changed by what they do, not by scripts; or too large, and without switches.
_WITHOUT: Final = ("jax", "jaxlib", "numpy.", "scipy", "ml_dtypes")
_ALWAYS: Final = {"PIL", "numpy", "cv2"}
_PACKAGE: Final = "funcnet"


@dataclass(frozen=True)
class Reference:
    """A function or a class of some module."""

    module: str
    name: str

    def resolve(self) -> Any:
        """Itself."""
        value: Any = importlib.import_module(self.module)
        for part in self.name.split("."):
            value = getattr(value, part)
        return value


Values = dict[str, Any]


@dataclass(frozen=True)
class Changes:
    """What a module of a library has under its public names, and its classes."""

    values: Values
    classes: dict[str, Values]


def changes(met: set[str]) -> dict[str, Changes]:
    """What may be changed in these modules' packages, and in some others, by module."""
    packages = {name.partition(".")[0] for name in met} | _ALWAYS
    ours = "funcnet.compat" if any(map(_is_of_compat, met)) else "funcnet.data"
    seen: set[type] = set()
    result = {}
    for name, module in list(sys.modules.items()):
        package = name.partition(".")[0]
        if package not in packages or "._" in name or name.startswith(_WITHOUT):
            continue
        if package == _PACKAGE and not name.startswith(ours):
            continue
        if package in sys.stdlib_module_names or package == "__main__":
            continue
        if type(module) is ModuleType and name == module.__name__:
            changed = _changes(name, module, seen)
            if changed.values or changed.classes:
                result[name] = changed
    return result


def _is_of_compat(name: str) -> bool:
    return name.startswith("funcnet.compat")


def _changes(name: str, module: ModuleType, seen: set[type]) -> Changes:
    package = name.partition(".")[0]
    ours = package == _PACKAGE
    result = Changes({}, {})
    for key, value in list(vars(module).items()):
        if key.startswith("_"):
            continue
        if type(value) in SIMPLE:
            if not ours:
                result.values[key] = value
        elif isinstance(value, partial) or _is_the_scripts(value):
            if trial(value) is not None:
                result.values[key] = value
        elif isinstance(value, FunctionType | BuiltinFunctionType | type):
            home = _home(value)
            if home.partition(".")[0] != package:
                if not ours and home:
                    result.values[key] = Reference(home, value.__qualname__)
            elif isinstance(value, type) and value not in seen:
                seen.add(value)
                held = {
                    attribute: part
                    for attribute, part in list(vars(value).items())
                    if _is_changed(attribute, part, ours)
                }
                if held:
                    result.classes[key] = held
    return result


def _home(value: Any) -> str:
    return home_of(value) if isinstance(value, type) else value.__module__ or ""


def _is_changed(name: str, value: Any, ours: bool) -> bool:
    """Return whether an attribute of a class may be what the script has put there."""
    if type(value) in SIMPLE:
        return not ours and not name.startswith("_")
    return _is_the_scripts(value) and trial(value) is not None


def _is_the_scripts(value: Any) -> bool:
    """Return whether a function, or what is made of one, is of the script."""
    cls = type(value)
    if cls is property:
        value = value.fget
    elif cls is staticmethod or cls is classmethod:
        value = value.__func__
    if type(value) is not FunctionType and not isinstance(value, type):
        return False
    home = _home(value)
    if not home or home.startswith(_PACKAGE):
        return False
    return home == "__main__" or is_own(sys.modules.get(home))


# --- in a worker ----------------------------------------------------------------------


def restore(saved: dict[str, Changes]) -> None:
    """Change the libraries that are there, and others when they are imported."""
    for name, changes in saved.items():
        after_import(name, partial(_change, changes))


def _change(changes: Changes, module: ModuleType) -> None:
    _set(module, changes.values)
    for name, values in changes.classes.items():
        cls = getattr(module, name, None)
        if isinstance(cls, type):
            _set(cls, values)


def _set(target: Any, values: Values) -> None:
    missing = object()
    for name, value in values.items():
        there = vars(target).get(name, missing)
        if isinstance(value, Reference):
            if _origin(there) == (value.module, value.name):
                continue
            try:
                value = value.resolve()
            except (ImportError, AttributeError):
                continue
        elif type(value) is type(there) and value == there:
            continue
        try:
            setattr(target, name, value)
        except (AttributeError, TypeError):
            continue


def _origin(value: Any) -> tuple[Any, Any]:
    return getattr(value, "__module__", None) or "", getattr(
        value, "__qualname__", None
    )
