"""Utilities, as `torch.utils`."""

from funcnet.compat.utils import checkpoint, data, dlpack

__all__ = ["checkpoint", "data", "dlpack"]
