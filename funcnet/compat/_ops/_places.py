"""Indices: what is known of them on the host, and where they are out of range."""

from typing import Any

import jax
import numpy as np

from funcnet.compat._graph import constant
from funcnet.compat._tensor import Tensor, wrap

INDEX_DTYPES = ("int64", "int32")


def known(index: Any) -> np.ndarray | None:
    """The numbers of an index if the host has them already, without computing."""
    if isinstance(index, np.ndarray):
        return index
    array = index._value().array
    if array is None or isinstance(array, jax.core.Tracer):
        return None
    return np.asarray(array) if index.device.type == "cpu" else None


def first_outside(index: Any, size: int, negative: bool = True) -> int | None:
    """The first index that is known to be out of range."""
    numbers = known(index)
    if numbers is None or not numbers.size:
        return None
    least = -size if negative else 0
    if numbers.min() >= least and numbers.max() < size:
        return None
    return int(numbers[(numbers < least) | (numbers >= size)].reshape(-1)[0])


def check_inside(
    index: Any, size: int, dim: int, error: type = IndexError, negative: bool = True
) -> None:
    """Raise where an index is known to be out of range."""
    wrong = first_outside(index, size, negative)
    if wrong is not None:
        raise error(
            f"index {wrong} is out of bounds for dimension {dim} with size {size}"
        )


def true_places(mask: Any) -> list[Tensor]:
    """The indices, a tensor for each dimension, of the elements that are not zero."""
    numbers = mask if isinstance(mask, np.ndarray) else np.asarray(mask._array())
    where = {} if isinstance(mask, np.ndarray) else {"where": mask.device}
    return [wrap(constant(places, **where)) for places in np.nonzero(numbers)]
