"""Indices: what is known of them on the host, and where they are out of range."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np

from funcnet.compat._engine.deferred_errors import check_range
from funcnet.compat._engine.graph import constant
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat._tensor.transform_levels import refuse_shape

INDEX_DTYPES = ("int64", "int32")


def host_values(x: Any) -> np.ndarray | None:
    """The values of a tensor if the host has them by now: no program has to run."""
    if isinstance(x, np.ndarray):
        return x
    array = x._value().array
    if array is None or isinstance(array, jax.core.Tracer):
        return None
    return np.asarray(array) if x._spec.device.type == "cpu" else None


def check_places(
    index: Tensor,
    size: int,
    error: Callable[[int], Exception],
    negative: bool = False,
    allowed: int | None = None,
) -> None:
    """Raise where an index is out of range: now, or when a program has computed it.

    Args:
        index: an array of numpy or a tensor of integers.
        size: the least index that is too great.
        error: makes what is raised of the wrong index.
        negative: whether indices may count from the end.
        allowed: an index out of bounds that stands for none.
    """
    least = -size if negative else 0
    values = host_values(index)
    if values is None:
        check_range(index._value(), least, size, error, allowed)
        return
    if not values.size or (values.min() >= least and values.max() < size):
        return
    wrong = (values < least) | (values >= size)
    if allowed is not None:
        wrong &= values != allowed
    if wrong.any():
        raise error(int(values[wrong].flat[0]))


def check_bounds(
    index: Any, size: int, dim: int, kind: type = IndexError, negative: bool = True
) -> None:
    """Raise where an index of a dimension is out of range, as `check_places`."""

    def error(wrong: int) -> Exception:
        result: Exception = kind(
            f"index {wrong} is out of bounds for dimension {dim} with size {size}"
        )
        return result

    check_places(index, size, error, negative)


def outside_self(wrong: int) -> Exception:
    """PyTorch's error of an index that is out of range, where it names none."""
    return IndexError("index out of range in self")


def nonzero_indices(mask: Tensor) -> list[Tensor]:
    """The indices, a tensor for each dimension, of the elements that are not zero."""
    if isinstance(mask, np.ndarray):
        return [wrap(constant(indices)) for indices in np.nonzero(mask)]
    refuse_shape(mask, "nonzero")
    result = np.nonzero(np.asarray(mask._array()))
    return [wrap(constant(indices, mask.device)) for indices in result]
