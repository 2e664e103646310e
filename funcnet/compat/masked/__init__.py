"""Masked reductions, as `torch.masked`."""

from funcnet.compat._surface import publish, suggestions

__all__ = publish(__name__)
__getattr__ = suggestions(__name__)
