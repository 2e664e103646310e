"""Complex numbers: made of two real ones, and conjugated."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._ops.checks import check_broadcast, type_name
from funcnet.compat._ops.registry import elementwise, register


def _two(x: Array, y: Array) -> tuple[Any, Any]:
    if x.dtype not in (jnp.float16, jnp.float32, jnp.float64):
        raise RuntimeError(
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{type_name(x)} and {type_name(y)}"
        )
    if x.dtype != y.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {type_name(x)} but got scalar type "
            f"{type_name(y)} for second argument"
        )
    check_broadcast(x, y)
    if x.dtype == jnp.float16:
        x, y = x.astype(jnp.float32), y.astype(jnp.float32)
    x, y = jnp.broadcast_arrays(x, y)
    return x, y


@elementwise("complex", method=False)
def complex_of(real: Array, imag: Array) -> Any:
    """Complex numbers of their parts, as `torch.complex`."""
    return jax.lax.complex(*_two(real, imag))


@elementwise("polar", method=False)
def polar(abs: Array, angle: Array) -> Any:
    """Complex numbers of their sizes and angles, as `torch.polar`."""
    if abs.dtype == jnp.float16 == angle.dtype:
        raise NotImplementedError("\"polar_cpu\" not implemented for 'Half'")
    size, angle = _two(abs, angle)
    return jax.lax.complex(size * jnp.cos(angle), size * jnp.sin(angle))


@register("conj_physical", inplace=True, inplace_function=True)
@elementwise("conj", inplace=True, grad_name="ConjBackward0")
def conj(input: Array) -> Any:
    """The complex conjugate, as `torch.conj`; here it is computed at once."""
    return jnp.conj(input)
