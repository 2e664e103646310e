"""Passes and tracers that PyTorch calls experimental, as `torch.fx.experimental`."""

from funcnet.compat._core.lazy_modules import parts_of

__getattr__ = parts_of(__name__, ("optimization", "proxy_tensor"), globals())

__all__: list[str] = []
