"""The mathematics of `torch.nn.functional` on JAX arrays: pure, keys explicit."""

from funcnet.functional._dropout import dropout
from funcnet.functional._linear import bilinear, linear

__all__ = [
    "bilinear",
    "dropout",
    "linear",
]
