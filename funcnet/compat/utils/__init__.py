"""Utilities, as `torch.utils`."""

from funcnet.compat.utils import data, dlpack

__all__ = ["data", "dlpack"]
