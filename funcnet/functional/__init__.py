"""The mathematics of `torch.nn.functional` on JAX arrays: pure, keys explicit."""

from funcnet.functional._activation.activation import (
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
from funcnet.functional._activation.rectifier import (
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
from funcnet.functional._activation.softmax import (
    gumbel_softmax,
    log_softmax,
    softmax,
    softmin,
)
from funcnet.functional._attention.attention import scaled_dot_product_attention
from funcnet.functional._attention.multi_head import multi_head_attention_forward
from funcnet.functional._conv.conv import conv1d, conv2d, conv3d
from funcnet.functional._conv.conv_transpose import (
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from funcnet.functional._dropout import (
    alpha_dropout,
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    feature_alpha_dropout,
)
from funcnet.functional._embedding.embedding import embedding, one_hot
from funcnet.functional._embedding.embedding_bag import embedding_bag
from funcnet.functional._linear import bilinear, linear
from funcnet.functional._loss.binary import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    multilabel_soft_margin_loss,
    soft_margin_loss,
)
from funcnet.functional._loss.classification import cross_entropy, nll_loss
from funcnet.functional._loss.ctc import ctc_loss
from funcnet.functional._loss.distance import (
    cdist,
    cosine_similarity,
    pairwise_distance,
    pdist,
)
from funcnet.functional._loss.embedding import (
    cosine_embedding_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from funcnet.functional._loss.likelihood import (
    gaussian_nll_loss,
    kl_div,
    poisson_nll_loss,
)
from funcnet.functional._loss.linear import (
    LinearCrossEntropyOptions,
    linear_cross_entropy,
)
from funcnet.functional._loss.margin import (
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    multilabel_margin_loss,
)
from funcnet.functional._loss.regression import (
    huber_loss,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)
from funcnet.functional._norm.batch_norm import batch_norm, instance_norm
from funcnet.functional._norm.norm import (
    group_norm,
    layer_norm,
    local_response_norm,
    normalize,
    rms_norm,
)
from funcnet.functional._pool.adaptive_pool import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool1d_with_indices,
    adaptive_max_pool2d,
    adaptive_max_pool2d_with_indices,
    adaptive_max_pool3d,
    adaptive_max_pool3d_with_indices,
)
from funcnet.functional._pool.avg_pool import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    lp_pool3d,
)
from funcnet.functional._pool.fractional_pool import (
    fractional_max_pool2d,
    fractional_max_pool2d_with_indices,
    fractional_max_pool3d,
    fractional_max_pool3d_with_indices,
)
from funcnet.functional._pool.max_pool import (
    max_pool1d,
    max_pool1d_with_indices,
    max_pool2d,
    max_pool2d_with_indices,
    max_pool3d,
    max_pool3d_with_indices,
)
from funcnet.functional._pool.unpool import max_unpool1d, max_unpool2d, max_unpool3d
from funcnet.functional._recurrent.cells import (
    gru_cell,
    lstm_cell,
    rnn_relu_cell,
    rnn_tanh_cell,
)
from funcnet.functional._recurrent.recurrent import gru, lstm, rnn_relu, rnn_tanh
from funcnet.functional._recurrent.sequences import pad_sequence, unpad_sequence
from funcnet.functional._shape.fold import fold, unfold
from funcnet.functional._shape.pad import pad
from funcnet.functional._shape.shape import flatten, unflatten
from funcnet.functional._vision.grid import affine_grid, grid_sample
from funcnet.functional._vision.interpolate import (
    interpolate,
    upsample,
    upsample_bilinear,
    upsample_nearest,
)
from funcnet.functional._vision.shuffle import (
    channel_shuffle,
    pixel_shuffle,
    pixel_unshuffle,
)

__all__ = [
    "LinearCrossEntropyOptions",
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool1d_with_indices",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_with_indices",
    "adaptive_max_pool3d",
    "adaptive_max_pool3d_with_indices",
    "affine_grid",
    "alpha_dropout",
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cdist",
    "celu",
    "channel_shuffle",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
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
    "flatten",
    "fold",
    "fractional_max_pool2d",
    "fractional_max_pool2d_with_indices",
    "fractional_max_pool3d",
    "fractional_max_pool3d_with_indices",
    "gaussian_nll_loss",
    "gelu",
    "glu",
    "grid_sample",
    "group_norm",
    "gru",
    "gru_cell",
    "gumbel_softmax",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hinge_embedding_loss",
    "huber_loss",
    "instance_norm",
    "interpolate",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "linear_cross_entropy",
    "local_response_norm",
    "log_softmax",
    "logsigmoid",
    "lp_pool1d",
    "lp_pool2d",
    "lp_pool3d",
    "lstm",
    "lstm_cell",
    "margin_ranking_loss",
    "max_pool1d",
    "max_pool1d_with_indices",
    "max_pool2d",
    "max_pool2d_with_indices",
    "max_pool3d",
    "max_pool3d_with_indices",
    "max_unpool1d",
    "max_unpool2d",
    "max_unpool3d",
    "mish",
    "mse_loss",
    "multi_head_attention_forward",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "normalize",
    "one_hot",
    "pad",
    "pad_sequence",
    "pairwise_distance",
    "pdist",
    "pixel_shuffle",
    "pixel_unshuffle",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "relu6",
    "rms_norm",
    "rnn_relu",
    "rnn_relu_cell",
    "rnn_tanh",
    "rnn_tanh_cell",
    "rrelu",
    "scaled_dot_product_attention",
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
    "unflatten",
    "unfold",
    "unpad_sequence",
    "upsample",
    "upsample_bilinear",
    "upsample_nearest",
]
