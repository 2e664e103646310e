# Made by `make stubs` from the registry of operations; see tools/stubs.
# Do not edit: a test compares this file with what would be made anew.
# mypy: disable-error-code="override"

"""Masked reductions, as `torch.masked`."""

from collections.abc import Sequence
from funcnet.compat._core.dtype import dtype
from funcnet.compat._surface import publish as publish, suggestions as suggestions
from funcnet.compat._tensor.tensor import Tensor

def amax(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Take the greatest that the mask keeps, as `torch.masked.amax`."""

def amin(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Take the least that the mask keeps, as `torch.masked.amin`."""

def argmax(
    input: Tensor,
    dim: int | None = None,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Find the greatest that the mask keeps, as `torch.masked.argmax`."""

def argmin(
    input: Tensor,
    dim: int | None = None,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Find the least that the mask keeps, as `torch.masked.argmin`."""

def cumprod(
    input: Tensor,
    dim: int,
    *,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Multiply what is kept so far, as `torch.masked.cumprod`."""

def cumsum(
    input: Tensor,
    dim: int,
    *,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Add up what is kept so far, as `torch.masked.cumsum`."""

def is_masked_tensor(obj: object) -> bool:
    """Return False: there are no masked tensors."""

def log_softmax(
    input: Tensor,
    dim: int,
    *,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `log_softmax` of what is kept, as `torch.masked.log_softmax`."""

def logaddexp(
    input: Tensor,
    other: Tensor,
    *,
    dtype: dtype | None = None,
    input_mask: Tensor | None = None,
    other_mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `log(exp(x) + exp(y))` of what is kept, as `torch.masked.logaddexp`."""

def logsumexp(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `log(sum(exp(x)))` of what is kept, as `torch.masked.logsumexp`."""

def mean(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Average what the mask keeps, as `torch.masked.mean`."""

def median(
    input: Tensor,
    dim: int = -1,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Take the median of what is kept, as `torch.masked.median`."""

def norm(
    input: Tensor,
    ord: float | None = 2.0,
    dim: int | Sequence[int] | None = None,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the norm of what is kept, as `torch.masked.norm`."""

def normalize(
    input: Tensor,
    ord: float,
    dim: int,
    *,
    eps: float = 1e-12,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Divide what is kept by its norm, as `torch.masked.normalize`."""

def prod(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Multiply what the mask keeps, as `torch.masked.prod`."""

def softmax(
    input: Tensor,
    dim: int,
    *,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `softmax` of what is kept, as `torch.masked.softmax`."""

def softmin(
    input: Tensor,
    dim: int,
    *,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `softmin` of what is kept, as `torch.masked.softmin`."""

def std(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    unbiased: bool | None = None,
    *,
    correction: float | None = None,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the standard deviation of what is kept, as `torch.masked.std`."""

def sum(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    *,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Add up what the mask keeps, as `torch.masked.sum`."""

def var(
    input: Tensor,
    dim: int | Sequence[int] | None = None,
    unbiased: bool | None = None,
    *,
    correction: float | None = None,
    keepdim: bool = False,
    dtype: dtype | None = None,
    mask: Tensor | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the variance of what is kept, as `torch.masked.var`."""
