# Made by `make stubs` from the registry of operations; see tools/stubs.
# Do not edit: a test compares this file with what would be made anew.
# mypy: disable-error-code="override"

"""The functions of neural networks, as `torch.nn.functional`."""

from collections.abc import Callable, Sequence
from typing import Literal, overload
from funcnet.compat._core.dtype import dtype
from funcnet.compat._ops.nn.loss_classes import (
    LinearCrossEntropyOptions as LinearCrossEntropyOptions,
)
from funcnet.compat._tensor.tensor import Tensor

def adaptive_avg_pool1d(
    input: Tensor,
    output_size: int | Sequence[int | None] | None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 1D adaptive average pooling."""

def adaptive_avg_pool2d(
    input: Tensor,
    output_size: int | Sequence[int | None] | None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 2D adaptive average pooling."""

def adaptive_avg_pool3d(
    input: Tensor,
    output_size: int | Sequence[int | None] | None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 3D adaptive average pooling."""

@overload
def adaptive_max_pool1d(
    input: Tensor,
    output_size: int | None | Sequence[int | None],
    return_indices: Literal[False] = False,
) -> Tensor:
    """Take maxima to a given size, as `torch.nn.functional.adaptive_max_pool1d`."""

@overload
def adaptive_max_pool1d(
    input: Tensor,
    output_size: int | None | Sequence[int | None],
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def adaptive_max_pool1d_with_indices(
    input: Tensor, output_size: int | None | Sequence[int | None]
) -> tuple[Tensor, Tensor]:
    """Take maxima to a given size, as `torch.nn.functional.adaptive_max_pool1d`."""

@overload
def adaptive_max_pool2d(
    input: Tensor,
    output_size: int | None | Sequence[int | None],
    return_indices: Literal[False] = False,
) -> Tensor:
    """Take maxima to a given size, as `torch.nn.functional.adaptive_max_pool2d`."""

@overload
def adaptive_max_pool2d(
    input: Tensor,
    output_size: int | None | Sequence[int | None],
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def adaptive_max_pool2d_with_indices(
    input: Tensor, output_size: int | None | Sequence[int | None]
) -> tuple[Tensor, Tensor]:
    """Take maxima to a given size, as `torch.nn.functional.adaptive_max_pool2d`."""

@overload
def adaptive_max_pool3d(
    input: Tensor,
    output_size: int | None | Sequence[int | None],
    return_indices: Literal[False] = False,
) -> Tensor:
    """Take maxima to a given size, as `torch.nn.functional.adaptive_max_pool3d`."""

@overload
def adaptive_max_pool3d(
    input: Tensor,
    output_size: int | None | Sequence[int | None],
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def adaptive_max_pool3d_with_indices(
    input: Tensor, output_size: int | None | Sequence[int | None]
) -> tuple[Tensor, Tensor]:
    """Take maxima to a given size, as `torch.nn.functional.adaptive_max_pool3d`."""

def affine_grid(
    theta: Tensor, size: Sequence[int], align_corners: bool | None = None
) -> Tensor:
    """Make the grid of an affine map, as `torch.nn.functional.affine_grid`."""

def alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor: ...
def alpha_dropout_(input: Tensor, p: float = 0.5, training: bool = False) -> Tensor:
    """`alpha_dropout`, written into this tensor, which is returned."""

def avg_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Average over windows, as `torch.nn.functional.avg_pool1d`."""

def avg_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Average over windows, as `torch.nn.functional.avg_pool2d`."""

def avg_pool3d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Average over windows, as `torch.nn.functional.avg_pool3d`."""

def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """Normalise channels over the batch, as `torch.nn.functional.batch_norm`."""

def bilinear(
    input1: Tensor,
    input2: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Compute the loss of yes or no, as `torch.nn.functional.binary_cross_entropy`."""

def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """Compute the loss of logits of a yes."""

def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor: ...
def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`celu`, written into this tensor, which is returned."""

def channel_shuffle(input: Tensor, groups: int, *, out: Tensor | None = None) -> Tensor:
    """Shuffle channels: deal those of `groups` groups out in turn."""

def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Correlate over one dimension, as `torch.nn.functional.conv1d`."""

def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Correlate over two dimensions, as `torch.nn.functional.conv2d`."""

def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] | str = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Correlate over three dimensions, as `torch.nn.functional.conv3d`."""

def conv_tbc(
    input: Tensor,
    weight: Tensor,
    bias: Tensor,
    pad: int = 0,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Correlate `(time, batch, channels)`, as `torch.nn.functional.conv_tbc`."""

def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    output_padding: int | Sequence[int] = 0,
    groups: int = 1,
    dilation: int | Sequence[int] = 1,
    *,
    out: Tensor | None = None,
) -> Tensor: ...
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Compare directions, as `torch.nn.functional.cosine_embedding_loss`."""

def cosine_similarity(
    x1: Tensor,
    x2: Tensor,
    dim: int = 1,
    eps: float = 1e-08,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the cosine of the angle, as `torch.nn.functional.cosine_similarity`."""

def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Compute the loss of logits, as `torch.nn.functional.cross_entropy`."""

def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | Sequence[int],
    target_lengths: Tensor | Sequence[int],
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """Compute the loss of unaligned labels, as `torch.nn.functional.ctc_loss`."""

def dropout(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor: ...
def dropout1d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor: ...
def dropout1d_(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """`dropout1d`, written into this tensor, which is returned."""

def dropout2d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor: ...
def dropout2d_(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """`dropout2d`, written into this tensor, which is returned."""

def dropout3d(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor: ...
def dropout3d_(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """`dropout3d`, written into this tensor, which is returned."""

def dropout_(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """`dropout`, written into this tensor, which is returned."""

def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """Apply the ELU: `x` where positive and `alpha * (exp(x) - 1)` elsewhere."""

def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`elu`, written into this tensor, which is returned."""

def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Look up rows of a table, as `torch.nn.functional.embedding`."""

def embedding_bag(
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Tensor | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Tensor:
    """Reduce bags of rows of a table, as `torch.nn.functional.embedding_bag`."""

def feature_alpha_dropout(
    input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False
) -> Tensor: ...
def feature_alpha_dropout_(
    input: Tensor, p: float = 0.5, training: bool = False
) -> Tensor:
    """`feature_alpha_dropout`, written into this tensor, which is returned."""

def feature_dropout(
    input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
) -> Tensor: ...
def feature_dropout_(input: Tensor, p: float = 0.5, training: bool = True) -> Tensor:
    """`feature_dropout`, written into this tensor, which is returned."""

def fold(
    input: Tensor,
    output_size: int | Sequence[int],
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Fold columns of sliding blocks into images, summed (col2im)."""

@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor:
    """Take maxima of random windows, as `torch.nn.functional.fractional_max_pool2d`."""

@overload
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    *,
    return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]: ...
def fractional_max_pool2d_with_indices(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Take maxima of random windows, as `torch.nn.functional.fractional_max_pool2d`."""

@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    return_indices: Literal[False] = False,
    _random_samples: Tensor | None = None,
) -> Tensor:
    """Take maxima of random windows, as `torch.nn.functional.fractional_max_pool3d`."""

@overload
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    *,
    return_indices: Literal[True],
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]: ...
def fractional_max_pool3d_with_indices(
    input: Tensor,
    kernel_size: int | Sequence[int],
    output_size: int | Sequence[int] | None = None,
    output_ratio: float | Sequence[float] | None = None,
    _random_samples: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Take maxima of random windows, as `torch.nn.functional.fractional_max_pool3d`."""

def gaussian_nll_loss(
    input: Tensor,
    target: Tensor,
    var: Tensor,
    full: bool = False,
    eps: float = 1e-06,
    reduction: str = "mean",
) -> Tensor:
    """Compute the Gaussian negative log likelihood."""

def gelu(
    input: Tensor, approximate: str = "none", *, out: Tensor | None = None
) -> Tensor:
    """Apply the GELU, `x * Φ(x)`, Φ the normal distribution function."""

def glu(input: Tensor, dim: int = -1, *, out: Tensor | None = None) -> Tensor: ...
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """Sample an image at the points of a grid, as `torch.nn.functional.grid_sample`."""

def group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply group normalization over groups of channels."""

def grouped_mm(
    mat_a: Tensor,
    mat_b: Tensor,
    *,
    offs: Tensor | None = None,
    bias: Tensor | None = None,
    out_dtype: dtype | None = None,
) -> Tensor:
    """Multiply groups of rows, or of columns, each by a matrix of its own."""

def gumbel_softmax(
    logits: Tensor,
    tau: float = 1,
    hard: bool = False,
    eps: float = 1e-10,
    dim: int = -1,
) -> Tensor:
    """Draw from a softened categorical, as `torch.nn.functional.gumbel_softmax`."""

def hardshrink(
    input: Tensor, lambd: float = 0.5, *, out: Tensor | None = None
) -> Tensor:
    """Apply hard shrinkage: 0 for what lies in `-lambd..lambd`."""

def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """Apply Hardsigmoid, `relu6(x + 3) / 6`. Any shape."""

def hardsigmoid_(input: Tensor) -> Tensor:
    """`hardsigmoid`, written into this tensor, which is returned."""

def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """Apply Hardswish, `x * relu6(x + 3) / 6`. Any shape."""

def hardswish_(input: Tensor) -> Tensor:
    """`hardswish`, written into this tensor, which is returned."""

def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """Clip to `min_val .. max_val`, as `torch.nn.functional.hardtanh`."""

def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """`hardtanh`, written into this tensor, which is returned."""

def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Compare distance and margin, as `torch.nn.functional.hinge_embedding_loss`."""

def huber_loss(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: Tensor | None = None,
) -> Tensor:
    """Huber loss."""

def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Tensor:
    """Normalise the channels of each sample, as `torch.nn.functional.instance_norm`."""

def interpolate(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """Resize `(batch, channels, *spatial)`, as `torch.nn.functional.interpolate`."""

def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """Compute the divergence of log-probabilities, as `torch.nn.functional.kl_div`."""

def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """L1 loss, the absolute error; equals `torch.nn.functional.l1_loss`."""

def layer_norm(
    input: Tensor,
    normalized_shape: int | Sequence[int],
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-05,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply layer normalization over the last dimensions."""

def leaky_relu(
    input: Tensor, negative_slope: float = 0.01, inplace: bool = False
) -> Tensor:
    """Apply the leaky ReLU: `x` where positive, `negative_slope * x` elsewhere."""

def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """`leaky_relu`, written into this tensor, which is returned."""

def linear(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute `input @ weight.T + bias`, as `torch.nn.functional.linear`."""

def linear_cross_entropy(
    input: Tensor,
    linear_weight: Tensor,
    target: Tensor,
    *,
    linear_bias: Tensor | None = None,
    weight: Tensor | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: LinearCrossEntropyOptions | None = None,
) -> Tensor:
    """Compute `cross_entropy(linear(...))` in parts, to save memory."""

def local_response_norm(
    input: Tensor,
    size: int,
    alpha: float = 0.0001,
    beta: float = 0.75,
    k: float = 1.0,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply local response normalization over neighbouring channels."""

def log_softmax(
    input: Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: dtype | None = None,
) -> Tensor:
    """Compute the logarithm of `softmax`, as `torch.nn.functional.log_softmax`."""

def logsigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Apply LogSigmoid, `log(sigmoid(x))`. Any shape."""

def lp_pool1d(
    input: Tensor,
    norm_type: float,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    ceil_mode: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 1D power-average pooling; equals `torch.nn.functional.lp_pool1d`."""

def lp_pool2d(
    input: Tensor,
    norm_type: float,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    ceil_mode: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 2D power-average pooling."""

def lp_pool3d(
    input: Tensor,
    norm_type: float,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    ceil_mode: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 3D power-average pooling; equals `torch.nn.functional.lp_pool3d`."""

def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Compute the margin ranking loss."""

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """Take the maxima of windows, as `torch.nn.functional.max_pool1d`."""

@overload
def max_pool1d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:
    """Take the maxima of windows, as `torch.nn.functional.max_pool1d`."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """Take the maxima of windows, as `torch.nn.functional.max_pool2d`."""

@overload
def max_pool2d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def max_pool2d_with_indices(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:
    """Take the maxima of windows, as `torch.nn.functional.max_pool2d`."""

@overload
def max_pool3d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    return_indices: Literal[False] = False,
) -> Tensor:
    """Take the maxima of windows, as `torch.nn.functional.max_pool3d`."""

@overload
def max_pool3d(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
    *,
    return_indices: Literal[True],
) -> tuple[Tensor, Tensor]: ...
def max_pool3d_with_indices(
    input: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    ceil_mode: bool = False,
) -> tuple[Tensor, Tensor]:
    """Take the maxima of windows, as `torch.nn.functional.max_pool3d`."""

def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    output_size: Sequence[int] | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 1D max unpooling: maxima where they came from, zeros elsewhere."""

def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    output_size: Sequence[int] | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 2D max unpooling, the partial inverse of `max_pool2d_with_indices`."""

def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    output_size: Sequence[int] | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply 3D max unpooling, the partial inverse of `max_pool3d_with_indices`."""

def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """Apply Mish, `x * tanh(softplus(x))`, as `torch.nn.functional.mish`. Any shape."""

def mish_(input: Tensor) -> Tensor:
    """`mish`, written into this tensor, which is returned."""

def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """Mean squared error loss; equals `torch.nn.functional.mse_loss`."""

def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Tensor, Tensor | None]: ...
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Compute the multi-class hinge loss."""

def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Compute the multi-label hinge loss."""

def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Multi-label soft margin loss."""

def native_channel_shuffle(
    input: Tensor, groups: int, *, out: Tensor | None = None
) -> Tensor:
    """Shuffle channels: deal those of `groups` groups out in turn."""

def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Pick the labels' log-probabilities, as `torch.nn.functional.nll_loss`."""

def normalize(
    input: Tensor,
    p: float = 2.0,
    dim: int | Sequence[int] = 1,
    eps: float = 1e-12,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Divide by the p-norm along `dim`, as `torch.nn.functional.normalize`."""

def one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """Write indices as rows of zeros with a one, as `torch.nn.functional.one_hot`."""

def pad(
    input: Tensor,
    pad: Sequence[int],
    mode: str = "constant",
    value: float | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Pad the last dimensions, `(before, after)` from the last one on."""

def pairwise_distance(
    x1: Tensor,
    x2: Tensor,
    p: float = 2.0,
    eps: float = 1e-06,
    keepdim: bool = False,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Compute the norm of `x1 - x2`, as `torch.nn.functional.pairwise_distance`."""

def pdist(input: Tensor, p: float = 2.0, *, out: Tensor | None = None) -> Tensor:
    """Compute the p-norm distance between every two rows."""

def pixel_shuffle(
    input: Tensor, upscale_factor: int, *, out: Tensor | None = None
) -> Tensor:
    """Pixel shuffle: turn channels into pixels; `torch.nn.functional.pixel_shuffle`."""

def pixel_unshuffle(
    input: Tensor, downscale_factor: int, *, out: Tensor | None = None
) -> Tensor:
    """Pixel unshuffle: turn pixels into channels, undoing `pixel_shuffle`."""

def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-08,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Compute the Poisson negative log likelihood."""

def prelu(input: Tensor, weight: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Multiply negative elements by `weight`, as `torch.nn.functional.prelu`."""

def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """Compute `max(input, 0)`, as `torch.nn.functional.relu`."""

def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """Compute `min(max(input, 0), 6)`, as `torch.nn.functional.relu6`."""

def relu6_(input: Tensor) -> Tensor:
    """`relu6`, written into this tensor, which is returned."""

def relu_(input: Tensor) -> Tensor:
    """`relu`, written into this tensor, which is returned."""

def rms_norm(
    input: Tensor,
    normalized_shape: int | Sequence[int],
    weight: Tensor | None = None,
    eps: float | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply root mean square normalization over the last dimensions."""

def rrelu(
    input: Tensor,
    lower: float = 0.125,
    upper: float = 0.3333333333333333,
    training: bool = False,
    inplace: bool = False,
) -> Tensor:
    """Multiply negatives by random slopes, as `torch.nn.functional.rrelu`."""

def rrelu_(
    input: Tensor,
    lower: float = 0.125,
    upper: float = 0.3333333333333333,
    training: bool = False,
) -> Tensor:
    """`rrelu`, written into this tensor, which is returned."""

def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Average values by the likeness of keys and queries."""

def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """Apply the SELU, the scaled ELU that keeps mean 0 and variance 1."""

def selu_(input: Tensor) -> Tensor:
    """`selu`, written into this tensor, which is returned."""

def sigmoid(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `1 / (1 + exp(-input))`, as `torch.sigmoid`."""

def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """Apply the SiLU or Swish, `x * sigmoid(x)`. Any shape."""

def silu_(input: Tensor) -> Tensor:
    """`silu`, written into this tensor, which is returned."""

def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """Smooth L1 loss."""

def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Soft margin loss, the logistic loss of signs."""

def softmax(
    input: Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: dtype | None = None,
) -> Tensor:
    """Normalise exponentials over `dim`, as `torch.nn.functional.softmax`."""

def softmin(
    input: Tensor,
    dim: int | None = None,
    _stacklevel: int = 3,
    dtype: dtype | None = None,
) -> Tensor:
    """Compute `softmax` of `-input`, as `torch.nn.functional.softmin`."""

def softplus(
    input: Tensor,
    beta: float = 1.0,
    threshold: float = 20.0,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Apply Softplus, `log(1 + exp(beta * x)) / beta`."""

def softshrink(
    input: Tensor, lambd: float = 0.5, *, out: Tensor | None = None
) -> Tensor:
    """Apply soft shrinkage: move towards 0 by `lambd`. Any shape."""

def softsign(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `x / (1 + |x|)`, as `torch.nn.functional.softsign`."""

def tanh(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute the hyperbolic tangent, as `torch.tanh`."""

def tanhshrink(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Compute `x - tanh(x)`, as `torch.nn.functional.tanhshrink`."""

def threshold(
    input: Tensor, threshold: float, value: float, inplace: bool = False
) -> Tensor:
    """Keep what is above `threshold`, as `torch.nn.functional.threshold`."""

def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """`threshold`, written into this tensor, which is returned."""

def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-06,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Compute the triplet margin loss."""

def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """Compare two distances of the user's kind."""

def unfold(
    input: Tensor,
    kernel_size: int | Sequence[int],
    dilation: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    stride: int | Sequence[int] = 1,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Unfold images into columns of sliding blocks (im2col)."""

def upsample(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """The old name of `interpolate`."""

def upsample_bilinear(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
) -> Tensor: ...
def upsample_nearest(
    input: Tensor,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
) -> Tensor: ...
