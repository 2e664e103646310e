"""Parts of the gradient graph, as `torch.autograd.graph`."""

from funcnet.compat._tensor import Function as Node

__all__ = ["Node"]
