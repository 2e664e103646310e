"""PyTorch's names for the classes of this package, under `import torch`."""

import sys
from types import ModuleType
from typing import Final

from funcnet._homes import home_of, show_in
from funcnet.compat._core.lazy_modules import after_import
from funcnet.compat._serialization._names import MODULES

_PACKAGE: Final = "funcnet.compat"
_VISION: Final = f"{_PACKAGE}.torchvision"
_seen: Final[set[str]] = set()
_shown: Final[set[type]] = set()


def show_pytorch_names() -> None:
    """Give the classes of all public modules that are imported PyTorch's names.

    Classes of `funcnet.data` keep theirs: loader workers know them by it, which do not
    import torch.
    """
    sys.modules[_PACKAGE].__name__ = "torch"
    new = {
        name: module
        for name, module in list(sys.modules.items())
        if name not in _seen and _is_public(name)
    }
    if not _seen:
        for full, cls in MODULES.items():
            _show(cls, full.rpartition(".")[0])
    _seen.update(new)
    holders: dict[type, list[str]] = {}
    for name, module in new.items():
        for key, value in list(vars(module).items()):
            if isinstance(value, type) and value.__name__ == key:
                holders.setdefault(value, []).append(name)
    for cls, names in holders.items():
        if cls not in _shown and home_of(cls).startswith(f"{_PACKAGE}."):
            _show(cls, _torch_name(_best(home_of(cls), names)))


def _show(cls: type, module: str) -> None:
    _shown.add(cls)
    if cls.__module__.startswith(f"{_PACKAGE}."):
        show_in(cls, module)


def _is_public(name: str) -> bool:
    root = name == _PACKAGE or name.startswith(f"{_PACKAGE}.")
    return root and "._" not in name and isinstance(sys.modules[name], ModuleType)


def _best(home: str, names: list[str]) -> str:
    """The module of those that show a class that PyTorch's is most likely in.

    It is `torch` itself, the file of the same name, or else the one deepest inside:
    `torch.optim.sgd` has SGD, and `torch.optim` shows it.
    """
    if _PACKAGE in names:
        return _PACKAGE
    if home in names:
        return home
    return max(names, key=lambda name: (name.count("."), len(name), name))


def _torch_name(name: str) -> str:
    if name.startswith(_VISION):
        return name.replace(_VISION, "torchvision", 1)
    return name.replace(_PACKAGE, "torch", 1)


after_import.append(show_pytorch_names)
