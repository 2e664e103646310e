"""Utilities, as `torch.utils`."""

from funcnet.compat._core.lazy_modules import parts_of
from funcnet.compat.utils import checkpoint, data, dlpack

# Imported on first use.
_PARTS = (
    "_python_dispatch",
    "_pytree",
    "benchmark",
    "flop_counter",
    "hooks",
    "model_zoo",
    "tensorboard",
    "weak",
)

__getattr__ = parts_of(__name__, _PARTS, globals())

__all__ = ["checkpoint", "data", "dlpack"]
