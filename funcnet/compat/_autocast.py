"""Which operations `torch.autocast` computes in which precision."""

from typing import Any

from funcnet.compat import _dtypes
from funcnet.compat._dtypes import dtype

_PRODUCTS_NAMES = """
matmul mm bmm mv addmm addmv addbmm baddbmm chain_matmul linalg.multi_dot einsum
nn.functional.linear nn.functional.conv1d nn.functional.conv2d nn.functional.conv3d
nn.functional.conv_transpose1d nn.functional.conv_transpose2d
nn.functional.conv_transpose3d nn.functional.scaled_dot_product_attention Linear
Bilinear Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d
MultiheadAttention RNN LSTM GRU RNNCell LSTMCell GRUCell
"""
_PRODUCTS = frozenset(_PRODUCTS_NAMES.split())
_SUMS_NAMES = """
softmax log_softmax nn.functional.softmax nn.functional.log_softmax
nn.functional.cross_entropy nn.functional.nll_loss nn.functional.mse_loss
nn.functional.l1_loss nn.functional.smooth_l1_loss nn.functional.kl_div
nn.functional.binary_cross_entropy_with_logits nn.functional.layer_norm
nn.functional.group_norm Softmax LogSoftmax LayerNorm GroupNorm RMSNorm exp log log10
log1p log2 pow prod cumsum cumprod sum norm cdist logsumexp erfinv
"""
_SUMS = frozenset(_SUMS_NAMES.split())


def precision(name: str, low: dtype) -> dtype | None:
    """The dtype to which an operation's floating-point inputs are cast, if any."""
    if name in _PRODUCTS:
        return low
    return _dtypes.float32 if name in _SUMS else None


def casts(kind: Any, wanted: dtype) -> bool:
    """Tell whether a tensor of a dtype takes part: float64 and integers do not."""
    return kind is not wanted and kind in (
        _dtypes.float32,
        _dtypes.float16,
        _dtypes.bfloat16,
    )
