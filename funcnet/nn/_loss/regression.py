"""Losses of real numbers, of likelihoods and of distributions."""

from dataclasses import dataclass, field
from typing import ClassVar

from funcnet import functional as F
from funcnet._check import check_in_range, check_positive
from funcnet._types import Array, ArrayLike
from funcnet.nn._loss.base import Loss

__all__ = [
    "GaussianNLLLoss",
    "HuberLoss",
    "KLDivLoss",
    "L1Loss",
    "MSELoss",
    "PoissonNLLLoss",
    "SmoothL1Loss",
]


@dataclass(frozen=True, repr=False)
class L1Loss(Loss, function=F.l1_loss):
    """L1 loss: `|input - target|`; equals `torch.nn.L1Loss`.

    Inputs of one shape; they are not broadcast. See `funcnet.functional.l1_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> float(nn.L1Loss()(jnp.array([1.0, 2.0]), jnp.array([1.0, 4.0])))
        1.0
    """

    reduction: str = "mean"


@dataclass(frozen=True, repr=False)
class MSELoss(Loss, function=F.mse_loss):
    """Squared error: `(input - target)²`; equals `torch.nn.MSELoss`.

    Inputs of one shape; they are not broadcast. See `funcnet.functional.mse_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> float(nn.MSELoss()(jnp.array([1.0, 2.0]), jnp.array([1.0, 4.0])))
        2.0
    """

    reduction: str = "mean"


@dataclass(frozen=True, repr=False)
class SmoothL1Loss(Loss, function=F.smooth_l1_loss):
    """Smooth L1 loss: quadratic below `beta`, absolute above.

    Equals `torch.nn.SmoothL1Loss`. Inputs of one shape; they are not broadcast. See
    `funcnet.functional.smooth_l1_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.SmoothL1Loss(reduction="none")
        >>> loss(jnp.array([1.0, 2.0]), jnp.array([2.0, 5.0])).tolist()
        [0.5, 2.5]
    """

    reduction: str = "mean"
    beta: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_in_range("SmoothL1Loss", "beta", self.beta, 0)


@dataclass(frozen=True, repr=False)
class HuberLoss(Loss, function=F.huber_loss):
    """Huber loss: quadratic up to `delta`, linear above.

    Equals `torch.nn.HuberLoss`. Inputs of one shape; they are not broadcast. See
    `funcnet.functional.huber_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.HuberLoss(reduction="none", delta=2.0)
        >>> loss(jnp.array([1.0, 2.0]), jnp.array([2.0, 5.0])).tolist()
        [0.5, 4.0]
    """

    reduction: str = "mean"
    delta: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive("HuberLoss", "delta", self.delta)


@dataclass(frozen=True, repr=False)
class KLDivLoss(Loss, function=F.kl_div):
    """Kullback-Leibler divergence from log-probabilities; `torch.nn.KLDivLoss`.

    Reduction "batchmean" is the divergence of the distributions, "mean" divides by the
    classes too. See `funcnet.functional.kl_div`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> p = jnp.array([[0.5, 0.5]])
        >>> float(nn.KLDivLoss("batchmean")(jnp.log(p), p))
        0.0
    """

    reduction: str = "mean"
    log_target: bool = False
    _reductions: ClassVar[tuple[str, ...]] = ("none", "mean", "sum", "batchmean")


@dataclass(frozen=True, repr=False)
class PoissonNLLLoss(Loss, function=F.poisson_nll_loss):
    """Negative log likelihood of Poisson counts; equals `torch.nn.PoissonNLLLoss`.

    See `funcnet.functional.poisson_nll_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> float(nn.PoissonNLLLoss()(jnp.zeros(3), jnp.array([0, 1, 5])))
        1.0
    """

    log_input: bool = True
    full: bool = False
    eps: float = 1e-8
    reduction: str = "mean"

    def forward(self, log_input: ArrayLike, target: ArrayLike) -> Array:
        return super().forward(log_input, target)


@dataclass(frozen=True, repr=False)
class GaussianNLLLoss(Loss, function=F.gaussian_nll_loss):
    """Negative log likelihood of normal variables; `torch.nn.GaussianNLLLoss`.

    Equals `torch.nn.GaussianNLLLoss`; called with means, targets and variances. See
    `funcnet.functional.gaussian_nll_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> float(nn.GaussianNLLLoss()(jnp.zeros(2), jnp.ones(2), jnp.ones(2)))
        0.5
    """

    full: bool = field(default=False, kw_only=True)
    eps: float = field(default=1e-6, kw_only=True)
    reduction: str = field(default="mean", kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive("GaussianNLLLoss", "eps", self.eps)
