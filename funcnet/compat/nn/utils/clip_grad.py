"""Keep gradients small, as `torch.nn.utils.clip_grad`."""

import inspect
import math
import warnings
from collections.abc import Iterable
from typing import Any

from funcnet.compat._core.context import no_grad
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import old_spelling, outside
from funcnet.compat._ops.create.creation import tensor
from funcnet.compat._ops.elementwise.clamp import clamp
from funcnet.compat._ops.linalg.norms import vector_norm
from funcnet.compat._ops.shape.joining import stack
from funcnet.compat._tensor.tensor import Tensor


def _gradients(parameters: Tensor | Iterable[Tensor]) -> list[Any]:
    tensors: Iterable[Tensor] = (
        [parameters] if isinstance(parameters, Tensor) else parameters
    )
    return [p._grad for p in tensors if p._grad is not None]


@explains_keywords
@no_grad()
def get_total_norm(
    tensors: Tensor | Iterable[Tensor],
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Return the norm of all tensors together."""
    listed = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    if not listed:
        return tensor(0.0)
    norms = [vector_norm(x, norm_type) for x in listed]
    total = vector_norm(stack(norms), norm_type)
    if error_if_nonfinite and not math.isfinite(total.item()):
        raise RuntimeError(
            f"The total norm of order {norm_type} for gradients from `parameters` is "
            "non-finite, so it cannot be clipped. To disable this error and scale the "
            "gradients by the non-finite norm anyway, set `error_if_nonfinite=False`"
        )
    return total


@explains_keywords
@no_grad()
def clip_grads_with_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    total_norm: Tensor,
    foreach: bool | None = None,
) -> None:
    """Scale gradients down so that a norm of them is at most `max_norm`."""
    factor = clamp(float(max_norm) / (total_norm + 1e-6), max=1.0)
    for grad in _gradients(parameters):
        grad.mul_(factor)


@explains_keywords
def clip_grad_norm_(
    parameters: Tensor | Iterable[Tensor],
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale all gradients so that their norm is at most `max_norm`; return the norm.

    Equals `torch.nn.utils.clip_grad_norm_`.
    """
    tensors = [parameters] if isinstance(parameters, Tensor) else list(parameters)
    if not tensors and inspect.isgenerator(parameters):
        warnings.warn(
            "`parameters` is an empty generator, no gradient clipping will occur.",
            stacklevel=outside(),
        )
    total = get_total_norm(_gradients(tensors), float(norm_type), error_if_nonfinite)
    clip_grads_with_norm_(tensors, float(max_norm), total)
    return total


@explains_keywords
@no_grad()
def clip_grad_value_(
    parameters: Tensor | Iterable[Tensor],
    clip_value: float,
    foreach: bool | None = None,
) -> None:
    """Clip each element of the gradients, as `torch.nn.utils.clip_grad_value_`."""
    for grad in _gradients(parameters):
        grad.clamp_(-float(clip_value), float(clip_value))
        if foreach is not False:  # PyTorch writes the lower and the upper bound
            grad._count_write()


def clip_grad_norm(*args: Any, **kwargs: Any) -> Tensor:
    """`clip_grad_norm_` under its old name."""
    old_spelling("nn.utils.clip_grad_norm", "nn.utils.clip_grad_norm_")
    return clip_grad_norm_(*args, **kwargs)


__all__ = [
    "clip_grad_norm",
    "clip_grad_norm_",
    "clip_grad_value_",
    "clip_grads_with_norm_",
    "get_total_norm",
]
