"""`import torch` finds `funcnet.compat`, where PyTorch is not installed."""

import importlib.util
import sys


def install(*, even_if_installed: bool = False) -> None:
    """Let `import torch` and `from torch import nn` find funcnet.compat.

    For scripts that are to run as they stand. The modules get a second name in
    `sys.modules`; nothing is written to disk.

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
