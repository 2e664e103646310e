"""Products of tensors by other rules: sums over chosen dimensions, Kronecker, cross."""

import functools
import itertools
import warnings
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.checks import check_broadcast, dimension
from funcnet.compat._ops.linalg.einsum import contracted, spelled
from funcnet.compat._ops.promote import is_integral, of_one_dtype
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor


@operation("outer", "ger")
def outer(input: Array, vec2: Array) -> Any:
    """Multiply `(n,)` by `(m,)` to `(n, m)`, as `torch.outer`."""
    for name, x in (("self", input), ("vec2", vec2)):
        if x.ndim != 1:
            raise RuntimeError(
                f"outer: Expected 1-D argument {name}, but got {x.ndim}-D"
            )
    x, y = of_one_dtype(input, vec2)
    return x[:, None] & y if x.dtype == bool else x[:, None] * y


@operation("inner")
def inner(input: Array, other: Array) -> Any:
    """Sum products over the last dimensions, as `torch.inner`."""
    if not (input.ndim and other.ndim):
        return input * other
    if input.shape[-1] != other.shape[-1]:
        raise RuntimeError(
            "inner() the last dimension must match on both input tensors but got "
            f"shapes {list(input.shape)} and {list(other.shape)}"
        )
    return jnp.tensordot(input, other, ((-1,), (-1,)))


@operation("kron")
def kron(input: Array, other: Array) -> Any:
    """Compute the Kronecker product, as `torch.kron`."""
    x, y = of_one_dtype(input, other)
    return jnp.kron(x, y)


@recorded("tensordot")
def _tensordot(a: Array, b: Array, dims: Sequence[Sequence[int]]) -> Any:
    first, second = dims
    if len(first) != len(second):
        raise RuntimeError(
            "both dimension lists should have same length, got "
            f"{list(first)} and {list(second)}"
        )
    left, right = list(first), list(second)
    for i, j in zip(first, second, strict=True):
        n, m = a.shape[dimension(i, a.ndim)], b.shape[dimension(j, b.ndim)]
        if n == m:
            continue
        if n != 1 and m != 1:
            raise RuntimeError(
                "contracted dimensions need to match, but first has size "
                f"{n} in dim {i} and second has size {m} in dim {j}"
            )
        if n == 1:
            b = b.sum(j, keepdims=True)
        else:
            a = a.sum(i, keepdims=True)
    return jnp.tensordot(a, b, (left, right))


@register("tensordot", method=False, out=True)
def tensordot(a: Tensor, b: Tensor, dims: int | Sequence[Any] = 2) -> Tensor:
    """Sum products over the dimensions `dims`, as `torch.tensordot`."""
    if isinstance(dims, Tensor):
        dims = dims._array().tolist()
    if isinstance(dims, int):
        if dims < 0:
            raise RuntimeError(f"tensordot expects dims >= 0, but got dims={dims}")
        if dims > min(a.ndim, b.ndim):
            raise RuntimeError(
                "tensordot expects dims < ndim_a or ndim_b, but got "
                f"dims={dims}, ndim_a={a.ndim}, ndim_b={b.ndim}"
            )
        dims = (range(-dims, 0), range(dims))
    first, second = ([each] if isinstance(each, int) else list(each) for each in dims)
    result: Tensor = _tensordot(a, b, (first, second))
    return result


@recorded("einsum")
def _einsum(equation: str, *operands: Operand) -> Any:
    return contracted(equation, operands)


@register("einsum", method=False)
def einsum(*args: object) -> Tensor:
    """Sum products as an equation such as "ij,jk->ik" says, as `torch.einsum`.

    The dimensions may also be given as lists of integers after each operand.
    """
    equation, operands = spelled(args)
    result: Tensor = _einsum(equation, *operands)
    return result


@operation("linalg.cross", grad_name="LinalgCrossBackward0")
def linalg_cross(input: Array, other: Array, *, dim: int = -1) -> Any:
    """Compute the cross product of vectors of 3, as `torch.linalg.cross`."""
    if input.ndim != other.ndim:
        raise RuntimeError(
            "linalg.cross: inputs must have the same number of dimensions."
        )
    check_broadcast(input, other)
    x, y = jnp.broadcast_arrays(input, other)
    index = dimension(dim, x.ndim)
    n, m = input.shape[dim], other.shape[dim]
    if n != 3 or m != 3:
        raise RuntimeError(
            f"linalg.cross: inputs dimension {dim} must have length 3. Got {n} and {m}"
        )
    return jnp.cross(x, y, axis=index)


@register("cross", out=True)
def cross(input: Tensor, other: Tensor, dim: int | None = None) -> Tensor:
    """Compute the cross product, as `torch.cross`: `dim` is the first of length 3."""
    if dim is None:
        warnings.warn(
            "Using torch.cross without specifying the dim arg is deprecated.\nPlease "
            "either pass the dim explicitly or simply use torch.linalg.cross.\nThe "
            "default value of dim will change to agree with that of linalg.cross in a "
            "future release.",
            UserWarning,
            stacklevel=outside(),
        )
        shape = jnp.broadcast_shapes(input.shape, other.shape)
        if 3 not in shape:
            raise RuntimeError("no dimension of size 3 in input")
        dim = shape.index(3) - len(shape)
    result: Tensor = linalg_cross(input, other, dim=dim)
    return result


@operation("trace")
def trace(input: Array) -> Any:
    """Add up the diagonal of a matrix, as `torch.trace`."""
    if input.ndim != 2:
        raise RuntimeError(
            f"trace: expected a matrix, but got tensor with dim {input.ndim}"
        )
    return jnp.trace(input, dtype=jnp.int64 if is_integral(input) else None)


@operation("cdist", method=False)
def cdist(
    x1: Array,
    x2: Array,
    p: float = 2.0,
    compute_mode: str = "use_mm_for_euclid_dist_if_necessary",
) -> Any:
    """Compute the distances of all pairs of rows, as `torch.cdist`.

    `(*, n, k)` and `(*, m, k)` give `(*, n, m)`.
    """
    return F.cdist(x1, x2, p, compute_mode or "use_mm_for_euclid_dist_if_necessary")


@register("chain_matmul", method=False)
def chain_matmul(*matrices: Tensor) -> Tensor:
    """Multiply a chain of matrices in the cheapest order, as `torch.chain_matmul`."""
    warnings.warn(
        "torch.chain_matmul is deprecated and will be removed in a future PyTorch "
        "release. Use torch.linalg.multi_dot instead, which accepts a list of two or "
        "more tensors rather than multiple parameters.",
        UserWarning,
        stacklevel=outside(),
    )
    if len(matrices) == 1:
        return matrices[0]
    result: Tensor = multi_dot(list(matrices))
    return result


@operation("linalg.multi_dot", grad_name="LinalgMultiDotBackward0")
def multi_dot(tensors: Sequence[Array]) -> Any:
    """Multiply a chain of matrices in the cheapest order, as `torch.linalg.multi_dot`.

    The first and the last may be vectors.
    """
    if len(tensors) < 2:
        raise RuntimeError(
            f"multi_dot(): expected at least 2 tensors but got {len(tensors)}"
        )
    for index, (x, y) in enumerate(itertools.pairwise(tensors)):
        if x.shape[-1] != y.shape[0]:
            raise RuntimeError(
                f"multi_dot(): tensors {index} and {index + 1} with shapes "
                f"{list(x.shape)} and {list(y.shape)} cannot be multiplied"
            )
    if any(x.size == 0 for x in tensors):
        return functools.reduce(jnp.matmul, tensors)
    return jnp.linalg.multi_dot(tensors)


@operation("linalg.vecdot", "vecdot", method=False, grad_name="LinalgVecdotBackward0")
def vecdot(x: Array, y: Array, *, dim: int = -1) -> Any:
    """Sum `conj(x) * y` over a dimension, as `torch.linalg.vecdot`."""
    check_broadcast(x, y)
    return jnp.sum(jnp.conj(x) * y, dimension(dim, max(x.ndim, y.ndim)))
