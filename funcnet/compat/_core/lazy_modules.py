"""Parts of packages that are imported when they are first asked for.

`import funcnet.compat` stays quick: what few scripts use is looked up by the
`__getattr__` of its package. Where PyTorch has more files than there are here, modules
with its names show what they share.
"""

import importlib
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.machinery import ModuleSpec
from types import MappingProxyType, ModuleType
from typing import Any, Final

from funcnet.compat._messages.unsupported import missing

_PACKAGE = "funcnet.compat"

after_import: Final[list[Callable[[], None]]] = []
"""What is called when a part was imported."""


def parts_of(
    package: str,
    parts: Iterable[str],
    known: Mapping[str, Any],
    inside: Mapping[str, str] = MappingProxyType({}),
) -> Callable[[str], Any]:
    """The `__getattr__` of a package: its parts, or what was probably meant.

    Args:
        package: its full name.
        parts: the names of the modules in it that are imported when asked for.
        known: the names that are there.
        inside: names that are those of a part, by the part that has them.
    """
    result = frozenset(parts)

    def look_up(name: str) -> Any:
        if name in result:
            module = importlib.import_module(f"{package}.{name}")
            for tell in after_import:
                tell()
            return module
        if name in inside:
            return getattr(look_up(inside[name]), name)
        return missing(name, known, package.removeprefix(_PACKAGE).lstrip("."))

    return look_up


def show_as(full: str, names: Mapping[str, Any], about: str = "") -> ModuleType:
    """Make a module with a name of PyTorch's that shows what stands elsewhere.

    Args:
        full: its full name; its package must be imported, and gets it as an attribute.
        names: what it shows.
        about: its docstring.
    """
    module = ModuleType(full, about or f"As `{full.replace(_PACKAGE, 'torch', 1)}`.")
    module.__spec__ = ModuleSpec(full, None)
    module.__dict__.update(names)
    short = full.removeprefix(_PACKAGE + ".")
    module.__dict__.setdefault(
        "__getattr__", lambda name: missing(name, vars(module), short)
    )
    module.__dict__["__all__"] = [name for name in names if not name.startswith("_")]
    sys.modules[full] = module
    package, _, last = full.rpartition(".")
    sys.modules[package].__dict__[last] = module
    return module
