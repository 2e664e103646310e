"""Type promotion inside operations, where arrays are being traced."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType, Operand
from funcnet.compat._core.dtype import BY_NUMPY, of_number, result_type
from funcnet.compat._core.shapes import check_broadcast_all


def operand(x: Any) -> tuple[DType, int, bool]:
    """What an array or a number has to say in a promotion."""
    if isinstance(x, jax.Array):
        return BY_NUMPY[x.dtype], x.ndim, bool(x.weak_type)
    if x is None:
        raise AttributeError("None is no operand", name="dtype", obj=None)
    return of_number(x), 0, True


def promoted(*operands: Operand) -> list[Any]:
    """The arrays and numbers in the dtype that PyTorch computes with.

    They are the operands of an elementwise operation: it is checked that their shapes
    can be broadcast together.
    """
    check_broadcast_all(jnp.shape(x) for x in operands)
    return of_one_dtype(*operands)


def promoted_floating(*operands: Operand) -> list[Any]:
    """The same, with integers and booleans made floating point."""
    check_broadcast_all(jnp.shape(x) for x in operands)
    return of_one_floating_dtype(*operands)


def of_one_dtype(*operands: object) -> list[Any]:
    """Arrays and numbers of any shapes in the dtype that PyTorch computes with."""
    dtype = result_type(*[operand(x) for x in operands]).jax
    return [jnp.asarray(x).astype(dtype) for x in operands]


def of_one_floating_dtype(*operands: object) -> list[Any]:
    """The same, with integers and booleans made floating point."""
    dtype = result_type(*[operand(x) for x in operands])
    if not dtype.is_inexact:
        dtype = _dtypes.get_default_dtype()
    return [jnp.asarray(x).astype(dtype.jax) for x in operands]


def floating(x: jax.Array) -> jax.Array:
    """An array in floating point: integers in the default dtype."""
    return promoted_floating(x)[0]


def is_integral(x: jax.Array) -> bool:
    """Return whether the elements are integers or booleans."""
    return not jnp.issubdtype(x.dtype, jnp.inexact)
