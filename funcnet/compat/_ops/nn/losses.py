"""Losses of numbers against numbers: regression, likelihoods, yes or no."""

import warnings
from typing import Any

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.checks import check_expand, type_name
from funcnet.compat._ops.nn.loss_table import (
    REDUCTIONS,
    expanded,
    loss,
    matched,
    native_loss,
    warn_of_sizes,
)
from funcnet.compat._tensor.tensor import Tensor

native_loss("mse_loss", expanded, check=warn_of_sizes)
native_loss("l1_loss", expanded, check=warn_of_sizes)
native_loss("smooth_l1_loss", expanded, check=warn_of_sizes)
native_loss("huber_loss", expanded, check=warn_of_sizes, legacy=())
native_loss("soft_margin_loss", matched)
native_loss("poisson_nll_loss", matched, legacy=("eps", "reduction"))


def _with_variances(input: Any, target: Any, var: Any) -> tuple[Any, Any, Any]:
    if isinstance(var, float | int):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = jnp.full(input.shape, var, input.dtype)
    return input, target, var


native_loss("gaussian_nll_loss", _with_variances, inputs=3, legacy=())


def _warn_of_mean(input: Tensor, target: Tensor, arguments: dict[str, Any]) -> None:
    if arguments.get("reduction", "mean") == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the "
            "support size.'batchmean' divides only by the batch size, and aligns with "
            "the KL div math definition.'mean' will be changed to behave the same as "
            "'batchmean' in the next major release.",
            UserWarning,
            stacklevel=outside(),
        )


@loss("kl_div", check=_warn_of_mean, reductions=(*REDUCTIONS, "batchmean"))
def kl_div(
    input: Array,
    target: Array,
    reduction: str = "mean",
    log_target: bool = False,
) -> Any:
    """Compute the divergence of log-probabilities, as `torch.nn.functional.kl_div`."""
    batch = input.shape[0] if input.ndim else 1
    input, target = matched(input, target)
    if reduction == "batchmean":
        return F.kl_div(input, target, "sum", log_target) / batch
    return F.kl_div(input, target, reduction, log_target)


def _check_probabilities(
    input: Tensor, target: Tensor, arguments: dict[str, Any]
) -> None:
    if target._spec.shape != input._spec.shape:
        raise ValueError(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}) is deprecated. Please ensure they have the same size."
        )
    for name, x in (("input", input), ("target", target)):
        array = x._value().array  # known only of what nothing computes
        if array is not None and not ((array >= 0) & (array <= 1)).all():
            raise RuntimeError(f"all elements of {name} should be between 0 and 1")


@loss("binary_cross_entropy", check=_check_probabilities)
def binary_cross_entropy(
    input: Array,
    target: Array,
    weight: Array | None = None,
    reduction: str = "mean",
) -> Any:
    """Compute the loss of yes or no, as `torch.nn.functional.binary_cross_entropy`."""
    if target.dtype != input.dtype:
        raise RuntimeError(
            f"Found dtype {type_name(target)} but expected {type_name(input)}"
        )
    if weight is not None:
        check_expand(weight, input.shape)
    return F.binary_cross_entropy(input, target, weight, reduction)


def _check_sizes(input: Tensor, target: Tensor, arguments: dict[str, Any]) -> None:
    if target._spec.shape != input._spec.shape:
        raise ValueError(
            f"Target size ({target.shape}) must be the same as input size "
            f"({input.shape})"
        )


@loss("binary_cross_entropy_with_logits", check=_check_sizes)
def binary_cross_entropy_with_logits(
    input: Array,
    target: Array,
    weight: Array | None = None,
    reduction: str = "mean",
    pos_weight: Array | None = None,
) -> Any:
    """Compute the loss of logits of a yes.

    As `torch.nn.functional.binary_cross_entropy_with_logits`.
    """
    if not jnp.issubdtype(target.dtype, jnp.inexact):
        raise RuntimeError(
            f"result type {type_name(input)} can't be cast to the desired output type "
            f"{type_name(target)}"
        )
    input, target = matched(input, target)
    return F.binary_cross_entropy_with_logits(
        input, target, weight, reduction, pos_weight
    )
