"""Losses of classes: one among many, yes or no, and sequences of them."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._check import check_in_range
from funcnet.nn._loss.base import Loss, WeightedLoss, Weights

__all__ = [
    "BCELoss",
    "BCEWithLogitsLoss",
    "CTCLoss",
    "CrossEntropyLoss",
    "MultiLabelSoftMarginLoss",
    "NLLLoss",
    "SoftMarginLoss",
]


@dataclass(frozen=True, repr=False)
class CrossEntropyLoss(WeightedLoss, function=F.cross_entropy):
    """Cross entropy of logits; equals `torch.nn.CrossEntropyLoss`.

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


@dataclass(frozen=True, repr=False)
class NLLLoss(WeightedLoss, function=F.nll_loss):
    """Negative log likelihood of labels; equals `torch.nn.NLLLoss`.

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


@dataclass(frozen=True, repr=False)
class BCELoss(WeightedLoss, function=F.binary_cross_entropy):
    """Binary cross entropy of probabilities; equals `torch.nn.BCELoss`.

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


@dataclass(frozen=True, repr=False)
class BCEWithLogitsLoss(WeightedLoss, function=F.binary_cross_entropy_with_logits):
    """Binary cross entropy of logits; equals `torch.nn.BCEWithLogitsLoss`.

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

    _weights = ("weight", "pos_weight")


@dataclass(frozen=True, repr=False)
class MultiLabelSoftMarginLoss(WeightedLoss, function=F.multilabel_soft_margin_loss):
    """Multi-label soft margin loss: the mean binary cross entropy of all classes.

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


@dataclass(frozen=True, repr=False)
class SoftMarginLoss(Loss, function=F.soft_margin_loss):
    """Soft margin loss: `log(1 + exp(-target * input))`; `torch.nn.SoftMarginLoss`.

    Targets are -1 or 1. See `funcnet.functional.soft_margin_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.SoftMarginLoss()
        >>> float(loss(jnp.zeros(2), jnp.array([-1, 1]))).__round__(4)
        0.6931
    """

    reduction: str = "mean"


@dataclass(frozen=True, repr=False)
class CTCLoss(Loss, function=F.ctc_loss):
    """Connectionist temporal classification loss; equals `torch.nn.CTCLoss`.

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
