"""Softmax and its relatives over one dimension."""

import warnings
from collections.abc import Callable
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


def _over_dim(name: str, doc: str, *names: str) -> Callable[..., Tensor]:
    """Register a native function of one dimension as `torch.nn.functional.NAME`.

    Args:
        name: of the native function, and of PyTorch's.
        doc: the docstring.
        names: other names of the function.
    """
    native = getattr(F, name)

    @recorded(f"nn.functional.{name}")
    def record(input: Array, dim: int, dtype: DType | None = None) -> Any:
        return native(input if dtype is None else input.astype(dtype.numpy), dim)

    def run(
        input: Tensor,
        dim: int | None = None,
        _stacklevel: int = 3,
        dtype: DType | None = None,
    ) -> Tensor:
        if dim is None:
            dim = _implicit(name, input.ndim)
        result: Tensor = record(input, dim, dtype)
        return result

    public = register(f"nn.functional.{name}", doc=doc)(run)
    return register(*names, method=False)(public) if names else public


softmax = _over_dim(
    "softmax",
    "Normalise exponentials over `dim`, as `torch.nn.functional.softmax`.",
    *("softmax", "special.softmax"),
)
log_softmax = _over_dim(
    "log_softmax",
    "Compute the logarithm of `softmax`, as `torch.nn.functional.log_softmax`.",
    *("log_softmax", "special.log_softmax"),
)
softmin = _over_dim(
    "softmin", "Compute `softmax` of `-input`, as `torch.nn.functional.softmin`."
)


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
