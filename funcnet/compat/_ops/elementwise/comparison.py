"""Comparisons, element by element and of whole tensors."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._ops.checks import check_broadcast, type_name
from funcnet.compat._ops.promote import is_integral, promoted
from funcnet.compat._ops.registry import elementwise, recorded, register
from funcnet.compat._tensor.tensor import Tensor


def _compared(
    names: str, run: Callable[..., Any], sign: str, ordered: bool = True
) -> Any:
    def function(input: Array, other: Operand) -> Any:
        x, y = promoted(input, other)
        if ordered and jnp.iscomplexobj(x):
            raise RuntimeError(f"\"{own}_cpu\" not implemented for '{type_name(x)}'")
        return run(x, y)

    own, *others = names.split()
    return elementwise(
        own,
        *others,
        scalars_as_inputs=True,
        inplace=True,
        doc=f"Test where `input {sign} other`, as `torch.{own}`.",
    )(function)


eq = _compared("eq", jnp.equal, "==", ordered=False)
ne = _compared("ne not_equal", jnp.not_equal, "!=", ordered=False)
lt = _compared("lt less", jnp.less, "<")
le = _compared("le less_equal", jnp.less_equal, "<=")
gt = _compared("gt greater", jnp.greater, ">")
ge = _compared("ge greater_equal", jnp.greater_equal, ">=")


@elementwise("isclose")
def isclose(
    input: Array,
    other: Array,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> Any:
    """Test where `|input - other| <= atol + rtol * |other|`, as `torch.isclose`."""
    if input.dtype != other.dtype:
        raise RuntimeError(
            f"{type_name(input)} did not match {type_name(other)}: isclose compares "
            "tensors of one dtype."
        )
    for name, size in (("rtol", rtol), ("atol", atol)):
        if size < 0:
            raise RuntimeError(
                f"{name} must be greater than or equal to zero, but got {size}"
            )
    if is_integral(input) and not (rtol or atol):
        return input == other
    x, y = promoted(input, other)
    if x.dtype == jnp.bool_:
        x, y = x.astype(jnp.int32), y.astype(jnp.int32)
    return jnp.isclose(x, y, rtol, atol, equal_nan)


@register("allclose", out=True)
def allclose(
    input: Tensor,
    other: Tensor,
    rtol: float = 1e-05,
    atol: float = 1e-08,
    equal_nan: bool = False,
) -> bool:
    """Return whether all elements are close, as `torch.allclose`."""
    return bool(all_close(input, other, rtol, atol, equal_nan)._array())


@recorded("allclose", differentiable=False)
def all_close(
    input: Array, other: Array, rtol: float, atol: float, equal_nan: bool
) -> Any:
    check_broadcast(input, other)
    return jnp.all(jnp.isclose(input, other, rtol, atol, equal_nan))


@register("equal", out=True)
def equal(input: Tensor, other: Tensor) -> bool:
    """Return whether shapes and all elements are equal, as `torch.equal`."""
    if input._spec.shape != other._spec.shape:
        return False
    return bool(all_equal(input, other)._array())


@recorded("equal", differentiable=False)
def all_equal(input: Array, other: Operand) -> Any:
    return jnp.all(jnp.equal(*promoted(input, other)))
