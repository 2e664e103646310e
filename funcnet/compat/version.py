"""Version numbers, as `torch.version`: those of the PyTorch whose names it has."""

from funcnet.compat.torch_version import TorchVersion
from funcnet.torch_alias import VERSIONS as _VERSIONS

__version__ = TorchVersion(_VERSIONS["torch"])
debug = False
cuda: str | None = None
hip: str | None = None
rocm: str | None = None
xpu: str | None = None
git_version = "unknown"


__all__ = [
    "__version__",
    "cuda",
    "debug",
    "git_version",
    "hip",
    "rocm",
    "xpu",
]
