"""The mathematics of `torch.nn.functional` on JAX arrays: pure, keys explicit."""

from funcnet.functional._ctc import ctc_loss
from funcnet.functional._dropout import dropout
from funcnet.functional._linear import bilinear, linear
from funcnet.functional._loss_binary import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    multilabel_soft_margin_loss,
    soft_margin_loss,
)
from funcnet.functional._loss_classification import cross_entropy, nll_loss
from funcnet.functional._loss_likelihood import (
    gaussian_nll_loss,
    kl_div,
    poisson_nll_loss,
)
from funcnet.functional._loss_linear import (
    LinearCrossEntropyOptions,
    linear_cross_entropy,
)
from funcnet.functional._loss_margin import (
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    multilabel_margin_loss,
)
from funcnet.functional._loss_regression import (
    huber_loss,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)

__all__ = [
    "LinearCrossEntropyOptions",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "ctc_loss",
    "dropout",
    "gaussian_nll_loss",
    "hinge_embedding_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "linear",
    "linear_cross_entropy",
    "margin_ranking_loss",
    "mse_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "poisson_nll_loss",
    "smooth_l1_loss",
    "soft_margin_loss",
]
