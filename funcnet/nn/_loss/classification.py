"""Losses of classes: one among many, yes or no, and sequences of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from funcnet import functional as F
from funcnet._check import check_in_range
from funcnet._types import Array, ArrayLike
from funcnet.nn._loss.base import Loss, WeightedLoss, Weights, as_array


@dataclass(frozen=True, repr=False)
class CrossEntropyLoss(WeightedLoss):
    """Compute the cross entropy of logits; equals `torch.nn.CrossEntropyLoss`.

    Logits `(batch, classes, *spatial)` or `(classes,)`; targets are class indices
    without the dimension of the classes, or probabilities of the logits' shape. See
    `funcnet.functional.cross_entropy`.

    Args:
        weight: how much each class counts, a sequence or an array of numbers.
        ignore_index: elements with this label count nothing.
        reduction: "mean", "sum" or "none".
        label_smoothing: the share, 0 to 1, of the uniform distribution in the target.

    Raises:
        InputError: an unknown reduction, or label_smoothing is not 0 to 1.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.CrossEntropyLoss(weight=[1.0, 1.0, 2.0])
        >>> loss
        CrossEntropyLoss(weight=(1.0, 1.0, 2.0))
        >>> float(loss(jnp.zeros((2, 3)), jnp.array([0, 2]))).__round__(4)
        1.0986
    """

    weight: Weights | None = None
    ignore_index: int = -100
    reduction: str = "mean"
    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        share = self.label_smoothing
        check_in_range("CrossEntropyLoss", "label_smoothing", share, 0, 1)

    def forward(self, input: ArrayLike, target: ArrayLike) -> Array:
        return F.cross_entropy(
            input,
            target,
            as_array(self.weight, input),
            self.ignore_index,
            self.reduction,
            self.label_smoothing,
        )


@dataclass(frozen=True, repr=False)
class NLLLoss(WeightedLoss):
    """Compute the negative log likelihood of labels; equals `torch.nn.NLLLoss`.

    Log-probabilities `(batch, classes, *spatial)` or `(classes,)`, class indices
    without the dimension of the classes. See `funcnet.functional.nll_loss`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> log_probs = jax.nn.log_softmax(jnp.zeros((2, 4)))
        >>> float(nn.NLLLoss()(log_probs, jnp.array([0, 3]))).__round__(4)
        1.3863
    """

    weight: Weights | None = None
    ignore_index: int = -100
    reduction: str = "mean"

    def forward(self, input: ArrayLike, target: ArrayLike) -> Array:
        weight = as_array(self.weight, input)
        return F.nll_loss(input, target, weight, self.ignore_index, self.reduction)


@dataclass(frozen=True, repr=False)
class BCELoss(WeightedLoss):
    """Compute the binary cross entropy of probabilities; equals `torch.nn.BCELoss`.

    `BCEWithLogitsLoss` is more accurate. See
    `funcnet.functional.binary_cross_entropy`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> float(nn.BCELoss()(jnp.array([0.5]), jnp.array([1.0]))).__round__(4)
        0.6931
    """

    weight: Weights | None = None
    reduction: str = "mean"

    def forward(self, input: ArrayLike, target: ArrayLike) -> Array:
        weight = as_array(self.weight, input)
        return F.binary_cross_entropy(input, target, weight, self.reduction)


@dataclass(frozen=True, repr=False)
class BCEWithLogitsLoss(WeightedLoss):
    """Compute the binary cross entropy of logits; equals `torch.nn.BCEWithLogitsLoss`.

    `weight` and `pos_weight` are sequences or arrays of numbers that broadcast to the
    input, nested where it takes several dimensions. See
    `funcnet.functional.binary_cross_entropy_with_logits`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.BCEWithLogitsLoss(pos_weight=[2.0])
        >>> float(loss(jnp.array([[0.0]]), jnp.array([[1.0]]))).__round__(4)
        1.3863
    """

    weight: Weights | None = None
    reduction: str = "mean"
    pos_weight: Weights | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._keep("pos_weight")

    def forward(self, input: ArrayLike, target: ArrayLike) -> Array:
        weight = as_array(self.weight, input)
        pos_weight = as_array(self.pos_weight, input)
        return F.binary_cross_entropy_with_logits(
            input, target, weight, self.reduction, pos_weight
        )


@dataclass(frozen=True, repr=False)
class MultiLabelSoftMarginLoss(WeightedLoss):
    """Compute the mean binary cross entropy of all classes.

    Equals `torch.nn.MultiLabelSoftMarginLoss`. See
    `funcnet.functional.multilabel_soft_margin_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.MultiLabelSoftMarginLoss()
        >>> float(loss(jnp.zeros((1, 2)), jnp.array([[0, 1]]))).__round__(4)
        0.6931
    """

    weight: Weights | None = None
    reduction: str = "mean"

    def forward(self, input: ArrayLike, target: ArrayLike) -> Array:
        weight = as_array(self.weight, input)
        return F.multilabel_soft_margin_loss(input, target, weight, self.reduction)


@dataclass(frozen=True, repr=False)
class SoftMarginLoss(Loss):
    """Compute `log(1 + exp(-target * input))`; equals `torch.nn.SoftMarginLoss`.

    Targets are -1 or 1. See `funcnet.functional.soft_margin_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.SoftMarginLoss()
        >>> float(loss(jnp.zeros(2), jnp.array([-1, 1]))).__round__(4)
        0.6931
    """

    reduction: str = "mean"

    def forward(self, input: ArrayLike, target: ArrayLike) -> Array:
        return F.soft_margin_loss(input, target, self.reduction)


@dataclass(frozen=True, repr=False)
class CTCLoss(Loss):
    """Compute the loss of sequences without an alignment; equals `torch.nn.CTCLoss`.

    Called with log-probabilities `(time, batch, classes)`, targets `(batch, length)`,
    and the lengths of both. See `funcnet.functional.ctc_loss`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> log_probs = jax.nn.log_softmax(jnp.zeros((4, 1, 3)))
        >>> loss = nn.CTCLoss()
        >>> float(loss(log_probs, jnp.array([[1, 2]]), (4,), (2,))).__round__(4)
        0.8432
    """

    blank: int = 0
    reduction: str = "mean"
    zero_infinity: bool = False

    def forward(
        self,
        log_probs: ArrayLike,
        targets: ArrayLike,
        input_lengths: ArrayLike | Sequence[int],
        target_lengths: ArrayLike | Sequence[int],
    ) -> Array:
        return F.ctc_loss(
            log_probs,
            targets,
            input_lengths,
            target_lengths,
            self.blank,
            self.reduction,
            self.zero_infinity,
        )
