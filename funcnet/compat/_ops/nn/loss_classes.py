"""Losses of scores of classes against labels."""

from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._ops.checks import type_name
from funcnet.compat._ops.index.bounds import check_places
from funcnet.compat._ops.nn.loss_table import loss, matched, native_loss
from funcnet.compat._ops.promote import is_integral
from funcnet.compat._tensor.tensor import Tensor


@dataclass(frozen=True)
class LinearCrossEntropyOptions:
    """How to cut the batch into chunks, as `torch.nn.LinearCrossEntropyOptions`.

    What steers PyTorch's own accumulation is taken and says nothing here.
    """

    allow_retain_graph: bool = False
    batch_chunk_size: int | None = None
    chunking_method: str | None = "auto"
    acc_policy: str = "auto"
    acc_dtype: Any = None

    def native(self) -> F.LinearCrossEntropyOptions:
        """The options of the native function."""
        method = None if self.batch_chunk_size is not None else self.chunking_method
        return F.LinearCrossEntropyOptions(self.batch_chunk_size, method)


def _check_labels(input: Tensor, target: Tensor, arguments: dict[str, Any]) -> None:
    if not isinstance(target, Tensor) or target._spec.shape == input._spec.shape:
        return
    if target._spec.dtype.is_inexact or not input._spec.shape:
        return
    classes = input._spec.shape[min(input.ndim - 1, 1)]
    check_places(
        target, classes, _no_label, allowed=arguments.get("ignore_index", -100)
    )


def _no_label(wrong: int) -> Exception:
    return IndexError(f"Target {wrong} is out of bounds.")


def _check_target(input: Array, target: Array) -> None:
    """Raise what PyTorch raises for targets that are no labels of this input."""
    batch = input.shape[0] if input.ndim > 1 else None
    if input.ndim > 1 and target.ndim and target.shape[0] != batch:
        raise ValueError(
            f"Expected input batch_size ({batch}) to match target batch_size "
            f"({target.shape[0]})."
        )
    if target.ndim > 1 and input.ndim <= 2:
        raise RuntimeError(
            "0D or 1D target tensor expected, multi-target not supported"
        )
    if input.ndim > 2:
        wanted = (batch, *input.shape[2:])
        if target.shape != wanted:
            raise RuntimeError(
                f"Expected target size {list(wanted)}, got {list(target.shape)}"
            )
    if target.dtype not in (jnp.int64, jnp.uint8):
        raise RuntimeError(
            f"expected target dtype to be Long or Byte, but got {type_name(target)}"
        )


def _check_weight(input: Array, weight: Array | None) -> None:
    classes = input.shape[min(input.ndim - 1, 1)]
    if weight is not None and weight.shape != (classes,):
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no "
            f"classes but got weight tensor of shape: {list(weight.shape)}"
        )


@loss("cross_entropy", check=_check_labels, legacy=("ignore_index", "reduction"))
def cross_entropy(
    input: Array,
    target: Array,
    weight: Array | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """Compute the loss of logits, as `torch.nn.functional.cross_entropy`.

    `(batch, classes, *spatial)` goes with labels `(batch, *spatial)`, or with
    probabilities of its own shape; the batch may be missing.
    """
    if target.shape != input.shape:
        _check_target(input, target)
    elif is_integral(target):
        raise RuntimeError(
            "Expected floating point type for target with class probabilities, got "
            f"{type_name(target)}"
        )
    _check_weight(input, weight)
    settings = (weight, ignore_index, reduction, label_smoothing)
    return F.cross_entropy(input, target, *settings)


@loss("nll_loss", check=_check_labels, legacy=("ignore_index", "reduction"))
def nll_loss(
    input: Array,
    target: Array,
    weight: Array | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Any:
    """Pick the labels' log-probabilities, as `torch.nn.functional.nll_loss`."""
    _check_target(input, target)
    _check_weight(input, weight)
    return F.nll_loss(input, target, weight, ignore_index, reduction)


@loss("linear_cross_entropy", legacy=())
def linear_cross_entropy(
    input: Array,
    linear_weight: Array,
    target: Array,
    *,
    linear_bias: Array | None = None,
    weight: Array | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: LinearCrossEntropyOptions | None = None,
) -> Any:
    """Compute `cross_entropy(linear(...))` in parts, to save memory.

    As `torch.nn.functional.linear_cross_entropy`.
    """
    return F.linear_cross_entropy(
        input,
        linear_weight,
        target,
        linear_bias=linear_bias,
        weight=weight,
        reduction=reduction,
        ignore_index=ignore_index,
        label_smoothing=label_smoothing,
        options=None if options is None else options.native(),
    )


def _check_classes(input: Tensor, target: Tensor, arguments: dict[str, Any]) -> None:
    if isinstance(target, Tensor) and not target._spec.dtype.is_inexact:
        classes = input._spec.shape[-1] if input._spec.shape else 1
        check_places(target, classes, lambda _: RuntimeError("target out of range"))


def _as_given(*inputs: Any) -> tuple[Any, ...]:
    return inputs


native_loss("multi_margin_loss", _as_given, check=_check_classes)
native_loss("multilabel_margin_loss", _as_given)
native_loss("multilabel_soft_margin_loss", matched)
