"""A number that tells tensors of other bits apart."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core.annotations import Dims
from funcnet.compat._ops.checks import check_filled, type_name
from funcnet.compat._ops.reduce.reduction import axes_of
from funcnet.compat._ops.registry import operation


@operation("hash_tensor", differentiable=False)
def hash_tensor(
    input: Array, dim: Dims = (), *, keepdim: bool = False, mode: int = 0
) -> Any:
    """Join the bits of elements by exclusive or, as `torch.hash_tensor`.

    Those of floating-point numbers are the bits of doubles, those of integers the bits
    of int64. The result is of uint64; `mode` is 0, the only one there is.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.hash_tensor(torch.tensor([1, 2, 4])).item()
        7
    """
    if mode:
        raise RuntimeError(f"Unknown hash_tensor mode: {mode}")
    if jnp.issubdtype(input.dtype, jnp.complexfloating):
        raise NotImplementedError(
            f"\"xor_sum_cpu\" not implemented for '{type_name(input)}'"
        )
    check_filled("hash_tensor", input, dim)
    axes = axes_of(input, dim)
    bits = input.astype(jnp.uint64)
    if jnp.issubdtype(input.dtype, jnp.floating):
        bits = jax.lax.bitcast_convert_type(input.astype(jnp.float64), jnp.uint64)
    result = jax.lax.reduce(bits, np.uint64(0), jax.lax.bitwise_xor, axes)
    return jnp.expand_dims(result, axes) if keepdim else result
