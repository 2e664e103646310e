"""Helpers that distributions share, as `torch.distributions.utils`."""

import functools
from collections.abc import Callable
from functools import update_wrapper
from numbers import Number
from typing import Any, Final

import funcnet.compat as torch
from funcnet.compat._core.annotations import DeviceLike, DType, ShapeLike
from funcnet.compat._core.context import thread
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor

euler_constant: Final = 0.57721566490153286060


def broadcast_all(*values: TensorLike) -> tuple[Tensor, ...]:
    """Broadcast numbers and tensors together; numbers take the tensors' dtype.

    Raises:
        ValueError: one is neither.
    """
    if not all(isinstance(v, Number | Tensor) for v in values):
        raise ValueError(
            "Input arguments must all be instances of Number, torch.Tensor or objects "
            "implementing __torch_function__."
        )
    known = next((v for v in values if isinstance(v, Tensor)), None)
    like: dict[str, Any] = {"dtype": torch.get_default_dtype()}
    if known is not None:
        like = {"dtype": known.dtype, "device": known.device}
    tensors = [v if isinstance(v, Tensor) else torch.tensor(v, **like) for v in values]
    if len({tuple(x.shape) for x in tensors}) == 1:
        return tuple(tensors)
    return tuple(torch.broadcast_tensors(*tensors))


def _standard_normal(shape: ShapeLike, dtype: DType, device: DeviceLike) -> Tensor:
    zeros = torch.zeros(shape, dtype=dtype, device=device)
    return torch.normal(zeros, torch.ones(shape, dtype=dtype, device=device))


def _sum_rightmost(value: Tensor, dim: int) -> Any:
    """Sum the last `dim` dimensions."""
    if dim == 0:
        return value
    return value.reshape((*value.shape[:-dim], -1)).sum(-1)


def logits_to_probs(logits: Tensor, is_binary: bool = False) -> Tensor:
    """Convert log-odds, or unnormalised log-probabilities, to probabilities."""
    return torch.sigmoid(logits) if is_binary else torch.softmax(logits, dim=-1)


def clamp_probs(probs: Tensor) -> Tensor:
    """Clamp probabilities away from 0 and 1 by their dtype's epsilon."""
    eps = _eps(probs.dtype)
    return probs.clamp(eps, 1 - eps)


@functools.cache
def _eps(dtype: DType) -> float:
    return torch.finfo(dtype).eps


def probs_to_logits(probs: Tensor, is_binary: bool = False) -> Tensor:
    """Convert probabilities to log-odds, or to their logarithms."""
    clamped = clamp_probs(probs)
    return clamped.log() - (-clamped).log1p() if is_binary else clamped.log()


class lazy_property:  # noqa: N801 - PyTorch's name
    """Attribute that is computed, with its gradient, when it is first read."""

    def __init__(self, wrapped: Callable[[Any], Any]) -> None:
        self.wrapped = wrapped
        update_wrapper(self, wrapped)  # type: ignore[arg-type]

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        if instance is None:
            return _LazyOnClass(self.wrapped)
        if thread.context.grad:
            result = self.wrapped(instance)
        else:
            with torch.enable_grad():
                result = self.wrapped(instance)
        setattr(instance, self.wrapped.__name__, result)
        return result


class _LazyOnClass(property):
    """Lazy attribute as the class has it: a property."""


def tril_matrix_to_vec(mat: Tensor, diag: int = 0) -> Tensor:
    """Flatten lower triangles, row by row: `(..., D, D)` to `(..., n)`."""
    n = mat.shape[-1]
    if diag < -n or diag >= n:
        raise ValueError(f"diag ({diag}) provided is outside [{-n}, {n - 1}].")
    rows, columns = torch.tril_indices(n, n, diag)
    return mat[..., rows, columns]


def vec_to_tril_matrix(vec: Tensor, diag: int = 0) -> Tensor:
    """Build lower triangles from their elements; the inverse of `tril_matrix_to_vec`.

    Raises:
        ValueError: no triangle has this number of elements.
    """
    n = (
        -(1 + 2 * diag)
        + ((1 + 2 * diag) ** 2 + 8 * vec.shape[-1] + 4 * abs(diag) * (diag + 1)) ** 0.5
    )
    n /= 2
    eps = torch.finfo(vec.dtype).eps
    if round(n) - n > eps:
        raise ValueError(
            f"The size of last dimension is {vec.shape[-1]} which cannot be expressed "
            "as the lower triangular part of a square D x D matrix."
        )
    size = round(n)
    result = vec.new_zeros((*vec.shape[:-1], size, size))
    rows, columns = torch.tril_indices(size, size, diag)
    result[..., rows, columns] = vec
    return result


__all__ = [
    "broadcast_all",
    "clamp_probs",
    "euler_constant",
    "lazy_property",
    "logits_to_probs",
    "probs_to_logits",
    "tril_matrix_to_vec",
    "vec_to_tril_matrix",
]
