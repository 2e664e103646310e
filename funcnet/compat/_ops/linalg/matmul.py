"""Products of matrices and vectors, alone and added to something."""

import math
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._ops.checks import c_name, check_broadcast, check_expand, type_name
from funcnet.compat._ops.promote import is_integral, of_one_dtype
from funcnet.compat._ops.registry import operation


@operation("matmul", "Tensor.__matmul__", "linalg.matmul", grad_name="MmBackward0")
def matmul(input: Array, other: Array) -> Any:
    """Multiply matrices, vectors or batches of matrices, as `torch.matmul`.

    `(*, n, k)` and `(*, k, m)` give `(*, n, m)`; a vector is a row on the left and a
    column on the right, and leaves no dimension in the result.
    """
    if not (input.ndim and other.ndim):
        raise RuntimeError(
            "both arguments to matmul need to be at least 1D, but they are "
            f"{input.ndim}D and {other.ndim}D"
        )
    check_product(input, other)
    if input.ndim < 3 or other.ndim != 2:
        return jnp.matmul(input, other)
    # As one product of matrices, for the sake of the gradient: see functional.linear.
    flat = input.reshape(-1, input.shape[-1]) if input.size else input
    product = jnp.matmul(flat, other)
    return product.reshape(*input.shape[:-1], other.shape[-1])


def check_product(x: Array, y: Array, biased: bool = False) -> None:
    """Raise where `x @ y` does not exist; `biased`: something is added to it."""
    _check_dtypes(x, y, biased)
    if x.ndim <= 2 and y.ndim == 1:
        if x.shape[-1] == y.shape[0]:
            return
        if x.ndim == 1:
            _check_same_length(x, y)
        _check_vector(x, y)
    if y.ndim <= 2:
        rows, inner = math.prod(x.shape[:-1]), x.shape[-1]
        if inner != y.shape[0]:
            shape = "x".join(map(str, y.shape if y.ndim == 2 else (*y.shape, 1)))
            raise RuntimeError(
                "mat1 and mat2 shapes cannot be multiplied "
                f"({rows}x{inner} and {shape})"
            )
        return
    x = x if x.ndim > 1 else x[None]
    check_broadcast(
        *[jax.ShapeDtypeStruct(matrix.shape[:-2], matrix.dtype) for matrix in (x, y)]
    )
    if x.shape[-1] != y.shape[-2]:
        batch = math.prod(jnp.broadcast_shapes(x.shape[:-2], y.shape[:-2]))
        raise _batch_error([batch, x.shape[-1]], [batch, y.shape[-2]])


def _check_dtypes(x: Array, y: Array, biased: bool = False) -> None:
    if x.dtype == y.dtype:
        return
    if biased:
        raise RuntimeError(
            "mat1 and mat2 must have the same dtype, but got "
            f"{type_name(x)} and {type_name(y)}"
        )
    raise RuntimeError(
        "expected m1 and m2 to have the same dtype, but got: "
        f"{c_name(x)} != {c_name(y)}"
    )


def _check_vector(x: Array, y: Array) -> None:
    if x.ndim != 2 or y.ndim != 1:
        raise RuntimeError(
            f"vector + matrix @ vector expected, got 1, {x.ndim}, {y.ndim}"
        )
    if x.shape[1] != y.shape[0]:
        raise RuntimeError(
            f"size mismatch, got input ({x.shape[0]}), mat "
            f"({x.shape[0]}x{x.shape[1]}), vec ({y.shape[0]})"
        )


def _check_same_length(x: Array, y: Array) -> None:
    if x.shape != y.shape:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor {list(x.shape)} and src "
            f"{list(y.shape)} to have the same number of elements, but got {x.size} "
            f"and {y.size} elements respectively"
        )


def _batch_error(wanted: list[int], given: list[int]) -> RuntimeError:
    return RuntimeError(
        "Expected size for first two dimensions of batch2 tensor to be: "
        f"{wanted} but got: {given}."
    )


@operation("mm", "Tensor.mm", "spmm", method=False)
def mm(input: Array, mat2: Array) -> Any:
    """Multiply `(n, k)` by `(k, m)`, as `torch.mm`."""
    for name, x in (("self", input), ("mat2", mat2)):
        if x.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix")
    check_product(input, mat2)
    return jnp.matmul(input, mat2)


@operation("bmm")
def bmm(input: Array, mat2: Array) -> Any:
    """Multiply `(batch, n, k)` by `(batch, k, m)`, as `torch.bmm`."""
    _check_batches(input, mat2)
    return jnp.matmul(input, mat2)


def _check_batches(x: Array, y: Array) -> None:
    for number, batch in enumerate((x, y), 1):
        if batch.ndim != 3:
            raise RuntimeError(f"batch{number} must be a 3D tensor")
    if x.dtype != y.dtype:
        raise RuntimeError(
            f"expected scalar type {type_name(x)} but found {type_name(y)}"
        )
    if (x.shape[0], x.shape[2]) != y.shape[:2]:
        raise _batch_error([x.shape[0], x.shape[2]], list(y.shape[:2]))


@operation("mv")
def mv(input: Array, vec: Array) -> Any:
    """Multiply `(n, k)` by `(k,)`, as `torch.mv`."""
    _check_dtypes(input, vec)
    _check_vector(input, vec)
    return jnp.matmul(input, vec)


@operation("dot")
def dot(input: Array, tensor: Array) -> Any:
    """Compute the inner product of two vectors, as `torch.dot`."""
    _check_vectors(input, tensor)
    return jnp.dot(input, tensor)


@operation("vdot")
def vdot(input: Array, other: Array) -> Any:
    """Compute the inner product of the conjugate with a vector, as `torch.vdot`."""
    _check_vectors(input, other)
    return jnp.vdot(input, other)


def _check_vectors(x: Array, y: Array) -> None:
    if x.ndim != 1 or y.ndim != 1:
        raise RuntimeError(
            f"1D tensors expected, but got {x.ndim}D and {y.ndim}D tensors"
        )
    if x.dtype != y.dtype:
        raise RuntimeError(
            "dot : expected both vectors to have same dtype, but found "
            f"{type_name(x)} and {type_name(y)}"
        )
    _check_same_length(x, y)


def added(input: Array, product: Array, beta: Any, alpha: Any) -> Any:
    """Compute `beta * input + alpha * product`; with `beta=0` the input has no say."""
    check_expand(input, product.shape)
    for name, factor in (("beta", beta), ("alpha", alpha)):
        if is_integral(product) and not is_integral(jnp.asarray(factor)):
            raise RuntimeError(
                f"For integral input tensors, argument {name} must not be a floating "
                "point number."
            )
    # A plain number is the default, 1; one that was given is an input of the program.
    y = product if isinstance(alpha, int) else alpha.astype(product.dtype) * product
    if isinstance(beta, int):
        return input + y
    scaled = beta.astype(input.dtype) * input
    return jnp.where(beta == 0, jnp.zeros_like(scaled), scaled) + y


@operation("addmm", scalars_as_inputs=True, inplace=True)
def addmm(
    input: Array, mat1: Array, mat2: Array, *, beta: Operand = 1, alpha: Operand = 1
) -> Any:
    """Compute `beta * input + alpha * mat1 @ mat2`, as `torch.addmm`."""
    for name, x in (("mat1", mat1), ("mat2", mat2)):
        if x.ndim != 2:
            raise RuntimeError(f"{name} must be a matrix, got {x.ndim}-D tensor")
    check_product(mat1, mat2, biased=True)
    return added(input, jnp.matmul(mat1, mat2), beta, alpha)


@operation("addmv", scalars_as_inputs=True, inplace=True, inplace_function=True)
def addmv(
    input: Array, mat: Array, vec: Array, *, beta: Operand = 1, alpha: Operand = 1
) -> Any:
    """Compute `beta * input + alpha * mat @ vec`, as `torch.addmv`."""
    _check_dtypes(mat, vec)
    _check_vector(mat, vec)
    return added(input, jnp.matmul(mat, vec), beta, alpha)


@operation("addr", scalars_as_inputs=True, inplace=True)
def addr(
    input: Array, vec1: Array, vec2: Array, *, beta: Operand = 1, alpha: Operand = 1
) -> Any:
    """Compute `beta * input + alpha * outer(vec1, vec2)`, as `torch.addr`."""
    for number, x in enumerate((vec1, vec2), 1):
        if x.ndim != 1:
            raise RuntimeError(
                f"addr: Expected 1-D argument vec{number}, but got {x.ndim}-D"
            )
    input, vec1, vec2 = of_one_dtype(input, vec1, vec2)
    product = vec1[:, None] & vec2 if vec1.dtype == bool else vec1[:, None] * vec2
    if product.dtype == bool:
        return product | (input & (jnp.asarray(beta) != 0))
    return added(input, product, beta, alpha)


@operation("baddbmm", scalars_as_inputs=True, inplace=True)
def baddbmm(
    input: Array, batch1: Array, batch2: Array, *, beta: Operand = 1, alpha: Operand = 1
) -> Any:
    """Compute `beta * input + alpha * batch1 @ batch2`, as `torch.baddbmm`."""
    _check_batches(batch1, batch2)
    return added(input, jnp.matmul(batch1, batch2), beta, alpha)


@operation("addbmm", scalars_as_inputs=True, inplace=True)
def addbmm(
    input: Array, batch1: Array, batch2: Array, *, beta: Operand = 1, alpha: Operand = 1
) -> Any:
    """Add the sum of the products of a batch, as `torch.addbmm`."""
    _check_batches(batch1, batch2)
    product = jnp.einsum("bnk,bkm->nm", batch1, batch2)
    return added(input, product, beta, alpha)
