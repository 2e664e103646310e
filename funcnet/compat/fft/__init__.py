"""Discrete Fourier transforms, as `torch.fft`."""

from funcnet.compat._surface import publish, suggestions
from funcnet.compat._tensor.tensor import Tensor as Tensor

__all__ = publish(__name__)
__getattr__ = suggestions(__name__)
