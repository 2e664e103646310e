"""Dtypes for which PyTorch's CPU has only some operations, and how it says so.

`narrow` is asked once for each call that is interned, where it is known what goes in:
recording the call again costs nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jax.numpy as jnp

from funcnet.compat import _dtypes
from funcnet.compat._conversion import converted
from funcnet.compat._dtypes import dtype, result_type
from funcnet.compat._kernel_names import (
    IN_FLOAT32,
    KERNELS,
    MOVES,
    PRODUCTS,
    PROMOTING,
    REFUSALS,
    SETS,
)


def refusal(kernel: str, kind: dtype) -> NotImplementedError:
    """What PyTorch raises where a kernel does not know a dtype."""
    return NotImplementedError(f"\"{kernel}\" not implemented for '{kind.type_name}'")


def check_kernel(kernel: str, x: Any) -> None:
    """Raise where a kernel that nothing is recorded for does not know the dtype."""
    if x._aval.dtype.is_float8:
        raise refusal(kernel, x._aval.dtype)


class Rule(NamedTuple):
    """How an operation runs on narrow numbers: on wide ones, and what it gives."""

    enter: Callable[[Any], Any]
    leave: Callable[[Any], Any]


def narrow(op: Any, template: Any, avals: Any) -> Rule | None:
    """How the call runs, if not as it is.

    Raises:
        NotImplementedError: PyTorch has no such operation for these dtypes.
    """
    for one in avals:
        if one.dtype.is_float8:
            return _float8(op.name, template, avals, one.dtype)
    return None


def _float8(name: str, template: Any, avals: Any, kind: dtype) -> Rule | None:
    if name in PROMOTING:
        operands = avals[name == "where" :]
        result_type(*[(one.dtype, len(one.shape), one.number) for one in operands])
    if name in MOVES and not (name == "flip" and _flips_last(template, avals[0])):
        return None
    if _dtype_in(template) is not None and name != "ones_like":
        return None
    if name in PRODUCTS and len({x.dtype for x in avals if not x.number}) > 1:
        return None  # to say so itself
    if name == "copy" and avals[0].dtype is not kind:
        return None
    known = SETS if kind is _dtypes.float8_e8m0fnu else IN_FLOAT32
    if name in known and _is_known(name, template, avals):
        return _through_float32(kind)
    if name == "isfinite" and kind in (_dtypes.float8_e5m2, _dtypes.float8_e8m0fnu):
        return _through_float32(kind)
    if name == "isinf" and kind is _dtypes.float8_e5m2:
        return _through_float32(kind)
    raise _error(name, template, avals, kind)


def _flips_last(template: Any, x: Any) -> bool:
    last = len(x.shape) - 1
    return any(dim in (last, -1) for dim in _numbers(template))


def _is_known(name: str, template: Any, avals: Any) -> bool:
    """Whether PyTorch has a kernel, where a name stands for several."""
    ndims = [len(one.shape) for one in avals]
    if name == "mul":
        return ndims[1] > 0 and not avals[0].number
    if name == "matmul":
        return ndims[1] == 2 and ndims[0] < 3
    if name == "nn.functional.pad":
        return not {"reflect", "replicate"} & {*_words(template)}
    return name != "inner" or ndims != [1, 1]


def _through_float32(kind: dtype) -> Rule:
    def enter(x: Any) -> Any:
        return x.astype(jnp.float32) if x.dtype == kind.numpy else x

    def leave(x: Any) -> Any:
        return converted(x, kind) if x.dtype == jnp.float32 else x

    return Rule(enter, leave)


def _settings(template: Any) -> Iterator[Any]:
    """All settings in a template, one by one."""
    if type(template) is tuple:
        for part in template:
            yield from _settings(part)
    else:
        yield template


def _dtype_in(template: Any) -> dtype | None:
    """The dtype that the settings ask for."""
    return next((one for one in _settings(template) if isinstance(one, dtype)), None)


def _numbers(template: Any) -> list[int]:
    return [one for one in _settings(template) if type(one) is int]


def _words(template: Any) -> list[str]:
    return [one for one in _settings(template) if type(one) is str]


def _error(name: str, template: Any, avals: Any, kind: dtype) -> Exception:
    last = name.rpartition(".")[2].removesuffix("_with_indices")
    if last in REFUSALS:
        got = " and ".join(one.dtype.type_name for one in avals if not one.number)
        return RuntimeError(REFUSALS[last].format("", got))
    if name.startswith("fft."):
        return RuntimeError(f"Unsupported dtype {kind.type_name}")
    if last in ("eig", "eigvals"):
        return RuntimeError(f"Unknown Complex ScalarType for {kind.type_name}")
    return refusal(_kernel(last, template, avals), kind)


def _kernel(name: str, template: Any, avals: Any) -> str:
    """The kernel that PyTorch would run, by the settings where there are several."""
    if name in ("max", "min"):
        return f"{name}_{'cpu' if _numbers(template) else 'all'}"
    if name in ("median", "nanmedian"):
        return f"median_{'out' if _numbers(template) else 'cpu'}"
    if name in ("matmul", "inner"):
        first, second = (len(one.shape) for one in avals)
        kinds = ("mm", "mv", "bmm") if first > 1 else ("mm", "dot", "bmm")
        name = kinds[2 if max(first, second) > 2 else second == 1]
    if name in ("div", "true_divide", "floor_divide"):
        if avals[0].number:
            return "reciprocal_cpu"
        rounding = ["floor"] if name == "floor_divide" else _words(template)[1:]
        numbered = "" if avals[1].shape else "_reduced_float"
        return "_".join(["div", *rounding, f"cpu{numbered}"])
    kernel = KERNELS.get(name, f"{name}_cpu")
    if name.endswith("softmax"):
        dims = _numbers(template)
        if dims and dims[0] not in (-1, len(avals[0].shape) - 1):
            return kernel.replace("_lastdim", "")
    return kernel
