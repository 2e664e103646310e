"""Packages of torchvision whose names refuse when they are used, never at import."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.refused import refused_name
from funcnet.compat.torchvision._missing import LATER, missing


def show_later(package: str, files: Mapping[str, str], apart: str = "") -> None:
    """Fill a package with files and names that refuse when they are used.

    Args:
        package: its name in torchvision, such as "models".
        files: the names of each file, by its dotted name; the package, and the folders
            of files, show them too.
        apart: folders whose names do not show in the package itself.
    """
    full = f"funcnet.compat.torchvision.{package}"
    shown: dict[str, list[str]] = {}
    for file, listed in files.items():
        folder = file.rpartition(".")[0]
        shown.setdefault(folder, []).extend(listed.split())
    top = [
        name
        for folder in shown
        for name in shown[folder]
        if folder not in apart.split()
    ]
    inner = {folder: names for folder, names in shown.items() if folder}
    for path, names in (*inner.items(), *((f, files[f].split()) for f in files)):
        look_up = _look_up(package, f"{package}.{path}", names)
        module = show_as(f"{full}.{path}", {"__getattr__": look_up})
        vars(module)["__all__"] = [name for name in names if name[0] != "_"]
        if path in inner:
            module.__path__ = []
    for folder, names in {**inner, "": top}.items():  # functions hide files: alexnet
        package_of_names = vars(sys.modules[f"{full}.{folder}".rstrip(".")])
        for name in names:
            package_of_names.pop(name, None)
    vars(sys.modules[full])["__getattr__"] = _look_up(package, package, top)
    vars(sys.modules[full])["__all__"] = [name for name in top if name[0] != "_"]


def _look_up(package: str, path: str, names: list[str]) -> Callable[[str], Any]:
    """The `__getattr__` of a module that makes its names when they are asked for."""
    made: dict[str, Any] = dict.fromkeys(names)
    explain = missing(path, made)

    def look_up(name: str) -> Any:
        if name not in made:
            return explain(name)
        if made[name] is None:
            why = LATER[package]
            made[name] = refused_name(f"{path}.{name}", why, "torchvision")
        return made[name]

    return look_up
