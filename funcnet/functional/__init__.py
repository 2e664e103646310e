"""The mathematics of `torch.nn.functional` on JAX arrays: pure, keys explicit."""

from funcnet.functional._activation import (
    celu,
    elu,
    gelu,
    glu,
    logsigmoid,
    mish,
    selu,
    sigmoid,
    silu,
    softplus,
    softsign,
    tanh,
    tanhshrink,
)
from funcnet.functional._batch_norm import batch_norm, instance_norm
from funcnet.functional._ctc import ctc_loss
from funcnet.functional._distance import (
    cdist,
    cosine_similarity,
    pairwise_distance,
    pdist,
)
from funcnet.functional._dropout import (
    alpha_dropout,
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    feature_alpha_dropout,
)
from funcnet.functional._embedding import embedding, one_hot
from funcnet.functional._embedding_bag import embedding_bag
from funcnet.functional._linear import bilinear, linear
from funcnet.functional._loss_binary import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    multilabel_soft_margin_loss,
    soft_margin_loss,
)
from funcnet.functional._loss_classification import cross_entropy, nll_loss
from funcnet.functional._loss_embedding import (
    cosine_embedding_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
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
from funcnet.functional._norm import (
    group_norm,
    layer_norm,
    local_response_norm,
    normalize,
    rms_norm,
)
from funcnet.functional._rectifier import (
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    prelu,
    relu,
    relu6,
    rrelu,
    softshrink,
    threshold,
)
from funcnet.functional._softmax import gumbel_softmax, log_softmax, softmax, softmin

__all__ = [
    "LinearCrossEntropyOptions",
    "alpha_dropout",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cdist",
    "celu",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "ctc_loss",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "elu",
    "embedding",
    "embedding_bag",
    "feature_alpha_dropout",
    "gaussian_nll_loss",
    "gelu",
    "glu",
    "group_norm",
    "gumbel_softmax",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hinge_embedding_loss",
    "huber_loss",
    "instance_norm",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "linear_cross_entropy",
    "local_response_norm",
    "log_softmax",
    "logsigmoid",
    "margin_ranking_loss",
    "mish",
    "mse_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "normalize",
    "one_hot",
    "pairwise_distance",
    "pdist",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "relu6",
    "rms_norm",
    "rrelu",
    "selu",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "soft_margin_loss",
    "softmax",
    "softmin",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]
