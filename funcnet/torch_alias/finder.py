"""The import hook: modules of torch and torchvision are those of `funcnet.compat`."""

import importlib.abc
import importlib.machinery
import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Final

from funcnet.torch_alias.metadata import distributions

PACKAGE: Final = "funcnet.compat"
_PREFIXES: Final = {"torch": PACKAGE, "torchvision": f"{PACKAGE}.torchvision"}


def install(*, even_if_installed: bool = False) -> None:
    """Make `import torch` and `import torchvision` give funcnet.compat.

    For scripts that are to run as they stand: `from torch import nn`, `from torchvision
    import transforms`. Modules that are imported get a second name in `sys.modules`,
    others when they are; nothing is written to disk.

    Raises:
        RuntimeError: PyTorch is installed, and `even_if_installed` is not set.
    """
    present = sys.modules.get("torch")
    if present is not None and present is not sys.modules.get(PACKAGE):
        raise RuntimeError(
            "torch is imported already. Call funcnet.compat.install() before it is."
        )
    if not even_if_installed and present is None and importlib.util.find_spec("torch"):
        raise RuntimeError(
            "PyTorch is installed; import torch would mean it. Write import "
            "funcnet.compat as torch, or install(even_if_installed=True)."
        )
    _name_twice()
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def _name_twice() -> None:
    """Give the modules that are imported their second names."""
    for name, module in list(sys.modules.items()):
        if name == PACKAGE or name.startswith(PACKAGE + "."):
            sys.modules["torch" + name[len(PACKAGE) :]] = module
    # Not while the package is imported, whose modules are not whole yet.
    if getattr(sys.modules.get(PACKAGE), "__all__", None):
        importlib.import_module(
            f"{PACKAGE}._serialization.shown_names"
        ).show_pytorch_names()


class _Finder(importlib.metadata.DistributionFinder, importlib.abc.Loader):
    """Finder of torch, torchvision, their submodules and their metadata."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module of torch; None for all other modules."""
        root, _, rest = fullname.partition(".")
        if root not in _PREFIXES:
            return None
        if not _is_there(_ours(fullname)):
            explain_missing(root, rest)
        return importlib.machinery.ModuleSpec(
            fullname, self, origin=_ours(fullname), is_package=not rest
        )

    def find_distributions(
        self,
        context: importlib.metadata.DistributionFinder.Context | None = None,
    ) -> Iterable[importlib.metadata.Distribution]:
        """Return what is said of torch and torchvision where packages are listed."""
        return distributions(context or importlib.metadata.DistributionFinder.Context())

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        """Leave it to Python to make an empty module."""

    def exec_module(self, module: ModuleType) -> None:
        """Replace the empty module by the real one."""
        name = module.__name__
        sys.modules[name] = importlib.import_module(_ours(name))
        _name_twice()


def explain_missing(root: str, rest: str) -> None:
    """Raise ModuleNotFoundError for a module that is not there, saying what is."""
    if root == "torch":
        importlib.import_module(f"{PACKAGE}._messages.unsupported").no_module(rest)
    missing = importlib.import_module(f"{PACKAGE}.torchvision._missing")
    missing.no_module(f"{root}.{rest}")


def _is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # its parent is no package
        return False


def _ours(name: str) -> str:
    """Return the module of this package for one of torch or torchvision."""
    root, dot, rest = name.partition(".")
    return _PREFIXES[root] + dot + rest
