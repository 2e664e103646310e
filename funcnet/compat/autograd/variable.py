"""`torch.autograd.variable`."""

from funcnet.compat.autograd._variable import Variable

__all__ = ["Variable"]
