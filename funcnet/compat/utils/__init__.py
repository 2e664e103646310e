"""Utilities, as `torch.utils`."""

from funcnet.compat._core.lazy_modules import parts_of
from funcnet.compat.utils import checkpoint, data, dlpack
from funcnet.compat.utils._swap import swap_tensors

# Imported on first use.
_PARTS = (
    "_contextlib",
    "_foreach_utils",
    "_python_dispatch",
    "_pytree",
    "benchmark",
    "cpp_extension",
    "flop_counter",
    "hooks",
    "mobile_optimizer",
    "model_zoo",
    "module_tracker",
    "tensorboard",
    "weak",
)
cmake_prefix_path = ""


def set_module(obj: object, mod: str) -> None:
    """Set the module that a class or function says it is from."""
    if not isinstance(mod, str):
        raise TypeError("The mod argument should be a string")
    obj.__module__ = mod


__getattr__ = parts_of(__name__, _PARTS, globals())

__all__ = [
    "checkpoint",
    "cmake_prefix_path",
    "data",
    "dlpack",
    "set_module",
    "swap_tensors",
]
