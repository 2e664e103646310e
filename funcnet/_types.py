"""The vocabulary of types that every other file shares."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import jax
from jax.typing import ArrayLike, DTypeLike

Array: TypeAlias = jax.Array
Key: TypeAlias = jax.Array
"""A random key, as `jax.random.key(seed)` makes it."""

Params: TypeAlias = Mapping[str, Any]
"""Nested dicts of differentiable arrays under PyTorch's names."""

State: TypeAlias = Mapping[str, Any]
"""Nested dicts of arrays that training updates without gradients."""

Shape: TypeAlias = tuple[int, ...]
Initializer: TypeAlias = Callable[..., Array]
"""A function of `funcnet.init`: `(key, shape, ..., dtype=) -> Array`."""

__all__ = [
    "Array",
    "ArrayLike",
    "DTypeLike",
    "Initializer",
    "Key",
    "Params",
    "Shape",
    "State",
]
