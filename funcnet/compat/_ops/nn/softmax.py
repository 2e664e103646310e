"""Softmax and its relatives over one dimension."""

import warnings
from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.annotations import DType
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.random.fill import exponential_
from funcnet.compat._ops.random.masks import drawn_on_host
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._random.keys import key_of, next_key
from funcnet.compat._tensor.recording import ScalarInput
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.transform_levels import as_batch_of


def _implicit(name: str, ndim: int) -> int:
    """The dimension that old PyTorch took where none was named; warn of it."""
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to "
        "include dim=X as an argument.",
        UserWarning,
        stacklevel=outside(),
    )
    return 0 if ndim in (0, 1, 3) else 1


def _run(name: str) -> Any:
    native = getattr(F, name)

    def run(input: Array, dim: int, dtype: DType | None = None) -> Any:
        if dtype is not None:
            input = input.astype(dtype.numpy)
        return native(input, dim)

    return recorded(f"nn.functional.{name}")(run)


_SOFTMAX, _LOG_SOFTMAX, _SOFTMIN = map(_run, ("softmax", "log_softmax", "softmin"))


@register("softmax", "special.softmax", method=False)
@register("nn.functional.softmax")
def softmax(
    input: Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: DType | None = None,
) -> Tensor:
    """Normalise exponentials over `dim`, as `torch.nn.functional.softmax`."""
    if dim is None:
        dim = _implicit("softmax", input.ndim)
    result: Tensor = _SOFTMAX(input, dim, dtype)
    return result


@register("log_softmax", "special.log_softmax", method=False)
@register("nn.functional.log_softmax")
def log_softmax(
    input: Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: DType | None = None,
) -> Tensor:
    """Compute the logarithm of `softmax`, as `torch.nn.functional.log_softmax`."""
    if dim is None:
        dim = _implicit("log_softmax", input.ndim)
    result: Tensor = _LOG_SOFTMAX(input, dim, dtype)
    return result


@register("nn.functional.softmin")
def softmin(
    input: Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: DType | None = None,
) -> Tensor:
    """Compute `softmax` of `-input`, as `torch.nn.functional.softmin`."""
    if dim is None:
        dim = _implicit("softmin", input.ndim)
    result: Tensor = _SOFTMIN(input, dim, dtype)
    return result


@register("Tensor.softmax")
def _softmax_of(self: Tensor, dim: int, dtype: DType | None = None) -> Tensor:
    """`torch.softmax` of this tensor."""
    return softmax(self, dim, dtype=dtype)


@register("Tensor.log_softmax")
def _log_softmax_of(self: Tensor, dim: int, dtype: DType | None = None) -> Tensor:
    """`torch.log_softmax` of this tensor."""
    return log_softmax(self, dim, dtype=dtype)


@recorded("nn.functional.gumbel_softmax")
def _gumbel(logits: Array, tau: Any, hard: bool, dim: int, drawn: Array) -> Any:
    tau = tau.astype(logits.dtype)
    key = key_of(*drawn) if isinstance(drawn, tuple) else -jnp.log(drawn)
    return F.gumbel_softmax(logits, tau, hard, dim=dim, key=key)


@register("nn.functional.gumbel_softmax")
def gumbel_softmax(
    logits: Tensor,
    tau: float = 1,
    hard: bool = False,
    eps: float = 1e-10,
    dim: int = -1,
) -> Tensor:
    """Draw from a softened categorical, as `torch.nn.functional.gumbel_softmax`.

    `tau` may change from step to step; `eps` is not used, in PyTorch neither.
    """
    drawn: Any
    if drawn_on_host(logits.device):
        zeros = from_array(np.zeros(logits.shape, logits.dtype.numpy))
        drawn = exponential_(as_batch_of(zeros, logits._value()))
    else:
        drawn = next_key()
    result: Tensor = _gumbel(logits, ScalarInput(tau), hard, dim, drawn)
    return result
