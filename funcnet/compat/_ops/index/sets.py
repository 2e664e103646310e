"""Membership and search: which elements there are, and where one belongs."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core.narrow_kernels import check_kernel
from funcnet.compat._ops.checks import dimension
from funcnet.compat._ops.promote import of_one_dtype
from funcnet.compat._ops.registry import operation, register
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.transform_levels import refuse_shape


def _result(x: Tensor, parts: tuple[Any, ...], inverse: bool, counts: bool) -> Any:
    """Distinct elements, and of their indices and counts what was asked for."""
    wanted = [from_array(np.asarray(parts[0]), x.device)]
    for part, asked in zip(parts[1:], (inverse, counts), strict=True):
        if asked:
            wanted.append(from_array(np.asarray(part, np.int64), x.device))
    return wanted[0] if len(wanted) == 1 else tuple(wanted)


@register("unique", out=True)
def unique(
    input: Tensor,
    sorted: bool = True,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """Find the distinct elements, or slices along `dim`, in order, as `torch.unique`.

    Gives `values`, or `(values, inverse, counts)` with those of the two asked for.
    """
    refuse_shape(input, "_unique2")
    check_kernel("unique", input)
    array = np.asarray(input._array())
    axis = None if dim is None else dimension(dim, array.ndim)
    values, inverse, counts = np.unique(
        array, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )
    inverse = inverse.reshape(-1 if dim is not None else array.shape)
    return _result(input, (values, inverse, counts), return_inverse, return_counts)


@register("unique_consecutive", out=True)
def unique_consecutive(
    input: Tensor,
    return_inverse: bool = False,
    return_counts: bool = False,
    dim: int | None = None,
) -> Any:
    """Keep the first of equal neighbours, as `torch.unique_consecutive`."""
    refuse_shape(input, "unique_consecutive")
    check_kernel("unique_consecutive", input)
    array = np.asarray(input._array())
    rows = array.reshape(-1) if dim is None else np.moveaxis(array, dim, 0)
    differs = (rows[1:] != rows[:-1]).any(tuple(range(1, rows.ndim)))
    starts = np.flatnonzero(np.r_[np.ones(min(1, len(rows)), bool), differs])
    counts = np.diff(np.r_[starts, len(rows)])
    inverse = np.repeat(np.arange(len(starts)), counts)
    values = rows[starts] if dim is None else np.moveaxis(rows[starts], 0, dim)
    inverse = inverse.reshape(array.shape) if dim is None else inverse
    return _result(input, (values, inverse, counts), return_inverse, return_counts)


@operation("isin", method=False)
def isin(
    elements: Array,
    test_elements: Array,
    *,
    assume_unique: bool = False,
    invert: bool = False,
) -> Any:
    """Tell which elements are among `test_elements`, as `torch.isin`."""
    x, among = of_one_dtype(elements, test_elements)
    return jnp.isin(x, among, invert=invert)


def _places(rows: Array, x: Array, right: bool, out_int32: bool) -> Any:
    rows, x = of_one_dtype(rows, x)
    side = "right" if right else "left"

    def find(row: Array, value: Array) -> Any:
        return jnp.searchsorted(row, value, side=side)

    if not (rows.size and x.size):
        result = jnp.zeros(x.shape)
    elif rows.ndim > 1:
        flat = rows.reshape(-1, rows.shape[-1]), x.reshape(-1, x.shape[-1])
        result = jax.vmap(find)(*flat).reshape(x.shape)
    else:
        result = find(rows, x)
    return result.astype(jnp.int32 if out_int32 else jnp.int64)


@operation("searchsorted", method=False)
def searchsorted(
    sorted_sequence: Array,
    input: Array,
    *,
    out_int32: bool = False,
    right: bool = False,
    side: str | None = None,
    sorter: Array | None = None,
) -> Any:
    """Find where in sorted rows elements belong, as `torch.searchsorted`."""
    if side == "left" and right:
        raise RuntimeError(
            "torch.searchsorted(): side and right can't be set to opposites, got side "
            "of left while right was True"
        )
    rows = sorted_sequence
    if rows.ndim > 1 and rows.shape[:-1] != jnp.shape(input)[:-1]:
        raise RuntimeError(
            "torch.searchsorted(): boundaries tensor should be 1 dimension or the "
            "first N-1 dimensions of boundaries tensor and input value tensor must "
            f"match, but we got boundaries tensor {list(rows.shape)} and input "
            f"value tensor {list(jnp.shape(input))}"
        )
    if sorter is not None:
        rows = jnp.take_along_axis(rows, sorter, -1)
    return _places(rows, input, right or side == "right", out_int32)


@operation("bucketize", method=False)
def bucketize(
    input: Array, boundaries: Array, *, out_int32: bool = False, right: bool = False
) -> Any:
    """Find between which boundaries elements lie, as `torch.bucketize`."""
    if boundaries.ndim != 1:
        raise RuntimeError(
            "boundaries tensor must be 1 dimension, but got dim("
            + f"{boundaries.ndim})"
        )
    return _places(boundaries, input, right, out_int32)
