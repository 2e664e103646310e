"""`torch.ao`: quantization, of which the stubs are there."""

from funcnet.compat.ao import quantization

__all__ = ["quantization"]
