"""Losses, as `torch.nn.modules.loss`."""

import math
from collections.abc import Sequence
from typing import Any

from funcnet import nn
from funcnet._check import check_choice
from funcnet.compat._core.annotations import DeviceLike, DType
from funcnet.compat._messages.translate import translated
from funcnet.compat._ops.nn.loss_table import legacy_reduction
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn._module.native_loss import NativeLoss
from funcnet.compat.nn.modules.linear import Linear
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.utils import _public_modules


class _Loss(Module):
    """A loss with a reduction; the base of a user's own losses too."""

    reduction: str

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__()
        self.reduction = legacy_reduction(size_average, reduce) or reduction


class _WeightedLoss(_Loss):
    """A loss with weights of the classes or elements."""

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)


class L1Loss(NativeLoss, _Loss):
    """Mean absolute error, as `torch.nn.L1Loss`."""

    native_class = nn.L1Loss


class MSELoss(NativeLoss, _Loss):
    """Mean squared error, as `torch.nn.MSELoss`."""

    native_class = nn.MSELoss


class SmoothL1Loss(NativeLoss, _Loss):
    """Smooth L1 loss: squared below `beta`, absolute above.

    As `torch.nn.SmoothL1Loss`.
    """

    native_class = nn.SmoothL1Loss


class HuberLoss(NativeLoss, _Loss):
    """Huber loss: squared up to `delta`, absolute above, as `torch.nn.HuberLoss`."""

    native_class = nn.HuberLoss


class CrossEntropyLoss(NativeLoss, _WeightedLoss):
    """Cross entropy of logits, as `torch.nn.CrossEntropyLoss`."""

    native_class = nn.CrossEntropyLoss


class NLLLoss(NativeLoss, _WeightedLoss):
    """Negative log likelihood of class labels, as `torch.nn.NLLLoss`."""

    native_class = nn.NLLLoss


class NLLLoss2d(NLLLoss):
    """`NLLLoss` under the name it had for images."""


class BCELoss(NativeLoss, _WeightedLoss):
    """Binary cross entropy of probabilities, as `torch.nn.BCELoss`."""

    native_class = nn.BCELoss


class BCEWithLogitsLoss(NativeLoss, _Loss):
    """Binary cross entropy of logits, as `torch.nn.BCEWithLogitsLoss`."""

    native_class = nn.BCEWithLogitsLoss


class KLDivLoss(NativeLoss, _Loss):
    """Kullback-Leibler divergence, as `torch.nn.KLDivLoss`."""

    native_class = nn.KLDivLoss


class PoissonNLLLoss(NativeLoss, _Loss):
    """Negative log likelihood of Poisson distributed counts.

    As `torch.nn.PoissonNLLLoss`.
    """

    native_class = nn.PoissonNLLLoss

    def forward(self, log_input: Tensor, target: Tensor) -> Any:
        """Compute the loss."""
        return self._compute(log_input, target)


class GaussianNLLLoss(NativeLoss, _Loss):
    """Negative log likelihood of normally distributed values.

    As `torch.nn.GaussianNLLLoss`.
    """

    native_class = nn.GaussianNLLLoss

    def forward(self, input: Tensor, target: Tensor, var: Tensor) -> Any:
        """Compute the loss."""
        return self._compute(input, target, var)


class HingeEmbeddingLoss(NativeLoss, _Loss):
    """Hinge loss of distances, as `torch.nn.HingeEmbeddingLoss`."""

    native_class = nn.HingeEmbeddingLoss


class MultiLabelMarginLoss(NativeLoss, _Loss):
    """Multi-label hinge loss of lists of labels, as `torch.nn.MultiLabelMarginLoss`."""

    native_class = nn.MultiLabelMarginLoss


class SoftMarginLoss(NativeLoss, _Loss):
    """Logistic loss of targets 1 and -1, as `torch.nn.SoftMarginLoss`."""

    native_class = nn.SoftMarginLoss


class MultiLabelSoftMarginLoss(NativeLoss, _WeightedLoss):
    """Binary cross entropy of logits, averaged over the classes.

    As `torch.nn.MultiLabelSoftMarginLoss`.
    """

    native_class = nn.MultiLabelSoftMarginLoss


class CosineEmbeddingLoss(NativeLoss, _Loss):
    """Cosine embedding loss of pairs, as `torch.nn.CosineEmbeddingLoss`."""

    native_class = nn.CosineEmbeddingLoss

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Any:
        """Compute the loss."""
        return self._compute(input1, input2, target)


class MarginRankingLoss(NativeLoss, _Loss):
    """Margin ranking loss of two scores, as `torch.nn.MarginRankingLoss`."""

    native_class = nn.MarginRankingLoss

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Any:
        """Compute the loss."""
        return self._compute(input1, input2, target)


class MultiMarginLoss(NativeLoss, _WeightedLoss):
    """Multi-class hinge loss, as `torch.nn.MultiMarginLoss`."""

    native_class = nn.MultiMarginLoss

    def _check_settings(self) -> None:
        translated(check_choice)("multi_margin_loss", "p", self.p, (1, 2))
        if self.weight is not None and self.weight.dim() != 1:
            raise ValueError(
                "MultiMarginLoss: expected weight to be None or 1D tensor, got "
                f"{self.weight.dim()}D instead"
            )


def _check_margin(module: Any) -> None:
    if module.margin <= 0:
        raise ValueError(
            f"{type(module).__name__}: expected margin to be greater than 0, got "
            f"{module.margin} instead"
        )


class TripletMarginLoss(NativeLoss, _Loss):
    """Triplet margin loss of p-norm distances, as `torch.nn.TripletMarginLoss`."""

    native_class = nn.TripletMarginLoss

    def _check_settings(self) -> None:
        _check_margin(self)

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Any:
        """Compute the loss."""
        return self._compute(anchor, positive, negative)


class TripletMarginWithDistanceLoss(NativeLoss, _Loss):
    """Triplet margin loss with any distance.

    As `torch.nn.TripletMarginWithDistanceLoss`.
    """

    native_class = nn.TripletMarginWithDistanceLoss

    def _check_settings(self) -> None:
        _check_margin(self)

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Any:
        """Compute the loss."""
        return self._compute(anchor, positive, negative)


class CTCLoss(NativeLoss, _Loss):
    """Connectionist temporal classification loss, as `torch.nn.CTCLoss`."""

    native_class = nn.CTCLoss

    def forward(
        self,
        log_probs: Tensor,
        targets: Tensor,
        input_lengths: Tensor | Sequence[int],
        target_lengths: Tensor | Sequence[int],
    ) -> Any:
        """Compute the loss."""
        return self._compute(log_probs, targets, input_lengths, target_lengths)


class LinearCrossEntropyLoss(Module):
    """Cross entropy of a linear layer, as `torch.nn.LinearCrossEntropyLoss`."""

    def __init__(
        self,
        in_features: int,
        num_classes: int,
        *,
        out_features: Any = (),
        bias: bool = False,
        reduction: str = "mean",
        weight: Tensor | None = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options: Any = None,
        device: DeviceLike | None = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self.in_features = in_features
        self.num_classes = num_classes
        self.out_features = tuple(out_features)
        self.reduction = reduction
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing
        self.options = options
        rows = num_classes * math.prod(self.out_features)
        factory_kwargs = {"device": device, "dtype": dtype}
        self.linear = Linear(in_features, rows, bias=bias, **factory_kwargs)
        self.register_buffer("weight", weight)

    def forward(self, input: Tensor, target: Tensor) -> Any:
        """Compute the loss."""
        rows, bias = (self.num_classes, *self.out_features), self.linear.bias
        return F.linear_cross_entropy(
            input,
            self.linear.weight.reshape(*rows, self.in_features),
            target,
            linear_bias=None if bias is None else bias.reshape(rows),
            weight=self.weight,
            reduction=self.reduction,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
            options=self.options,
        )

    def extra_repr(self) -> str:
        """The settings, as PyTorch prints them."""
        settings = {
            "in_features": self.in_features,
            "num_classes": self.num_classes,
            "out_features": self.out_features,
            "bias": self.linear.bias is not None,
            "reduction": self.reduction,
            "ignore_index": self.ignore_index,
            "label_smoothing": self.label_smoothing,
            "options": self.options,
        }
        return ", ".join(f"{name}={value}" for name, value in settings.items())


__all__ = _public_modules(globals())
