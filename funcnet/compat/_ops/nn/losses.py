"""Losses of numbers against numbers: regression, likelihoods, yes or no."""

import warnings
from typing import Any

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._check import check_floating
from funcnet._types import Array
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._messages.translate import refusal
from funcnet.compat._ops.checks import type_name
from funcnet.compat._ops.index.bounds import host_values
from funcnet.compat._ops.nn.loss_table import (
    as_given,
    expanded,
    loss,
    matched,
    native_loss,
    target_first,
    warn_of_sizes,
)
from funcnet.compat._ops.promote import is_integral, of_one_dtype
from funcnet.compat._tensor.tensor import Tensor

native_loss("mse_loss", expanded, check=warn_of_sizes)
native_loss("l1_loss", expanded, check=warn_of_sizes)
native_loss("smooth_l1_loss", expanded, check=warn_of_sizes)
native_loss("huber_loss", expanded, check=warn_of_sizes, legacy=())
native_loss("soft_margin_loss", matched)
native_loss("poisson_nll_loss", target_first, legacy=("eps", "reduction"))


def _check_variances(input: Tensor, target: Tensor, arguments: dict[str, Any]) -> None:
    var = arguments.get("var")
    variances = host_values(var) if isinstance(var, Tensor) else None
    if variances is not None and (variances < 0).any():
        least = float(variances.min())
        raise refusal("gaussian.negative", name="gaussian_nll_loss", value=least)


native_loss("gaussian_nll_loss", as_given, inputs=3, check=_check_variances, legacy=())


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


@loss("kl_div", check=_warn_of_mean)
def kl_div(
    input: Array,
    target: Array,
    reduction: str = "mean",
    log_target: bool = False,
) -> Any:
    """Compute the divergence of log-probabilities, as `torch.nn.functional.kl_div`."""
    check_floating("kl_div", input)
    check_floating("kl_div", target, "target")
    batch = input.shape[0] if input.ndim else 1
    input, target = target_first(input, target)
    if reduction == "batchmean":  # of the input as it was, which may be broadcast
        return F.kl_div(input, target, "sum", log_target) / batch
    return F.kl_div(input, target, reduction, log_target)


def _check_probabilities(
    input: Tensor, target: Tensor, arguments: dict[str, Any]
) -> None:
    for what, x in (("input", input), ("target", target)):
        array = x._value().array  # known only of what nothing computes
        if array is not None and not ((array >= 0) & (array <= 1)).all():
            facts = {"what": what, "value": float(jnp.max(jnp.abs(array)))}
            raise refusal("loss.probability", name="binary_cross_entropy", **facts)


@loss("binary_cross_entropy", check=_check_probabilities)
def binary_cross_entropy(
    input: Array,
    target: Array,
    weight: Array | None = None,
    reduction: str = "mean",
) -> Any:
    """Compute the loss of yes or no, as `torch.nn.functional.binary_cross_entropy`."""
    return F.binary_cross_entropy(input, target, weight, reduction)


@loss("binary_cross_entropy_with_logits")
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
    if is_integral(target):
        raise RuntimeError(
            f"result type {type_name(input)} can't be cast to the desired output type "
            f"{type_name(target)}"
        )
    check_floating("binary_cross_entropy_with_logits", input)
    input, target = of_one_dtype(input, target)
    return F.binary_cross_entropy_with_logits(
        input, target, weight, reduction, pos_weight
    )
