"""Packages of networks that import a file when one of its names is used."""

import importlib
from collections.abc import Callable
from typing import Any

from funcnet.models import _catalog

from ._api import BUILTIN_MODELS


def shown(package: str) -> tuple[list[str], Callable[[str], Any]]:
    """The `__all__` and the `__getattr__` of a package inside of `models`."""
    names = _catalog.names(package.rpartition(".")[2])
    files = {file.rpartition(".")[2] for file in names.values()}

    def look_up(name: str) -> Any:
        if name in names and _catalog.is_builder(name):
            return BUILTIN_MODELS[name]
        if name in names:
            file = names[name].rpartition(".")[2]
            return getattr(importlib.import_module(f"{package}.{file}"), name)
        if name in files:
            return importlib.import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    _catalog.show_builders(package)
    return sorted(names), look_up
