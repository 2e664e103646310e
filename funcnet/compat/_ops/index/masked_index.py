"""Indices that may be out of range where a mask says that they do not count."""

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand, Scalar
from funcnet.compat._ops.forms import as_scalar_input
from funcnet.compat._ops.reduce.reduce_at import add_at, get_at
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor


def _clamped(x: Array, indices: Sequence[Array]) -> tuple[Any, ...]:
    """The indices, brought into the range of their dimensions."""
    sizes = x.shape[: len(indices)]
    return tuple(
        jnp.clip(index, -size, size - 1)
        for index, size in zip(indices, sizes, strict=True)
    )


@recorded("_unsafe_masked_index")
def _masked_index(
    x: Array, mask: Array, indices: Sequence[Array], fill: Operand
) -> Any:
    value = jnp.asarray(fill).astype(x.dtype)
    if not x.size:
        shapes = [index.shape for index in indices]
        rest = x.shape[len(indices) :]
        return jnp.full((*jnp.broadcast_shapes(*shapes), *rest), value)
    return jnp.where(mask, get_at(x, _clamped(x, indices)), value)


@register("_unsafe_masked_index", method=False)
def masked_index(
    input: Tensor, mask: Tensor, indices: Sequence[Tensor], fill: Scalar
) -> Any:
    """The elements at indices where the mask holds, else `fill`.

    As `torch._unsafe_masked_index`: indices out of range are brought into it.
    """
    return _masked_index(input, mask, list(indices), as_scalar_input(fill))


@operation("_unsafe_masked_index_put_accumulate", method=False)
def masked_index_put(
    input: Array, mask: Array, indices: Sequence[Array], values: Array
) -> Any:
    """`input` with values added at indices where the mask holds.

    As `torch._unsafe_masked_index_put_accumulate`.
    """
    if not input.size:
        return input
    return add_at(input, _clamped(input, indices), jnp.where(mask, values, 0))
