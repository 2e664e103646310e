"""Norms, exponentials and running sums of what a mask keeps, as `torch.masked`."""

from typing import Any

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.annotations import Dims, DType
from funcnet.compat._ops.checks import dimension
from funcnet.compat._ops.elementwise.powers import logaddexp_of
from funcnet.compat._ops.linalg.norms import vector_norm_of
from funcnet.compat._ops.promote import floating
from funcnet.compat._ops.reduce import cumulative
from funcnet.compat._ops.reduce.masked import dims_of, masked_fill, masked_reduction
from funcnet.compat._ops.reduce.reduction import as_dtype
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor


@masked_reduction("logsumexp", lambda x, dtype: as_dtype(floating(x), dtype))
def logsumexp(
    x: Array, mask: Array | None, dims: tuple[int, ...], keepdim: bool
) -> Any:
    """Compute `log(sum(exp(x)))` of what is kept, as `torch.masked.logsumexp`."""
    x = masked_fill(x, mask, -jnp.inf)
    peak = jnp.max(x, dims, keepdims=True)
    peak = jnp.where(jnp.isfinite(peak), peak, 0)
    total = jnp.sum(jnp.exp(x - peak), dims, keepdims=True)
    result = jnp.log(total) + peak
    return result if keepdim else jnp.squeeze(result, dims)


@operation("masked.logaddexp")
def logaddexp(
    input: Array,
    other: Array,
    *,
    dtype: DType | None = None,
    input_mask: Array | None = None,
    other_mask: Array | None = None,
) -> Any:
    """Compute `log(exp(x) + exp(y))` of what is kept, as `torch.masked.logaddexp`."""
    x = masked_fill(as_dtype(input, dtype), input_mask, -jnp.inf)
    y = masked_fill(as_dtype(other, dtype), other_mask, -jnp.inf)
    return logaddexp_of(x, y)


@operation("masked.norm")
def norm(
    input: Array,
    ord: float | None = 2.0,
    dim: Dims | None = None,
    *,
    keepdim: bool = False,
    dtype: DType | None = None,
    mask: Array | None = None,
) -> Any:
    """Compute the norm of what is kept, as `torch.masked.norm`."""
    ord = 2.0 if ord is None else ord
    x = masked_fill(as_dtype(input, dtype), mask, 0 if ord >= 0 else jnp.inf)
    return vector_norm_of(x, ord, dims_of(dim, x), keepdim)


@operation("masked.normalize")
def normalize(
    input: Array,
    ord: float,
    dim: int,
    *,
    eps: float = 1e-12,
    dtype: DType | None = None,
    mask: Array | None = None,
) -> Any:
    """Divide what is kept by its norm, as `torch.masked.normalize`."""
    measured = masked_fill(as_dtype(input, dtype), mask, 0 if ord >= 0 else jnp.inf)
    size = vector_norm_of(measured, ord, dims_of(dim, measured), True)
    return masked_fill(as_dtype(input, dtype), mask, 0) / jnp.maximum(size, eps)


def _register_softmax(name: str) -> None:
    native = getattr(F, name)
    fill = jnp.inf if name == "softmin" else -jnp.inf

    def run(
        input: Array, dim: int, *, dtype: DType | None = None, mask: Array | None = None
    ) -> Any:
        x = masked_fill(as_dtype(floating(input), dtype), mask, fill)
        return native(x, dimension(dim, x.ndim)) if x.ndim else native(x[None], 0)[0]

    run.__doc__ = f"Compute `{name}` of what is kept, as `torch.masked.{name}`."
    operation(f"masked.{name}")(run)


for _name in ("softmax", "log_softmax", "softmin"):
    _register_softmax(_name)


@recorded("masked.kept")
def _filled(input: Array, mask: Array, fill: float) -> Any:
    return masked_fill(input, mask, fill)


@register("masked.cumsum", out=True)
def cumsum(
    input: Tensor, dim: int, *, dtype: DType | None = None, mask: Tensor | None = None
) -> Tensor:
    """Add up what is kept so far, as `torch.masked.cumsum`."""
    result: Tensor = cumulative.cumsum(_filled(input, mask, 0), dim, dtype=dtype)
    return result


@register("masked.cumprod", out=True)
def cumprod(
    input: Tensor, dim: int, *, dtype: DType | None = None, mask: Tensor | None = None
) -> Tensor:
    """Multiply what is kept so far, as `torch.masked.cumprod`."""
    result: Tensor = cumulative.cumprod(_filled(input, mask, 1), dim, dtype=dtype)
    return result


@register("masked.median", out=True)
def median(
    input: Tensor,
    dim: int = -1,
    *,
    keepdim: bool = False,
    dtype: DType | None = None,
    mask: Tensor | None = None,
) -> Tensor:
    """Take the median of what is kept, as `torch.masked.median`."""
    if not input.dtype.is_floating_point and mask is not None:
        raise ValueError(
            "torch.masked.median needs a floating-point input, as what is masked "
            f"becomes NaN; got {input.dtype}. Write input.float()."
        )
    filled: Tensor = _filled(input, mask, float("nan"))
    return filled.nanmedian(dim, keepdim).values
