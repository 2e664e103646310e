"""`import torch` finds `funcnet.compat`, where PyTorch is not installed."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType


def install(*, even_if_installed: bool = False) -> None:
    """Let `import torch` and `import torchvision` find funcnet.compat.

    For scripts that are to run as they stand: `from torch import nn`, `from torchvision
    import transforms`. The modules get a second name in `sys.modules`, those of
    torchvision when they are first imported; nothing is written to disk.

    Raises:
        RuntimeError: PyTorch is installed, and `even_if_installed` is not set.
    """
    present = sys.modules.get("torch")
    package = "funcnet.compat"
    if present is not None and present is not sys.modules[package]:
        raise RuntimeError(
            "torch is imported already. Call funcnet.compat.install() before it is."
        )
    if not even_if_installed and present is None and importlib.util.find_spec("torch"):
        raise RuntimeError(
            "PyTorch is installed; import torch would mean it. Write import "
            "funcnet.compat as torch, or install(even_if_installed=True)."
        )
    for name, module in list(sys.modules.items()):
        if name == package or name.startswith(package + "."):
            sys.modules["torch" + name[len(package) :]] = module
    if not any(isinstance(finder, _VisionFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _VisionFinder())


class _VisionFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `torchvision` and its parts in `funcnet.compat.torchvision`."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Say that it is here, or why not; None for all that is not torchvision."""
        if fullname.partition(".")[0] != "torchvision":
            return None
        if importlib.util.find_spec(f"funcnet.compat.{fullname}") is None:
            explain = importlib.import_module("funcnet.compat.torchvision._missing")
            explain.no_module(fullname)
        return importlib.machinery.ModuleSpec(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        """Put the real module in the place of the empty one."""
        real = importlib.import_module(f"funcnet.compat.{module.__name__}")
        sys.modules[module.__name__] = real
