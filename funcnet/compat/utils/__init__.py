"""Utilities, as `torch.utils`."""

from funcnet.compat.utils import data

__all__ = ["data"]
