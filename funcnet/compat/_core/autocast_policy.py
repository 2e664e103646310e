"""Which operations `torch.autocast` computes in which precision, on which devices."""

from typing import Final

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType

LOW_DTYPES: Final = {"cpu": _dtypes.bfloat16, "cuda": _dtypes.float16}
"""The usual half precision on each type of device that `autocast` supports."""

# Layers that are one operation go by the names of their classes.
_PRODUCTS = """
matmul mm bmm addmm addbmm baddbmm chain_matmul linalg.multi_dot einsum tensordot
linalg.vecdot nn.functional.linear nn.functional.conv1d nn.functional.conv2d
nn.functional.conv3d nn.functional.conv_transpose1d nn.functional.conv_transpose2d
nn.functional.conv_transpose3d nn.functional.scaled_dot_product_attention
nn.functional.prelu Linear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d
ConvTranspose3d MultiheadAttention RNN LSTM GRU PReLU
"""
_PRODUCTS_GPU = "mv addmv addr RNNCell LSTMCell GRUCell"

_LOSSES = """
binary_cross_entropy binary_cross_entropy_with_logits cosine_embedding_loss
cross_entropy ctc_loss hinge_embedding_loss huber_loss kl_div l1_loss
linear_cross_entropy margin_ranking_loss mse_loss multi_margin_loss
multilabel_margin_loss nll_loss poisson_nll_loss smooth_l1_loss soft_margin_loss
triplet_margin_loss
"""
_SUMS_CPU = """
prod trace cdist quantile nanquantile stft polar view_as_complex cholesky
cholesky_inverse cholesky_solve inverse pinverse lu_solve orgqr ormqr
nn.functional.grid_sample nn.functional.avg_pool3d nn.functional.max_pool3d
nn.functional.adaptive_avg_pool3d AvgPool3d MaxPool3d AdaptiveAvgPool3d
"""
_SUMS_GPU = """
softmax log_softmax nn.functional.softmax nn.functional.log_softmax
nn.functional.softmin nn.functional.layer_norm nn.functional.group_norm
nn.functional.normalize nn.functional.cosine_similarity nn.functional.softplus
nn.functional.pdist Softmax LogSoftmax Softmin LayerNorm GroupNorm RMSNorm Softplus
CosineSimilarity acos asin cdist cosh cumprod cumsum dist erfinv exp expm1 log log10
log1p log2 norm pow prod reciprocal renorm rsqrt sinh sum tan logsumexp
"""
# On CPUs all Fourier transforms, and of linear algebra what is no product.
_PREFIXES_CPU: Final = ("fft.", "linalg.")
_KEPT_CPU: Final = frozenset(("linalg.matrix_norm", "linalg.vector_norm"))


def _losses() -> set[str]:
    names = _LOSSES.split()
    classes = {"".join(w.capitalize() for w in name.split("_")) for name in names}
    short = {"BCELoss", "BCEWithLogitsLoss", "NLLLoss", "MSELoss", "L1Loss"}
    more = {"CTCLoss", "KLDivLoss", "CrossEntropyLoss", "SmoothL1Loss", "HuberLoss"}
    return {f"nn.functional.{name}" for name in names} | classes | short | more


_LOW: Final = {
    "cpu": frozenset(_PRODUCTS.split()),
    "cuda": frozenset((_PRODUCTS + _PRODUCTS_GPU).split()),
}
_SINGLE: Final = {
    "cpu": frozenset(_SUMS_CPU.split()) | _losses(),
    "cuda": frozenset(_SUMS_GPU.split()) | _losses(),
}


def precision(name: str, device_type: str, low: DType) -> DType | None:
    """The dtype to which an operation's floating-point inputs are cast, if any."""
    if name in _LOW[device_type]:
        return low
    if name in _SINGLE[device_type]:
        return _dtypes.float32
    if (
        device_type == "cpu"
        and name.startswith(_PREFIXES_CPU)
        and name not in _KEPT_CPU
    ):
        return _dtypes.float32
    return None


def casts(dtype: DType, wanted: DType) -> bool:
    """Return whether a tensor of a dtype takes part: float64 and integers do not."""
    return dtype is not wanted and dtype in (
        _dtypes.float32,
        _dtypes.float16,
        _dtypes.bfloat16,
    )
