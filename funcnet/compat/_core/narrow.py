"""How operations run for which PyTorch's CPU computes in other dtypes, or not at all.

`narrow` is asked once for each call that is interned, where it is known what goes in:
recording the call again costs nothing. Eight bits are computed in float32, and complex
numbers of two halves in complex64; what comes out is rounded.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.conversion import converted, halved, halved_part
from funcnet.compat._core.dtype import complex32, float16, result_type
from funcnet.compat._core.narrow_kernel_names import (
    IN_FLOAT32,
    IN_HALVES,
    MOVES,
    PRODUCTS,
    PROMOTING,
    SETS,
)
from funcnet.compat._core.narrow_kernels import (
    dtype_in,
    error_of,
    integers_in,
    settings_of,
    strings_in,
)


class Rule(NamedTuple):
    """How an operation runs on narrow dtypes: on wide ones, and what it gives."""

    enter: Callable[[Any], Any]
    leave: Callable[[Any], Any]
    in_halves: bool = False  # what it gives as complex64 is complex32


def narrow(op: Any, template: tuple[Any, ...], specs: Sequence[Any]) -> Rule | None:
    """How the call runs, if not as it is.

    Raises:
        NotImplementedError: PyTorch has no such operation for these dtypes.
    """
    name = op.name.removeprefix("vmap(").rstrip(")")
    dtypes = {spec.dtype for spec in specs}
    for dtype in dtypes:
        if dtype.is_float8:
            return _float8(name, template, specs, dtype)
    if complex32 in dtypes:
        return _of_halves(name, template, specs)
    if float16 in dtypes and _makes_halves(name, template, specs):
        return HALVES
    return HALVES if complex32 in settings_of(template) else None


def _float8(
    name: str, template: tuple[Any, ...], specs: Sequence[Any], dtype: DType
) -> Rule | None:
    if name in PROMOTING:
        operands = specs[name == "where" :]
        result_type(
            *[
                (operand.dtype, len(operand.shape), operand.weak_type)
                for operand in operands
            ]
        )
    if name in MOVES and not (name == "flip" and _flips_last(template, specs[0])):
        return None
    if dtype_in(template) is not None and name != "ones_like":
        return None
    if name in PRODUCTS and len({x.dtype for x in specs if not x.weak_type}) > 1:
        return None  # to say so itself
    if name == "copy" and specs[0].dtype is not dtype:
        return None
    known = SETS if dtype is _dtypes.float8_e8m0fnu else IN_FLOAT32
    if name in known and _is_known(name, template, specs):
        return _through_float32(dtype)
    if name == "isfinite" and dtype in (_dtypes.float8_e5m2, _dtypes.float8_e8m0fnu):
        return _through_float32(dtype)
    if name == "isinf" and dtype is _dtypes.float8_e5m2:
        return _through_float32(dtype)
    raise error_of(name, template, specs, dtype)


def _flips_last(template: tuple[Any, ...], x: Any) -> bool:
    last = len(x.shape) - 1
    return any(dim in (last, -1) for dim in integers_in(template))


def _is_known(name: str, template: tuple[Any, ...], specs: Sequence[Any]) -> bool:
    """Return whether PyTorch has a kernel, where a name stands for several."""
    ndims = [len(spec.shape) for spec in specs]
    if name == "mul":
        return ndims[1] > 0 and not specs[0].weak_type
    if name == "matmul":
        return ndims[1] == 2 and ndims[0] < 3
    if _pads_otherwise(name, template):
        return False
    return name != "inner" or ndims != [1, 1]


def _pads_otherwise(name: str, template: tuple[Any, ...]) -> bool:
    padded = name == "nn.functional.pad"
    return padded and not {"reflect", "replicate"}.isdisjoint(strings_in(template))


def _through_float32(dtype: DType) -> Rule:
    def enter(x: Array) -> Any:
        return x.astype(jnp.float32) if x.dtype == dtype.numpy else x

    def leave(x: Any) -> Any:
        return converted(x, dtype) if x.dtype == jnp.float32 else x

    return Rule(enter, leave)


# --- complex numbers of two halves ----------------------------------------------------


def _leave_halves(x: Any) -> Any:
    if x.dtype == jnp.complex64:
        return halved(x)
    return x.astype(jnp.float16) if x.dtype == jnp.float32 else x


HALVES: Final = Rule(lambda x: x, _leave_halves, in_halves=True)


def _to_halves(x: Any) -> Any:
    """An operand that is promoted: it is rounded before it is computed with."""
    if jnp.issubdtype(x.dtype, jnp.complexfloating):
        return halved(x.astype(jnp.complex64))
    return x if x.dtype == jnp.bool_ else halved_part(x)


def _makes_halves(name: str, template: tuple[Any, ...], specs: Sequence[Any]) -> bool:
    """Return whether real halves give complex ones: joined, or with a complex one."""
    if name in ("complex", "view_as_complex"):
        return True
    mixed = name in PROMOTING and any(spec.dtype.is_complex for spec in specs)
    return mixed and _promoted(name, specs) is complex32


def _promoted(name: str, specs: Sequence[Any]) -> DType:
    operands = specs[name == "where" :]
    return result_type(
        *[
            (operand.dtype, len(operand.shape), operand.weak_type)
            for operand in operands
        ]
    )


def _of_halves(
    name: str, template: tuple[Any, ...], specs: Sequence[Any]
) -> Rule | None:
    wanted = dtype_in(template)
    if name == "put":
        return _put_halves(template, specs)
    if name == "view_dtype":
        return Rule(_bits_of_halves, lambda x: x, in_halves=True)
    if name == "optimizer_step":
        raise NotImplementedError(
            "funcnet.compat's optimizers do not change parameters of torch.complex32. "
            "Train them in torch.complex64."
        )
    if wanted is not None:
        return HALVES if wanted is complex32 else None
    promotes = name in PROMOTING
    if promotes and _promoted(name, specs) is not complex32:
        return None
    flipped = name == "flip" and _flips_last(template, specs[0])
    if flipped or name not in IN_HALVES or _pads_otherwise(name, template):
        raise error_of(name, template, specs, complex32)
    return HALVES._replace(enter=_to_halves) if promotes else HALVES


def _bits_of_halves(x: Array) -> Any:
    """Two halves each, along the last dimension."""
    parts = jnp.stack([jnp.real(x), jnp.imag(x)], -1).astype(jnp.float16)
    return parts.reshape(*x.shape[:-1], -1)


def _put_halves(template: tuple[Any, ...], specs: Sequence[Any]) -> Rule | None:
    if any(
        getattr(setting, "name", "") == "view_dtype"
        for setting in settings_of(template)
    ):
        raise NotImplementedError(
            "funcnet.compat does not write through x.view(dtype) where x or the view "
            "is torch.complex32. Write to x.real and x.imag, or to "
            "torch.view_as_real(x)."
        )
    return HALVES
