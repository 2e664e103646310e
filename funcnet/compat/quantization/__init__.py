"""`torch.quantization`, the old name of `torch.ao.quantization`."""

from funcnet.compat.ao import quantization as _quantization

globals().update({name: getattr(_quantization, name) for name in _quantization.__all__})


def __getattr__(name: str) -> object:
    return getattr(_quantization, name)


__all__ = _quantization.__all__
