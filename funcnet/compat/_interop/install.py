"""Import hook: `import torch` gives `funcnet.compat`."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType

from funcnet.compat._messages import unsupported as _later

_PACKAGE = "funcnet.compat"


def install(*, even_if_installed: bool = False) -> None:
    """Make `import torch` and `import torchvision` give funcnet.compat.

    For scripts that are to run as they stand: `from torch import nn`, `from torchvision
    import transforms`. The modules get a second name in `sys.modules`, those that are
    not imported yet when they are; nothing is written to disk.

    Raises:
        RuntimeError: PyTorch is installed, and `even_if_installed` is not set.
    """
    present = sys.modules.get("torch")
    if present is not None and present is not sys.modules[_PACKAGE]:
        raise RuntimeError(
            "torch is imported already. Call funcnet.compat.install() before it is."
        )
    if not even_if_installed and present is None and importlib.util.find_spec("torch"):
        raise RuntimeError(
            "PyTorch is installed; import torch would mean it. Write import "
            "funcnet.compat as torch, or install(even_if_installed=True)."
        )
    for name, module in list(sys.modules.items()):
        if name == _PACKAGE or name.startswith(_PACKAGE + "."):
            sys.modules["torch" + name[len(_PACKAGE) :]] = module
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finder of `torch`, `torchvision` and their submodules in funcnet.compat."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module of torch; None for all other modules."""
        root = fullname.partition(".")[0]
        if root not in ("torch", "torchvision"):
            return None
        if not _is_there(_ours(fullname)):
            if root == "torch":
                _later.no_module(fullname.removeprefix("torch."))
            explain = importlib.import_module("funcnet.compat.torchvision._missing")
            explain.no_module(fullname)
        return importlib.machinery.ModuleSpec(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        """Replace the empty module by the real one."""
        name = module.__name__
        sys.modules[name] = importlib.import_module(_ours(name))


def _is_there(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # its parent is no package
        return False


def _ours(name: str) -> str:
    """Return the module of this package for one of torch or torchvision."""
    root, _, rest = name.partition(".")
    return f"{_PACKAGE}.{rest}" if root == "torch" else f"{_PACKAGE}.{name}"
