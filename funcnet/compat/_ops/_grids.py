"""Tensors combined with each other: grids, products, pairs, complex numbers."""

import itertools
import warnings
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet.compat._ops._checks import type_name
from funcnet.compat._ops._creation import broadcast_shapes
from funcnet.compat._ops._joining import stack
from funcnet.compat._ops._table import FUNCTIONS, METHODS, composite, op
from funcnet.compat._ops._view import expand, reshape
from funcnet.compat._tensor import Tensor


def _several(tensors: tuple[Any, ...]) -> tuple[Tensor, ...]:
    """Tensors given one by one or as a sequence."""
    if len(tensors) == 1 and isinstance(tensors[0], tuple | list):
        tensors = tuple(tensors[0])
    return tensors


def broadcast_tensors(*tensors: Any) -> tuple[Tensor, ...]:
    """Views of one common shape, as `torch.broadcast_tensors`."""
    found = _several(tensors)
    shape = broadcast_shapes(*[x._aval.shape for x in found])
    return tuple(expand(x, shape) for x in found)


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Tensor, ...]:
    """The coordinates of a grid, a tensor for each axis, as `torch.meshgrid`.

    `indexing` is "ij" (the first tensor runs along the first dimension) or "xy".
    """
    found = _several(tensors)
    if not found:
        raise ValueError("meshgrid expects a non-empty TensorList")
    if indexing is None:
        warnings.warn(
            "torch.meshgrid: in an upcoming release, it will be required to pass the "
            "indexing argument. Write indexing='ij' for what it does now.",
            UserWarning,
            stacklevel=2,
        )
    if indexing not in (None, "ij", "xy"):
        raise RuntimeError(
            'torch.meshgrid: indexing must be one of "xy" or "ij", but received: '
            f"{indexing}"
        )
    if len({x.dtype for x in found}) > 1:
        raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    for x in found:
        if x.ndim > 1:
            raise RuntimeError(
                f"Expected 0D or 1D tensor in the tensor list but got: {list(x.shape)}"
            )
    sizes = tuple(x.shape.numel() for x in found)
    grids = []
    for place, x in enumerate(found):
        line = [1] * len(found)
        line[place] = -1 if sizes[place] else 0
        grids.append(expand(reshape(x, line), sizes))
    if indexing == "xy" and len(grids) > 1:
        return tuple(METHODS["transpose"](x, 0, 1) for x in grids)
    return tuple(grids)


def cartesian_prod(*tensors: Tensor) -> Tensor:
    """All ways to take one element of each, as rows, as `torch.cartesian_prod`."""
    for x in tensors:
        if x.ndim != 1:
            raise RuntimeError(
                f"Expect a 1D vector, but got shape {list(x._aval.shape)}"
            )
    if len(tensors) == 1:
        return tensors[0]
    grids = meshgrid(*tensors, indexing="ij")
    return stack([reshape(x, (x.shape.numel(),)) for x in grids], 1)


@composite("combinations")
def combinations(input: Tensor, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All choices of `r` elements in order, as rows, as `torch.combinations`."""
    if input.ndim != 1:
        raise RuntimeError(
            f"Expect a 1D vector, but got shape {list(input._aval.shape)}"
        )
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    if r == 0:
        return FUNCTIONS["empty"](0, dtype=input.dtype)
    choose = (
        itertools.combinations_with_replacement
        if with_replacement
        else itertools.combinations
    )
    rows = list(choose(range(len(input)), r))  # type: ignore[operator, arg-type]
    return input[np.array(rows, np.int64).reshape(len(rows), r)]  # type: ignore[index]


for _public in (broadcast_tensors, meshgrid, cartesian_prod):
    FUNCTIONS[_public.__name__] = _public


# --- complex numbers of two real ones ------------------------------------------------


def _two(x: Any, y: Any) -> None:
    if x.dtype != y.dtype:
        raise RuntimeError(
            f"Expected object of scalar type {type_name(x)} but got scalar type "
            f"{type_name(y)} for second argument"
        )
    if x.dtype not in (jnp.float32, jnp.float64):
        raise RuntimeError(
            "Expected both inputs to be Half, Float or Double tensors but got "
            f"{type_name(x)} and {type_name(y)}"
        )


@op("complex", method=False)
def complex_of(real: Any, imag: Any) -> Any:
    """Complex numbers of their parts, as `torch.complex`."""
    _two(real, imag)
    return jax.lax.complex(*jnp.broadcast_arrays(real, imag))


@op("polar", method=False)
def polar(abs: Any, angle: Any) -> Any:
    """Complex numbers of their sizes and angles, as `torch.polar`."""
    _two(abs, angle)
    return jax.lax.complex(abs * jnp.cos(angle), abs * jnp.sin(angle))


@op("conj", "conj_physical", inplace=True, grad_name="ConjBackward0")
def conj(input: Any) -> Any:
    """The complex conjugate, as `torch.conj`; here it is computed at once."""
    return jnp.conj(input)


@op("vander", method=False)
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """The matrix of powers of `x`: `(n, N)`, as `torch.vander`."""
    return jnp.vander(x, N, increasing)
