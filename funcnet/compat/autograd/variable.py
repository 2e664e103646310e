"""`torch.autograd.variable`."""

from funcnet.compat._autograd.variable import Variable

__all__ = ["Variable"]
