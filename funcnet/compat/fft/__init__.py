"""Discrete Fourier transforms, as `torch.fft`."""

from funcnet.compat._surface import publish, suggestions
from funcnet.compat._tensor.tensor import Tensor

__all__ = ["Tensor", *publish(__name__)]
__getattr__ = suggestions(__name__)
