"""`torch.ao`: quantization, of which only the stubs are supported."""

from funcnet.compat.ao import quantization

__all__ = ["quantization"]
