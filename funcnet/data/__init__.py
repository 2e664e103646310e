"""Data as NumPy arrays, and loaders that cut it into batches; imports no jax."""

from funcnet.data._bundled import digits, sonnets
from funcnet.data._loader import ArrayLoader

__all__ = [
    "ArrayLoader",
    "digits",
    "sonnets",
]
