# Made by `make stubs` from the registry of operations; see tools/stubs.
# Do not edit: a test compares this file with what would be made anew.
# mypy: disable-error-code="override"

"""All modules, as `torch.nn.modules`."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.dtype import dtype
from funcnet.compat._ops.nn.loss_classes import LinearCrossEntropyOptions
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules import (
    activation as activation,
    adaptive as adaptive,
    norm as batchnorm,
    shape as channelshuffle,
    container as container,
    conv as conv,
    shape as distance,
    dropout as dropout,
    shape as flatten,
    shape as fold,
    norm as instancenorm,
    lazy as lazy,
    linear as linear,
    loss as linear_cross_entropy,
    loss as loss,
    module as module,
    norm as norm,
    norm as normalization,
    shape as padding,
    shape as pixelshuffle,
    pooling as pooling,
    rnn as rnn,
    shape as shape,
    sparse as sparse,
    transformer as transformer,
    shape as upsampling,
    utils as utils,
)
from funcnet.compat.nn.modules.adaptive import AdaptiveLogSoftmaxOutput
from funcnet.compat.nn.modules.container import (
    Container as Container,
    ModuleDict as ModuleDict,
    ModuleList as ModuleList,
    ParameterDict as ParameterDict,
    ParameterList as ParameterList,
    Sequential as Sequential,
)
from funcnet.compat.nn.modules.module import Module as Module
from funcnet.compat.nn.parameter import Parameter

_T = TypeVar("_T")
CLASSES: dict[str, type[Module]]

class AdaptiveAvgPool1d(pooling.AdaptiveAvgPool1d):
    """Apply 1D adaptive average pooling, as `torch.nn.AdaptiveAvgPool1d`."""
    def __init__(self, output_size: int | Sequence[int | None] | None) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class AdaptiveAvgPool2d(pooling.AdaptiveAvgPool2d):
    """Apply 2D adaptive average pooling, as `torch.nn.AdaptiveAvgPool2d`."""
    def __init__(self, output_size: int | Sequence[int | None] | None) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class AdaptiveAvgPool3d(pooling.AdaptiveAvgPool3d):
    """Apply 3D adaptive average pooling, as `torch.nn.AdaptiveAvgPool3d`."""
    def __init__(self, output_size: int | Sequence[int | None] | None) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class AdaptiveLogSoftmaxWithLoss(adaptive.AdaptiveLogSoftmaxWithLoss):
    """Adaptive softmax, as `torch.nn.AdaptiveLogSoftmaxWithLoss`."""

    in_features: int
    n_classes: int
    div_value: float
    head_bias: bool
    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input_: Tensor, target_: Tensor) -> AdaptiveLogSoftmaxOutput: ...

class AdaptiveMaxPool1d(pooling.AdaptiveMaxPool1d):
    """Apply 1D adaptive max pooling, as `torch.nn.AdaptiveMaxPool1d`."""

    return_indices: bool
    def __init__(
        self,
        output_size: int | Sequence[int | None] | None,
        return_indices: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class AdaptiveMaxPool2d(pooling.AdaptiveMaxPool2d):
    """Apply 2D adaptive max pooling, as `torch.nn.AdaptiveMaxPool2d`."""

    return_indices: bool
    def __init__(
        self,
        output_size: int | Sequence[int | None] | None,
        return_indices: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class AdaptiveMaxPool3d(pooling.AdaptiveMaxPool3d):
    """Apply 3D adaptive max pooling, as `torch.nn.AdaptiveMaxPool3d`."""

    return_indices: bool
    def __init__(
        self,
        output_size: int | Sequence[int | None] | None,
        return_indices: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class AlphaDropout(dropout.AlphaDropout):
    """Alpha dropout, which keeps mean and variance, as `torch.nn.AlphaDropout`."""

    p: float
    inplace: bool
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class AvgPool1d(pooling.AvgPool1d):
    """Apply 1D average pooling, as `torch.nn.AvgPool1d`."""

    ceil_mode: bool
    count_include_pad: bool
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class AvgPool2d(pooling.AvgPool2d):
    """Apply 2D average pooling, as `torch.nn.AvgPool2d`."""

    ceil_mode: bool
    count_include_pad: bool
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class AvgPool3d(pooling.AvgPool3d):
    """Apply 3D average pooling, as `torch.nn.AvgPool3d`."""

    ceil_mode: bool
    count_include_pad: bool
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class BCELoss(loss.BCELoss):
    """Binary cross entropy of probabilities, as `torch.nn.BCELoss`."""

    reduction: str
    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class BCEWithLogitsLoss(loss.BCEWithLogitsLoss):
    """Binary cross entropy of logits, as `torch.nn.BCEWithLogitsLoss`."""

    reduction: str
    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class BatchNorm1d(norm.BatchNorm1d):
    """Batch normalization of features or sequences, as `torch.nn.BatchNorm1d`."""

    weight: Parameter
    bias: Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor
    num_features: int
    eps: float
    affine: bool
    track_running_stats: bool
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class BatchNorm2d(norm.BatchNorm2d):
    """Batch normalization of images, as `torch.nn.BatchNorm2d`."""

    weight: Parameter
    bias: Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor
    num_features: int
    eps: float
    affine: bool
    track_running_stats: bool
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class BatchNorm3d(norm.BatchNorm3d):
    """Batch normalization of volumes, as `torch.nn.BatchNorm3d`."""

    weight: Parameter
    bias: Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor
    num_features: int
    eps: float
    affine: bool
    track_running_stats: bool
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Bilinear(linear.Bilinear):
    """Bilinear layer: `x1 @ weight[k] @ x2 + bias[k]`, as `torch.nn.Bilinear`."""

    weight: Parameter
    bias: Parameter
    in1_features: int
    in2_features: int
    out_features: int
    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input1: Tensor, input2: Tensor) -> Tensor: ...

class CELU(activation.CELU):
    """Continuously differentiable ELU, as `torch.nn.CELU`."""

    alpha: float
    inplace: bool
    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class CTCLoss(loss.CTCLoss):
    """Connectionist temporal classification loss, as `torch.nn.CTCLoss`."""

    blank: int
    reduction: str
    zero_infinity: bool
    def __init__(
        self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False
    ) -> None: ...
    def forward(
        self,
        log_probs: Tensor,
        targets: Tensor,
        input_lengths: Tensor | Sequence[int],
        target_lengths: Tensor | Sequence[int],
    ) -> Tensor: ...

class ChannelShuffle(shape.ChannelShuffle):
    """Channel shuffle: interleave groups, as `torch.nn.ChannelShuffle`."""

    groups: int
    def __init__(self, groups: int) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class CircularPad1d(shape.CircularPad1d):
    """Apply 1D circular padding, as `torch.nn.CircularPad1d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class CircularPad2d(shape.CircularPad2d):
    """Apply 2D circular padding, as `torch.nn.CircularPad2d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class CircularPad3d(shape.CircularPad3d):
    """Apply 3D circular padding, as `torch.nn.CircularPad3d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ConstantPad1d(shape.ConstantPad1d):
    """Apply 1D constant padding, as `torch.nn.ConstantPad1d`."""

    value: float
    def __init__(self, padding: int | Sequence[int], value: float) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ConstantPad2d(shape.ConstantPad2d):
    """Apply 2D constant padding, as `torch.nn.ConstantPad2d`."""

    value: float
    def __init__(self, padding: int | Sequence[int], value: float) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ConstantPad3d(shape.ConstantPad3d):
    """Apply 3D constant padding, as `torch.nn.ConstantPad3d`."""

    value: float
    def __init__(self, padding: int | Sequence[int], value: float) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Conv1d(conv.Conv1d):
    """Apply a 1D convolution, as `torch.nn.Conv1d`."""

    weight: Parameter
    bias: Parameter
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    padding_mode: str
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Conv2d(conv.Conv2d):
    """Apply a 2D convolution, as `torch.nn.Conv2d`."""

    weight: Parameter
    bias: Parameter
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    padding_mode: str
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Conv3d(conv.Conv3d):
    """Apply a 3D convolution, as `torch.nn.Conv3d`."""

    weight: Parameter
    bias: Parameter
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    dilation: tuple[int, ...]
    groups: int
    padding_mode: str
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ConvTranspose1d(conv.ConvTranspose1d):
    """Apply a 1D transposed convolution, as `torch.nn.ConvTranspose1d`."""

    weight: Parameter
    bias: Parameter
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    output_padding: tuple[int, ...]
    groups: int
    dilation: tuple[int, ...]
    padding_mode: str
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        output_padding: int | Sequence[int] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | Sequence[int] = 1,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self, input: Tensor, output_size: Sequence[int] | None = None
    ) -> Tensor: ...

class ConvTranspose2d(conv.ConvTranspose2d):
    """Apply a 2D transposed convolution, as `torch.nn.ConvTranspose2d`."""

    weight: Parameter
    bias: Parameter
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    output_padding: tuple[int, ...]
    groups: int
    dilation: tuple[int, ...]
    padding_mode: str
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        output_padding: int | Sequence[int] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | Sequence[int] = 1,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self, input: Tensor, output_size: Sequence[int] | None = None
    ) -> Tensor: ...

class ConvTranspose3d(conv.ConvTranspose3d):
    """Apply a 3D transposed convolution, as `torch.nn.ConvTranspose3d`."""

    weight: Parameter
    bias: Parameter
    in_channels: int
    out_channels: int
    kernel_size: tuple[int, ...]
    stride: tuple[int, ...]
    padding: str | tuple[int, ...]
    output_padding: tuple[int, ...]
    groups: int
    dilation: tuple[int, ...]
    padding_mode: str
    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        output_padding: int | Sequence[int] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | Sequence[int] = 1,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self, input: Tensor, output_size: Sequence[int] | None = None
    ) -> Tensor: ...

class CosineEmbeddingLoss(loss.CosineEmbeddingLoss):
    """Cosine embedding loss of pairs, as `torch.nn.CosineEmbeddingLoss`."""

    margin: float
    reduction: str
    def __init__(
        self,
        margin: float = 0.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor: ...

class CosineSimilarity(shape.CosineSimilarity):
    """Cosine similarity of vectors, as `torch.nn.CosineSimilarity`."""

    dim: int
    eps: float
    def __init__(self, dim: int = 1, eps: float = 1e-08) -> None: ...
    def forward(self, x1: Tensor, x2: Tensor) -> Tensor: ...

class CrossEntropyLoss(loss.CrossEntropyLoss):
    """Cross entropy of logits, as `torch.nn.CrossEntropyLoss`."""

    ignore_index: int
    reduction: str
    label_smoothing: float
    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class CrossMapLRN2d(norm.CrossMapLRN2d):
    """Local response normalization of images, as `torch.nn.CrossMapLRN2d`."""

    size: int
    alpha: float
    beta: float
    k: float
    def __init__(
        self, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1.0
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Dropout(dropout.Dropout):
    """Dropout of elements, as `torch.nn.Dropout`."""

    p: float
    inplace: bool
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Dropout1d(dropout.Dropout1d):
    """Dropout of the channels of sequences, as `torch.nn.Dropout1d`."""

    p: float
    inplace: bool
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Dropout2d(dropout.Dropout2d):
    """Dropout of the channels of images, as `torch.nn.Dropout2d`."""

    p: float
    inplace: bool
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Dropout3d(dropout.Dropout3d):
    """Dropout of the channels of volumes, as `torch.nn.Dropout3d`."""

    p: float
    inplace: bool
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ELU(activation.ELU):
    """Exponential linear unit (ELU), as `torch.nn.ELU`."""

    alpha: float
    inplace: bool
    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Embedding(sparse.Embedding):
    """Embedding: look up rows of a table, as `torch.nn.Embedding`."""

    weight: Parameter
    num_embeddings: int
    embedding_dim: int
    norm_type: float
    scale_grad_by_freq: bool
    sparse: bool
    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Tensor | None = None,
        _freeze: bool = False,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class EmbeddingBag(sparse.EmbeddingBag):
    """Embedding of bags of indices, each reduced, as `torch.nn.EmbeddingBag`."""

    weight: Parameter
    num_embeddings: int
    embedding_dim: int
    norm_type: float
    scale_grad_by_freq: bool
    mode: str
    sparse: bool
    include_last_offset: bool
    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        mode: str = "mean",
        sparse: bool = False,
        _weight: Tensor | None = None,
        include_last_offset: bool = False,
        padding_idx: int | None = None,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self,
        input: Tensor,
        offsets: Tensor | None = None,
        per_sample_weights: Tensor | None = None,
    ) -> Tensor: ...

class FeatureAlphaDropout(dropout.FeatureAlphaDropout):
    """Alpha dropout of channels, as `torch.nn.FeatureAlphaDropout`."""

    p: float
    inplace: bool
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Flatten(shape.Flatten):
    """Flatten dimensions into one, as `torch.nn.Flatten`; a view where possible."""
    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Fold(shape.Fold):
    """Fold: sum sliding windows into images (col2im), as `torch.nn.Fold`."""
    def __init__(
        self,
        output_size: int | Sequence[int],
        kernel_size: int | Sequence[int],
        dilation: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        stride: int | Sequence[int] = 1,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class FractionalMaxPool2d(pooling.FractionalMaxPool2d):
    """Apply 2D fractional max pooling, as `torch.nn.FractionalMaxPool2d`."""

    return_indices: bool
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        output_size: int | Sequence[int] | None = None,
        output_ratio: float | Sequence[float] | None = None,
        return_indices: bool = False,
        _random_samples: Tensor | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class FractionalMaxPool3d(pooling.FractionalMaxPool3d):
    """Apply 3D fractional max pooling, as `torch.nn.FractionalMaxPool3d`."""

    return_indices: bool
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        output_size: int | Sequence[int] | None = None,
        output_ratio: float | Sequence[float] | None = None,
        return_indices: bool = False,
        _random_samples: Tensor | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class GELU(activation.GELU):
    """Gaussian error linear unit (GELU): `x * Phi(x)`, as `torch.nn.GELU`."""

    approximate: str
    def __init__(self, approximate: str = "none") -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class GLU(activation.GLU):
    """Gated linear unit: one half gates the other, as `torch.nn.GLU`."""

    dim: int
    def __init__(self, dim: int = -1) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class RNNBase(rnn.RNNBase):
    """Base of the recurrent networks, as `torch.nn.RNNBase`."""
    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor: ...

class GRU(rnn.GRU, RNNBase):
    """Gated recurrent unit (GRU) over sequences, as `torch.nn.GRU`."""

    input_size: int
    hidden_size: int
    num_layers: int
    bias: bool
    batch_first: bool
    dropout: float
    bidirectional: bool
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self, input: Tensor, hx: Tensor | None = None
    ) -> tuple[Tensor, Tensor]: ...

class RNNCellBase(rnn.RNNCellBase):
    """Base of the recurrent cells, as `torch.nn.RNNCellBase`."""
    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor: ...

class GRUCell(rnn.GRUCell, RNNCellBase):
    """GRU cell, one time step, as `torch.nn.GRUCell`."""

    input_size: int
    hidden_size: int
    bias: bool
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor: ...

class GaussianNLLLoss(loss.GaussianNLLLoss):
    """Negative log likelihood of normally distributed values."""

    full: bool
    eps: float
    reduction: str
    def __init__(
        self, *, full: bool = False, eps: float = 1e-06, reduction: str = "mean"
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor, var: Tensor) -> Tensor: ...

class GroupNorm(norm.GroupNorm):
    """Group normalization over groups of channels, as `torch.nn.GroupNorm`."""

    weight: Parameter
    bias: Parameter
    num_groups: int
    num_channels: int
    eps: float
    affine: bool
    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-05,
        affine: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Hardshrink(activation.Hardshrink):
    """Hard shrinkage: zero what is near zero, as `torch.nn.Hardshrink`."""

    lambd: float
    def __init__(self, lambd: float = 0.5) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Hardsigmoid(activation.Hardsigmoid):
    """Hard sigmoid: a piecewise linear sigmoid, as `torch.nn.Hardsigmoid`."""

    inplace: bool
    def __init__(self, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Hardswish(activation.Hardswish):
    """Hard swish: `x` times the hard sigmoid, as `torch.nn.Hardswish`."""

    inplace: bool
    def __init__(self, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Hardtanh(activation.Hardtanh):
    """Hard tanh: clip to an interval, as `torch.nn.Hardtanh`."""

    min_val: float
    max_val: float
    inplace: bool
    def __init__(
        self,
        min_val: float = -1.0,
        max_val: float = 1.0,
        inplace: bool = False,
        min_value: float | None = None,
        max_value: float | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class HingeEmbeddingLoss(loss.HingeEmbeddingLoss):
    """Hinge loss of distances, as `torch.nn.HingeEmbeddingLoss`."""

    margin: float
    reduction: str
    def __init__(
        self,
        margin: float = 1.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class HuberLoss(loss.HuberLoss):
    """Huber loss: squared up to `delta`, absolute above, as `torch.nn.HuberLoss`."""

    reduction: str
    delta: float
    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class Identity(linear.Identity):
    """Identity, as `torch.nn.Identity`; any arguments are accepted."""
    def forward(self, input: _T) -> _T: ...

class InstanceNorm1d(norm.InstanceNorm1d):
    """Instance normalization of sequences, as `torch.nn.InstanceNorm1d`."""

    weight: Parameter
    bias: Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor
    num_features: int
    eps: float
    momentum: float
    affine: bool
    track_running_stats: bool
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-05,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class InstanceNorm2d(norm.InstanceNorm2d):
    """Instance normalization of images, as `torch.nn.InstanceNorm2d`."""

    weight: Parameter
    bias: Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor
    num_features: int
    eps: float
    momentum: float
    affine: bool
    track_running_stats: bool
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-05,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class InstanceNorm3d(norm.InstanceNorm3d):
    """Instance normalization of volumes, as `torch.nn.InstanceNorm3d`."""

    weight: Parameter
    bias: Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor
    num_features: int
    eps: float
    momentum: float
    affine: bool
    track_running_stats: bool
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-05,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class KLDivLoss(loss.KLDivLoss):
    """Kullback-Leibler divergence, as `torch.nn.KLDivLoss`."""

    reduction: str
    log_target: bool
    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        log_target: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class L1Loss(loss.L1Loss):
    """Mean absolute error, as `torch.nn.L1Loss`."""

    reduction: str
    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class LPPool1d(pooling.LPPool1d):
    """Apply 1D power-average pooling, as `torch.nn.LPPool1d`."""

    norm_type: float
    ceil_mode: bool
    def __init__(
        self,
        norm_type: float,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        ceil_mode: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LPPool2d(pooling.LPPool2d):
    """Apply 2D power-average pooling, as `torch.nn.LPPool2d`."""

    norm_type: float
    ceil_mode: bool
    def __init__(
        self,
        norm_type: float,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        ceil_mode: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LPPool3d(pooling.LPPool3d):
    """Apply 3D power-average pooling, as `torch.nn.LPPool3d`."""

    norm_type: float
    ceil_mode: bool
    def __init__(
        self,
        norm_type: float,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        ceil_mode: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LSTM(rnn.LSTM, RNNBase):
    """Long short-term memory (LSTM) over sequences, as `torch.nn.LSTM`."""

    input_size: int
    hidden_size: int
    num_layers: int
    bias: bool
    batch_first: bool
    dropout: float
    bidirectional: bool
    proj_size: int
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]: ...

class LSTMCell(rnn.LSTMCell, RNNCellBase):
    """LSTM cell, one time step, as `torch.nn.LSTMCell`."""

    input_size: int
    hidden_size: int
    bias: bool
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, Tensor]: ...

class LayerNorm(norm.LayerNorm):
    """Layer normalization over the last dimensions, as `torch.nn.LayerNorm`."""

    weight: Parameter
    bias: Parameter
    eps: float
    elementwise_affine: bool
    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-05,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyBatchNorm1d(Module):
    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyBatchNorm2d(Module):
    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyBatchNorm3d(Module):
    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyConv1d(Module):
    """A `Conv1d` whose channels are not known yet, as `torch.nn.LazyConv1d`."""
    def __init__(
        self,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyConv2d(Module):
    """A `Conv2d` whose channels are not known yet, as `torch.nn.LazyConv2d`."""
    def __init__(
        self,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyConv3d(Module):
    """A `Conv3d` whose channels are not known yet, as `torch.nn.LazyConv3d`."""
    def __init__(
        self,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyConvTranspose1d(Module):
    def __init__(
        self,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        output_padding: int | Sequence[int] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | Sequence[int] = 1,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyConvTranspose2d(Module):
    def __init__(
        self,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        output_padding: int | Sequence[int] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | Sequence[int] = 1,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyConvTranspose3d(Module):
    def __init__(
        self,
        out_channels: int,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] = 1,
        padding: int | Sequence[int] | str = 0,
        output_padding: int | Sequence[int] = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: int | Sequence[int] = 1,
        padding_mode: str = "zeros",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyInstanceNorm1d(Module):
    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyInstanceNorm2d(Module):
    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyInstanceNorm3d(Module):
    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LazyLinear(lazy.LazyLinear):
    """A `Linear` whose input features are not known yet, as `torch.nn.LazyLinear`."""
    def __init__(
        self,
        out_features: int,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LeakyReLU(activation.LeakyReLU):
    """Leaky ReLU: a small slope for negative inputs, as `torch.nn.LeakyReLU`."""

    negative_slope: float
    inplace: bool
    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Linear(linear.Linear):
    """Linear layer: `x @ weight.T + bias`, as `torch.nn.Linear`."""

    weight: Parameter
    bias: Parameter
    in_features: int
    out_features: int
    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LinearCrossEntropyLoss(loss.LinearCrossEntropyLoss):
    """Cross entropy of a linear layer, as `torch.nn.LinearCrossEntropyLoss`."""
    def __init__(
        self,
        in_features: int,
        num_classes: int,
        *,
        out_features: int | Sequence[int] = (),
        bias: bool = False,
        reduction: str = "mean",
        weight: Tensor | None = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options: LinearCrossEntropyOptions | None = None,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class LocalResponseNorm(norm.LocalResponseNorm):
    """Local response normalization, as `torch.nn.LocalResponseNorm`."""

    size: int
    alpha: float
    beta: float
    k: float
    def __init__(
        self, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1.0
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class LogSigmoid(activation.LogSigmoid):
    """Log-sigmoid: `log(sigmoid(x))`, as `torch.nn.LogSigmoid`."""
    def forward(self, input: Tensor) -> Tensor: ...

class LogSoftmax(activation.LogSoftmax):
    """Log-softmax along a dimension, as `torch.nn.LogSoftmax`."""
    def __init__(self, dim: int | None = None) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class MSELoss(loss.MSELoss):
    """Mean squared error, as `torch.nn.MSELoss`."""

    reduction: str
    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class MarginRankingLoss(loss.MarginRankingLoss):
    """Margin ranking loss of two scores, as `torch.nn.MarginRankingLoss`."""

    margin: float
    reduction: str
    def __init__(
        self,
        margin: float = 0.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor: ...

class MaxPool1d(pooling.MaxPool1d):
    """Apply 1D max pooling, as `torch.nn.MaxPool1d`."""

    return_indices: bool
    ceil_mode: bool
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class MaxPool2d(pooling.MaxPool2d):
    """Apply 2D max pooling, as `torch.nn.MaxPool2d`."""

    return_indices: bool
    ceil_mode: bool
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class MaxPool3d(pooling.MaxPool3d):
    """Apply 3D max pooling, as `torch.nn.MaxPool3d`."""

    return_indices: bool
    ceil_mode: bool
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class MaxUnpool1d(pooling.MaxUnpool1d):
    """Apply 1D max unpooling, as `torch.nn.MaxUnpool1d`; inverts `MaxPool1d`."""
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
    ) -> None: ...
    def forward(
        self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None
    ) -> Tensor: ...

class MaxUnpool2d(pooling.MaxUnpool2d):
    """Apply 2D max unpooling, as `torch.nn.MaxUnpool2d`; inverts `MaxPool2d`."""
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
    ) -> None: ...
    def forward(
        self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None
    ) -> Tensor: ...

class MaxUnpool3d(pooling.MaxUnpool3d):
    """Apply 3D max unpooling, as `torch.nn.MaxUnpool3d`; inverts `MaxPool3d`."""
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        stride: int | Sequence[int] | None = None,
        padding: int | Sequence[int] = 0,
    ) -> None: ...
    def forward(
        self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None
    ) -> Tensor: ...

class Mish(activation.Mish):
    """Mish: `x * tanh(softplus(x))`, as `torch.nn.Mish`."""

    inplace: bool
    def __init__(self, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class MultiLabelMarginLoss(loss.MultiLabelMarginLoss):
    """Multi-label hinge loss of lists of labels, as `torch.nn.MultiLabelMarginLoss`."""

    reduction: str
    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class MultiLabelSoftMarginLoss(loss.MultiLabelSoftMarginLoss):
    """Binary cross entropy of logits, averaged over the classes."""

    reduction: str
    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class MultiMarginLoss(loss.MultiMarginLoss):
    """Multi-class hinge loss, as `torch.nn.MultiMarginLoss`."""

    p: int
    margin: float
    reduction: str
    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class MultiheadAttention(activation.MultiheadAttention):
    """Multi-head attention, as `torch.nn.MultiheadAttention`."""

    in_proj_weight: Parameter
    in_proj_bias: Parameter
    embed_dim: int
    num_heads: int
    dropout: float
    bias: bool
    add_bias_kv: bool
    add_zero_attn: bool
    batch_first: bool
    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        key_padding_mask: Tensor | None = None,
        need_weights: bool = True,
        attn_mask: Tensor | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]: ...

class NLLLoss(loss.NLLLoss):
    """Negative log likelihood of class labels, as `torch.nn.NLLLoss`."""

    ignore_index: int
    reduction: str
    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class NLLLoss2d(loss.NLLLoss2d, NLLLoss):
    """`NLLLoss` under the name it had for images."""

    ignore_index: int
    reduction: str
    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class NonDynamicallyQuantizableLinear(linear.NonDynamicallyQuantizableLinear, Linear):
    """A `Linear` under the name it has inside attention layers."""

    weight: Parameter
    bias: Parameter
    in_features: int
    out_features: int
    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class PReLU(activation.PReLU):
    """Parametric ReLU, whose slopes are learned, as `torch.nn.PReLU`."""

    weight: Parameter
    num_parameters: int
    init: float
    def __init__(
        self,
        num_parameters: int = 1,
        init: float = 0.25,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class PairwiseDistance(shape.PairwiseDistance):
    """Pairwise p-norm distance of vectors, as `torch.nn.PairwiseDistance`."""

    p: float
    eps: float
    keepdim: bool
    def __init__(
        self, p: float = 2.0, eps: float = 1e-06, keepdim: bool = False
    ) -> None: ...
    def forward(self, x1: Tensor, x2: Tensor) -> Tensor: ...

class PixelShuffle(shape.PixelShuffle):
    """Pixel shuffle: turn channels into pixels, as `torch.nn.PixelShuffle`."""

    upscale_factor: int
    def __init__(self, upscale_factor: int) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class PixelUnshuffle(shape.PixelUnshuffle):
    """Pixel unshuffle: turn pixels into channels, as `torch.nn.PixelUnshuffle`."""

    downscale_factor: int
    def __init__(self, downscale_factor: int) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class PoissonNLLLoss(loss.PoissonNLLLoss):
    """Negative log likelihood of Poisson distributed counts."""

    log_input: bool
    full: bool
    eps: float
    reduction: str
    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        size_average: bool | None = None,
        eps: float = 1e-08,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, log_input: Tensor, target: Tensor) -> Tensor: ...

class RMSNorm(norm.RMSNorm):
    """RMS normalization over the last dimensions, as `torch.nn.RMSNorm`."""

    weight: Parameter
    elementwise_affine: bool
    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, x: Tensor) -> Tensor: ...

class RNN(rnn.RNN, RNNBase):
    """Elman RNN over sequences, as `torch.nn.RNN`."""

    input_size: int
    hidden_size: int
    num_layers: int
    nonlinearity: str
    bias: bool
    batch_first: bool
    dropout: float
    bidirectional: bool
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self, input: Tensor, hx: Tensor | None = None
    ) -> tuple[Tensor, Tensor]: ...

class RNNCell(rnn.RNNCell, RNNCellBase):
    """Elman RNN cell, one time step, as `torch.nn.RNNCell`."""

    input_size: int
    hidden_size: int
    bias: bool
    nonlinearity: str
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor: ...

class RReLU(activation.RReLU):
    """Randomized leaky ReLU: random slopes in training, as `torch.nn.RReLU`."""

    lower: float
    upper: float
    inplace: bool
    def __init__(
        self,
        lower: float = 0.125,
        upper: float = 0.3333333333333333,
        inplace: bool = False,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ReLU(activation.ReLU):
    """ReLU: `max(x, 0)`, as `torch.nn.ReLU`."""

    inplace: bool
    def __init__(self, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ReLU6(activation.ReLU6):
    """ReLU6: `min(max(x, 0), 6)`, as `torch.nn.ReLU6`."""

    inplace: bool
    def __init__(self, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ReflectionPad1d(shape.ReflectionPad1d):
    """Apply 1D reflection padding, as `torch.nn.ReflectionPad1d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ReflectionPad2d(shape.ReflectionPad2d):
    """Apply 2D reflection padding, as `torch.nn.ReflectionPad2d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ReflectionPad3d(shape.ReflectionPad3d):
    """Apply 3D reflection padding, as `torch.nn.ReflectionPad3d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ReplicationPad1d(shape.ReplicationPad1d):
    """Apply 1D replication padding, as `torch.nn.ReplicationPad1d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ReplicationPad2d(shape.ReplicationPad2d):
    """Apply 2D replication padding, as `torch.nn.ReplicationPad2d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ReplicationPad3d(shape.ReplicationPad3d):
    """Apply 3D replication padding, as `torch.nn.ReplicationPad3d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class SELU(activation.SELU):
    """Scaled ELU, which keeps mean and variance, as `torch.nn.SELU`."""

    inplace: bool
    def __init__(self, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class SiLU(activation.SiLU):
    """SiLU, also called swish: `x * sigmoid(x)`, as `torch.nn.SiLU`."""

    inplace: bool
    def __init__(self, inplace: bool = False) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Sigmoid(activation.Sigmoid):
    """Sigmoid: `1 / (1 + exp(-x))`, as `torch.nn.Sigmoid`."""
    def forward(self, input: Tensor) -> Tensor: ...

class SmoothL1Loss(loss.SmoothL1Loss):
    """Smooth L1 loss: squared below `beta`, absolute above."""

    reduction: str
    beta: float
    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        beta: float = 1.0,
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class SoftMarginLoss(loss.SoftMarginLoss):
    """Logistic loss of targets 1 and -1, as `torch.nn.SoftMarginLoss`."""

    reduction: str
    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, input: Tensor, target: Tensor) -> Tensor: ...

class Softmax(activation.Softmax):
    """Softmax along a dimension, as `torch.nn.Softmax`."""
    def __init__(self, dim: int | None = None) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Softmax2d(activation.Softmax2d):
    """Softmax over the channels of images, as `torch.nn.Softmax2d`."""
    def forward(self, input: Tensor) -> Tensor: ...

class Softmin(activation.Softmin):
    """Softmin, the softmax of the negative, as `torch.nn.Softmin`."""
    def __init__(self, dim: int | None = None) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Softplus(activation.Softplus):
    """Softplus: `log(1 + exp(beta * x)) / beta`, as `torch.nn.Softplus`."""

    beta: float
    threshold: float
    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Softshrink(activation.Softshrink):
    """Soft shrinkage: move towards zero by `lambd`, as `torch.nn.Softshrink`."""

    lambd: float
    def __init__(self, lambd: float = 0.5) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Softsign(activation.Softsign):
    """Softsign: `x / (1 + |x|)`, as `torch.nn.Softsign`."""
    def forward(self, input: Tensor) -> Tensor: ...

class SyncBatchNorm(norm.SyncBatchNorm):
    """Batch normalization over all devices, as `torch.nn.SyncBatchNorm`."""

    weight: Parameter
    bias: Parameter
    running_mean: Tensor
    running_var: Tensor
    num_batches_tracked: Tensor
    num_features: int
    eps: float
    affine: bool
    track_running_stats: bool
    def __init__(
        self,
        num_features: int,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
        *,
        bias: bool = True,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Tanh(activation.Tanh):
    """Hyperbolic tangent, as `torch.nn.Tanh`."""
    def forward(self, input: Tensor) -> Tensor: ...

class Tanhshrink(activation.Tanhshrink):
    """Tanh shrinkage: `x - tanh(x)`, as `torch.nn.Tanhshrink`."""
    def forward(self, input: Tensor) -> Tensor: ...

class Threshold(activation.Threshold):
    """Threshold: replace what is not above it, as `torch.nn.Threshold`."""

    threshold: float
    value: float
    inplace: bool
    def __init__(
        self, threshold: float, value: float, inplace: bool = False
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Transformer(transformer.Transformer):
    """Transformer, an encoder and a decoder, as `torch.nn.Transformer`."""
    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Tensor], Tensor] = ...,
        custom_encoder: Module | None = None,
        custom_decoder: Module | None = None,
        layer_norm_eps: float = 1e-05,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self,
        src: Tensor,
        tgt: Tensor,
        src_mask: Tensor | None = None,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor: ...

class TransformerDecoder(transformer.TransformerDecoder):
    """Stack of decoder layers, as `torch.nn.TransformerDecoder`."""
    def __init__(
        self, decoder_layer: Module, num_layers: int, norm: Module | None = None
    ) -> None: ...
    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor: ...

class TransformerDecoderLayer(transformer.TransformerDecoderLayer):
    """Transformer decoder layer, as `torch.nn.TransformerDecoderLayer`."""
    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Tensor], Tensor] = ...,
        layer_norm_eps: float = 1e-05,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self,
        tgt: Tensor,
        memory: Tensor,
        tgt_mask: Tensor | None = None,
        memory_mask: Tensor | None = None,
        tgt_key_padding_mask: Tensor | None = None,
        memory_key_padding_mask: Tensor | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor: ...

class TransformerEncoder(transformer.TransformerEncoder):
    """Stack of encoder layers, as `torch.nn.TransformerEncoder`."""
    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None: ...
    def forward(
        self,
        src: Tensor,
        mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool | None = None,
    ) -> Tensor: ...

class TransformerEncoderLayer(transformer.TransformerEncoderLayer):
    """Transformer encoder layer, as `torch.nn.TransformerEncoderLayer`."""
    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Tensor], Tensor] = ...,
        layer_norm_eps: float = 1e-05,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: DeviceLike | None = None,
        dtype: dtype | None = None,
    ) -> None: ...
    def forward(
        self,
        src: Tensor,
        src_mask: Tensor | None = None,
        src_key_padding_mask: Tensor | None = None,
        is_causal: bool = False,
    ) -> Tensor: ...

class TripletMarginLoss(loss.TripletMarginLoss):
    """Triplet margin loss of p-norm distances, as `torch.nn.TripletMarginLoss`."""

    margin: float
    p: float
    eps: float
    swap: bool
    reduction: str
    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-06,
        swap: bool = False,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor: ...

class TripletMarginWithDistanceLoss(loss.TripletMarginWithDistanceLoss):
    """Triplet margin loss with any distance."""

    margin: float
    swap: bool
    reduction: str
    def __init__(
        self,
        *,
        distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = "mean",
    ) -> None: ...
    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor: ...

class Unflatten(shape.Unflatten):
    """Unflatten a dimension into several, as `torch.nn.Unflatten`."""
    def __init__(
        self,
        dim: int | str,
        unflattened_size: Sequence[int] | Sequence[tuple[str, int]],
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Unfold(shape.Unfold):
    """Unfold: extract sliding windows of images (im2col), as `torch.nn.Unfold`."""
    def __init__(
        self,
        kernel_size: int | Sequence[int],
        dilation: int | Sequence[int] = 1,
        padding: int | Sequence[int] = 0,
        stride: int | Sequence[int] = 1,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class Upsample(shape.Upsample):
    """Upsampling of images, as `torch.nn.Upsample`."""

    mode: str
    def __init__(
        self,
        size: int | Sequence[int] | None = None,
        scale_factor: float | Sequence[float] | None = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class UpsamplingBilinear2d(shape.UpsamplingBilinear2d, Upsample):
    """Bilinear upsampling, as `torch.nn.UpsamplingBilinear2d`."""
    def __init__(
        self,
        size: int | Sequence[int] | None = None,
        scale_factor: float | Sequence[float] | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class UpsamplingNearest2d(shape.UpsamplingNearest2d, Upsample):
    """Nearest-neighbour upsampling, as `torch.nn.UpsamplingNearest2d`."""
    def __init__(
        self,
        size: int | Sequence[int] | None = None,
        scale_factor: float | Sequence[float] | None = None,
    ) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ZeroPad1d(shape.ZeroPad1d):
    """Apply 1D zero padding, as `torch.nn.ZeroPad1d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ZeroPad2d(shape.ZeroPad2d):
    """Apply 2D zero padding, as `torch.nn.ZeroPad2d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...

class ZeroPad3d(shape.ZeroPad3d):
    """Apply 3D zero padding, as `torch.nn.ZeroPad3d`."""
    def __init__(self, padding: int | Sequence[int]) -> None: ...
    def forward(self, input: Tensor) -> Tensor: ...
