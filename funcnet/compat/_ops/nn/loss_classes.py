"""Losses of scores of classes against labels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeGuard

from funcnet import functional as F
from funcnet._check import check_floating
from funcnet._errors import InputTypeError
from funcnet._types import Array
from funcnet.compat._messages.translate import refusal, translated
from funcnet.compat._ops.index.bounds import check_places
from funcnet.compat._ops.nn.loss_table import loss, native_loss, target_first
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

    def __post_init__(self) -> None:
        translated(self.native)()

    def native(self) -> F.LinearCrossEntropyOptions:
        """The options of the native function."""
        method = None if self.batch_chunk_size is not None else self.chunking_method
        return F.LinearCrossEntropyOptions(self.batch_chunk_size, method)


def _check_range(
    name: str, target: Tensor, classes: int, allowed: int | None = None
) -> None:
    """Raise for labels out of range, which are not known where the loss is traced."""

    def error(label: int) -> Exception:
        facts = {"what": "target", "label": label, "classes": classes}
        return refusal("labels.range", name=name, last=classes - 1, **facts)

    check_places(target, classes, error, allowed=allowed)


def _are_labels(target: object) -> TypeGuard[Tensor]:
    return isinstance(target, Tensor) and not target._spec.dtype.is_inexact


def _check_labels(input: Tensor, target: Tensor, arguments: dict[str, Any]) -> None:
    shape = input._spec.shape
    if _are_labels(target) and shape and target._spec.shape != shape:
        ignored = arguments.get("ignore_index", -100)
        _check_range("cross_entropy", target, shape[min(len(shape) - 1, 1)], ignored)


def _check_linear_labels(
    input: Tensor, linear_weight: Tensor, arguments: dict[str, Any]
) -> None:
    target, shape = arguments.get("target"), linear_weight._spec.shape
    if _are_labels(target) and shape:
        ignored = arguments.get("ignore_index")
        ignored = -100 if ignored is None else ignored
        _check_range("linear_cross_entropy", target, shape[0], ignored)


def _check_margin_labels(
    input: Tensor, target: Tensor, arguments: dict[str, Any]
) -> None:
    if _are_labels(target) and 0 not in input._spec.shape:
        _check_range("multi_margin_loss", target, [1, *input._spec.shape][-1])


def _check_lists_of_labels(
    input: Tensor, target: Tensor, arguments: dict[str, Any]
) -> None:
    if _are_labels(target) and 0 not in input._spec.shape:
        classes = [1, *input._spec.shape][-1]
        _check_range("multilabel_margin_loss", target, classes, allowed=-1)


def _check_dtype(name: str, target: Array, *accepted: str) -> None:
    """Raise for integers that PyTorch does not take as labels."""
    if target.dtype.name not in accepted and is_integral(target):
        dtype = target.dtype
        raise InputTypeError("labels.dtype", name=name, what="target", dtype=dtype)


def _labels(name: str, input: Array, target: Array) -> Array:
    """The labels of an input; one sample's may be in a list of one."""
    _check_dtype(name, target, "int64", "uint8")
    return target[0] if input.ndim == 1 and target.shape == (1,) else target


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
        target = _labels("cross_entropy", input, target)
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
    target = _labels("nll_loss", input, target)
    return F.nll_loss(input, target, weight, ignore_index, reduction)


@loss("linear_cross_entropy", check=_check_linear_labels, legacy=())
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


def _with_long_target(name: str) -> Callable[[Array, Array], tuple[Array, Array]]:
    def prepare(input: Array, target: Array) -> tuple[Array, Array]:
        _check_dtype(name, target, "int64")
        return input, target

    return prepare


def _with_floating_input(input: Array, target: Array) -> tuple[Any, Any]:
    check_floating("multilabel_soft_margin_loss", input)
    return target_first(input, target)


for _name, _check in (
    ("multi_margin_loss", _check_margin_labels),
    ("multilabel_margin_loss", _check_lists_of_labels),
):
    native_loss(_name, _with_long_target(_name), check=_check)
native_loss("multilabel_soft_margin_loss", _with_floating_input)
