"""RAFT: recurrent all-pairs field transforms for optical flow."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._api import network, weights_enum
from .._backend import (
    Array,
    F,
    as_constant,
    cat,
    detached,
    init,
    initialize,
    nn,
    permute,
    remember,
    sigmoid,
    tanh,
)
from .._blocks import Conv2dNormActivation
from ._utils import coordinates, grid_sample, upsample_flow

__all__ = [
    "RAFT",
    "Raft_Large_Weights",
    "Raft_Small_Weights",
    "raft_large",
    "raft_small",
]

Made = Callable[..., Any]


def _convolution(
    inputs: int, outputs: int, norm_layer: Made | None = None, **options: Any
) -> Any:
    """A convolution with a bias, also before a norm: its statistics may be frozen."""
    given: dict[str, Any] = {"kernel_size": 3, "bias": True, **options}
    return Conv2dNormActivation(inputs, outputs, norm_layer=norm_layer, **given)


def _projection(inputs: int, outputs: int, stride: int, norm_layer: Made | None) -> Any:
    """A convolution of 1×1, without an activation, beside others."""
    given = {"kernel_size": 1, "stride": stride, "activation_layer": None}
    return _convolution(inputs, outputs, norm_layer, **given)


class ResidualBlock(nn.Module):
    """Two 3×3 convolutions beside the identity."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        norm_layer: Made | None,
        stride: int = 1,
        always_project: bool = False,
    ) -> None:
        super().__init__()
        made = {"norm_layer": norm_layer}
        self.convnormrelu1 = _convolution(
            in_channels, out_channels, stride=stride, **made
        )
        self.convnormrelu2 = _convolution(out_channels, out_channels, **made)
        if stride == 1 and not always_project:
            self.downsample = nn.Identity()
        else:
            self.downsample = _projection(in_channels, out_channels, stride, **made)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Array) -> Array:
        y = self.convnormrelu2(self.convnormrelu1(x))
        return self.relu(self.downsample(x) + y)


class BottleneckBlock(nn.Module):
    """A 3×3 convolution between two of 1×1, beside the identity."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        norm_layer: Made | None,
        stride: int = 1,
    ) -> None:
        super().__init__()
        inner, made = out_channels // 4, {"norm_layer": norm_layer}
        self.convnormrelu1 = _convolution(in_channels, inner, kernel_size=1, **made)
        self.convnormrelu2 = _convolution(inner, inner, stride=stride, **made)
        self.convnormrelu3 = _convolution(inner, out_channels, kernel_size=1, **made)
        self.relu = nn.ReLU(inplace=True)
        if stride == 1:
            self.downsample = nn.Identity()
        else:
            self.downsample = _projection(in_channels, out_channels, stride, **made)

    def forward(self, x: Array) -> Array:
        y = self.convnormrelu3(self.convnormrelu2(self.convnormrelu1(x)))
        return self.relu(self.downsample(x) + y)


class FeatureEncoder(nn.Module):
    """From an image to a map of an eighth of its size.

    Args:
        layers: the channels of the stem, of three stages, and of the map.
        strides: of the stem and the stages.
    """

    def __init__(
        self,
        *,
        block: Made = ResidualBlock,
        layers: Sequence[int] = (64, 64, 96, 128, 256),
        strides: Sequence[int] = (2, 1, 2, 2),
        norm_layer: Made | None = nn.BatchNorm2d,
    ) -> None:
        super().__init__()
        if len(layers) != 5:
            raise ValueError(
                f"The expected number of layers is 5, instead got {len(layers)}"
            )
        self.convnormrelu = _convolution(
            3, layers[0], kernel_size=7, stride=strides[0], norm_layer=norm_layer
        )

        def stage(index: int) -> Any:
            given, made = layers[index], layers[index + 1]
            first = block(given, made, norm_layer=norm_layer, stride=strides[index + 1])
            return nn.Sequential(
                first, block(made, made, norm_layer=norm_layer, stride=1)
            )

        self.layer1 = stage(0)
        self.layer2 = stage(1)
        self.layer3 = stage(2)
        self.conv = nn.Conv2d(layers[3], layers[4], kernel_size=1)
        self.output_dim = layers[-1]
        self.downsample_factor = 2 ** sum(stride == 2 for stride in strides)
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(m, nn.BatchNorm2d | nn.InstanceNorm2d):
                if m.weight is not None:
                    init.constant_(m.weight, 1)
                if m.bias is not None:
                    init.constant_(m.bias, 0)

    def forward(self, x: Array) -> Array:
        x = self.layer3(self.layer2(self.layer1(self.convnormrelu(x))))
        return self.conv(x)


class MotionEncoder(nn.Module):
    """From a flow and its correlations to features, the flow itself at their end."""

    def __init__(
        self,
        *,
        in_channels_corr: int,
        corr_layers: Sequence[int] = (256, 192),
        flow_layers: Sequence[int] = (128, 64),
        out_channels: int = 128,
    ) -> None:
        super().__init__()
        if len(flow_layers) != 2:
            raise ValueError(
                "The expected number of flow_layers is 2, instead got "
                f"{len(flow_layers)}"
            )
        if len(corr_layers) not in (1, 2):
            raise ValueError(
                "The number of corr_layers should be 1 or 2, instead got "
                f"{len(corr_layers)}"
            )
        self.convcorr1 = _convolution(in_channels_corr, corr_layers[0], kernel_size=1)
        if len(corr_layers) == 2:
            self.convcorr2 = _convolution(corr_layers[0], corr_layers[1])
        else:
            self.convcorr2 = nn.Identity()
        self.convflow1 = _convolution(2, flow_layers[0], kernel_size=7)
        self.convflow2 = _convolution(flow_layers[0], flow_layers[1])
        self.conv = _convolution(corr_layers[-1] + flow_layers[-1], out_channels - 2)
        self.out_channels = out_channels

    def forward(self, flow: Array, corr_features: Array) -> Array:
        corr = self.convcorr2(self.convcorr1(corr_features))
        moved = self.convflow2(self.convflow1(flow))
        return cat([self.conv(cat([corr, moved], 1)), flow], 1)


class ConvGRU(nn.Module):
    """A gated recurrent unit of convolutions."""

    def __init__(
        self, *, input_size: int, hidden_size: int, kernel_size: Any, padding: Any
    ) -> None:
        super().__init__()
        shape = hidden_size + input_size, hidden_size, kernel_size
        self.convz = nn.Conv2d(*shape, padding=padding)
        self.convr = nn.Conv2d(*shape, padding=padding)
        self.convq = nn.Conv2d(*shape, padding=padding)

    def forward(self, h: Array, x: Array) -> Array:
        both = cat([h, x], 1)
        z, r = sigmoid(self.convz(both)), sigmoid(self.convr(both))
        q = tanh(self.convq(cat([r * h, x], 1)))
        return (1 - z) * h + z * q


def _pass_through_h(h: Array, _: Array) -> Array:
    return h


class RecurrentBlock(nn.Module):
    """One gated recurrent unit, or two that follow each other."""

    def __init__(
        self,
        *,
        input_size: int,
        hidden_size: int,
        kernel_size: Sequence[Any] = ((1, 5), (5, 1)),
        padding: Sequence[Any] = ((0, 2), (2, 0)),
    ) -> None:
        super().__init__()
        if len(kernel_size) != len(padding):
            raise ValueError(
                "kernel_size should have the same length as padding, instead got "
                f"len(kernel_size) = {len(kernel_size)} and len(padding) = "
                f"{len(padding)}"
            )
        if len(kernel_size) not in (1, 2):
            raise ValueError(
                f"kernel_size should either 1 or 2, instead got {len(kernel_size)}"
            )

        def unit(index: int) -> Any:
            return ConvGRU(
                input_size=input_size,
                hidden_size=hidden_size,
                kernel_size=kernel_size[index],
                padding=padding[index],
            )

        self.convgru1 = unit(0)
        self.convgru2 = unit(1) if len(kernel_size) == 2 else _pass_through_h
        self.hidden_size = hidden_size

    def forward(self, h: Array, x: Array) -> Array:
        return self.convgru2(self.convgru1(h, x), x)


class FlowHead(nn.Module):
    """From the hidden state to what the flow changes by."""

    def __init__(self, *, in_channels: int, hidden_size: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, hidden_size, 3, padding=1)
        self.conv2 = nn.Conv2d(hidden_size, 2, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Array) -> Array:
        return self.conv2(self.relu(self.conv1(x)))


class UpdateBlock(nn.Module):
    """One step: from the hidden state and the flow to what both become."""

    def __init__(
        self, *, motion_encoder: Any, recurrent_block: Any, flow_head: Any
    ) -> None:
        super().__init__()
        self.motion_encoder = motion_encoder
        self.recurrent_block = recurrent_block
        self.flow_head = flow_head
        self.hidden_state_size = recurrent_block.hidden_size

    def forward(
        self, hidden_state: Array, context: Array, corr_features: Array, flow: Array
    ) -> tuple[Array, Array]:
        motion = self.motion_encoder(flow, corr_features)
        hidden_state = self.recurrent_block(hidden_state, cat([context, motion], 1))
        return hidden_state, self.flow_head(hidden_state)


class MaskPredictor(nn.Module):
    """From the hidden state to how the flow is enlarged; see `upsample_flow`.

    Args:
        multiplier: of the result, so that this part learns more slowly.
    """

    def __init__(
        self, *, in_channels: int, hidden_size: int, multiplier: float = 0.25
    ) -> None:
        super().__init__()
        self.convrelu = _convolution(in_channels, hidden_size)
        self.conv = nn.Conv2d(hidden_size, 8 * 8 * 9, 1, padding=0)
        self.multiplier = multiplier

    def forward(self, x: Array) -> Array:
        return self.multiplier * self.conv(self.convrelu(x))


class CorrBlock(nn.Module):
    """The correlations of all pixels of two maps, read around where pixels move.

    Args:
        num_levels: of the pyramid, each of half the size.
        radius: of the square that is read around a pixel.
    """

    def __init__(self, *, num_levels: int = 4, radius: int = 4) -> None:
        super().__init__()
        self.num_levels = num_levels
        self.radius = radius
        self.corr_pyramid: list[Any] = []
        self.out_channels = num_levels * (2 * radius + 1) ** 2

    def build_pyramid(self, fmap1: Array, fmap2: Array) -> None:
        """Correlate two maps, and halve the result's size several times."""
        if fmap1.shape != fmap2.shape:
            raise ValueError(
                "Input feature maps should have the same shape, instead got "
                f"{fmap1.shape} (fmap1.shape) != {fmap2.shape} (fmap2.shape)"
            )
        least = 2 * 2 ** (self.num_levels - 1)
        if any(size < least for size in fmap1.shape[-2:]):
            raise ValueError(
                "Feature maps are too small to be down-sampled by the correlation "
                f"pyramid. H and W of feature maps should be at least {least}; got: "
                f"{fmap1.shape[-2:]}. Remember that input images to the model are "
                "downsampled by 8, so that means their dimensions should be at least "
                f"8 * {least} = {8 * least}."
            )
        batch, channels, height, width = fmap1.shape
        pixels = height * width
        first = fmap1.reshape(batch, channels, pixels).swapaxes(1, 2)
        volume = first @ fmap2.reshape(batch, channels, pixels)
        volume = volume / math.sqrt(channels)
        levels = [volume.reshape(batch * pixels, 1, height, width)]
        for _ in range(self.num_levels - 1):
            levels.append(F.avg_pool2d(levels[-1], kernel_size=2, stride=2))
        remember(self, corr_pyramid=levels)

    def index_pyramid(self, centroids_coords: Array) -> Array:
        """Read the pyramid around coordinates, `(batch, 2, height, width)`."""
        batch, _, height, width = centroids_coords.shape
        side = 2 * self.radius + 1
        axis = np.linspace(-self.radius, self.radius, side, dtype=np.float32)
        square = np.stack(np.meshgrid(axis, axis, indexing="ij"), -1)[None]
        around = as_constant(square, centroids_coords)  # (1, side, side, 2)
        centres = permute(centroids_coords, (0, 2, 3, 1)).reshape(-1, 1, 1, 2)
        parts = []
        for level in self.corr_pyramid:
            read = grid_sample(level, centres + around, align_corners=True)
            parts.append(read.reshape(batch, height, width, -1))
            centres = centres / 2
        features = permute(cat(parts, -1), (0, 3, 1, 2))
        wanted = (batch, self.out_channels, height, width)
        if tuple(features.shape) != wanted:
            raise ValueError(
                "Output shape of index pyramid is incorrect. Should be "
                f"{wanted}, got {features.shape}"
            )
        return features


class RAFT(nn.Module):
    """RAFT: the flow from one image to another, found in steps.

    Args:
        feature_encoder: from each image to a map of an eighth of its size.
        context_encoder: from the first image to a map: the first hidden state, and what
            each step is told.
        corr_block: with `build_pyramid`, `index_pyramid` and `out_channels`.
        update_block: a step, with `hidden_state_size`.
        mask_predictor: how the flow is enlarged; bilinear without it.

    Source: Teed and Deng (2020), https://arxiv.org/abs/2003.12039
    """

    def __init__(
        self,
        *,
        feature_encoder: Any,
        context_encoder: Any,
        corr_block: Any,
        update_block: Any,
        mask_predictor: Any = None,
    ) -> None:
        super().__init__()
        self.feature_encoder = feature_encoder
        self.context_encoder = context_encoder
        self.corr_block = corr_block
        self.update_block = update_block
        self.mask_predictor = mask_predictor
        if not hasattr(self.update_block, "hidden_state_size"):
            raise ValueError(
                "The update_block parameter should expose a 'hidden_state_size' "
                "attribute."
            )

    def forward(
        self, image1: Array, image2: Array, num_flow_updates: int = 12
    ) -> list[Array]:
        """Return the flow after each step, `(batch, 2, height, width)`."""
        batch, _, height, width = image1.shape
        small = height // 8, width // 8
        _check_images(image1, image2)
        maps = self.feature_encoder(cat([image1, image2], 0))
        if tuple(maps.shape[-2:]) != small:
            raise ValueError("The feature encoder should downsample H and W by 8")
        self.corr_block.build_pyramid(maps[:batch], maps[batch:])
        context = self.context_encoder(image1)
        if tuple(context.shape[-2:]) != small:
            raise ValueError("The context encoder should downsample H and W by 8")
        size = self.update_block.hidden_state_size
        if context.shape[1] <= size:
            raise ValueError(
                f"The context encoder outputs {context.shape[1]} channels, but it "
                f"should have at strictly more than hidden_state={size} channels"
            )
        hidden, context = tanh(context[:, :size]), F.relu(context[:, size:])
        start = as_constant(coordinates(batch, *small), maps)
        moved, flows = start, []
        for _ in range(num_flow_updates):
            moved = detached(moved)
            features = self.corr_block.index_pyramid(centroids_coords=moved)
            hidden, change = self.update_block(hidden, context, features, moved - start)
            moved = moved + change
            mask = None if self.mask_predictor is None else self.mask_predictor(hidden)
            flows.append(upsample_flow(moved - start, mask))
        return flows


def _check_images(image1: Array, image2: Array) -> None:
    """Raise unless the images have one size that is divisible by 8."""
    height, width = image1.shape[-2:]
    if (height, width) != tuple(image2.shape[-2:]):
        raise ValueError(
            "input images should have the same shape, instead got "
            f"({height}, {width}) != {image2.shape[-2:]}"
        )
    if height % 8 or width % 8:
        raise ValueError(
            "input image H and W should be divisible by 8, instead got "
            f"{height} (h) and {width} (w)"
        )


def _raft(
    options: dict[str, Any],
    block: Made,
    layers: Sequence[int],
    context: tuple[Sequence[int], Made | None],
    radius: int,
    motion: dict[str, Any],
    recurrent: dict[str, Any],
    head: int,
    mask: bool,
) -> RAFT:
    """Build RAFT, with the parts that the caller gave in place of its own."""
    given = {
        name: options.pop(name, None)
        for name in (
            *("feature_encoder", "context_encoder", "corr_block", "update_block"),
            "mask_predictor",
        )
    }
    size = recurrent["hidden_size"]
    features = given["feature_encoder"] or FeatureEncoder(
        block=block, layers=layers, norm_layer=nn.InstanceNorm2d
    )
    told = given["context_encoder"] or FeatureEncoder(
        block=block, layers=context[0], norm_layer=context[1]
    )
    corr = given["corr_block"] or CorrBlock(num_levels=4, radius=radius)
    update = given["update_block"]
    if update is None:
        encoder = MotionEncoder(in_channels_corr=corr.out_channels, **motion)
        width = encoder.out_channels + context[0][-1] - size
        update = UpdateBlock(
            motion_encoder=encoder,
            recurrent_block=RecurrentBlock(input_size=width, **recurrent),
            flow_head=FlowHead(in_channels=size, hidden_size=head),
        )
    masks = given["mask_predictor"]
    if masks is None and mask:
        masks = MaskPredictor(in_channels=size, hidden_size=256, multiplier=0.25)
    return RAFT(
        feature_encoder=features,
        context_encoder=told,
        corr_block=corr,
        update_block=update,
        mask_predictor=masks,
        **options,
    )


Raft_Large_Weights = weights_enum("Raft_Large_Weights", __name__)
Raft_Small_Weights = weights_enum("Raft_Small_Weights", __name__)


def _nothing(options: dict[str, Any], weights: Any) -> None:
    """Weights ask for no option: there are no classes."""


@network(Raft_Large_Weights, adjust=_nothing)
def raft_large(**options: Any) -> RAFT:
    """RAFT; see `RAFT` for the parts that can be given."""
    return _raft(
        options,
        ResidualBlock,
        (64, 64, 96, 128, 256),
        ((64, 64, 96, 128, 256), nn.BatchNorm2d),
        radius=4,
        motion={
            "corr_layers": (256, 192),
            "flow_layers": (128, 64),
            "out_channels": 128,
        },
        recurrent={
            "hidden_size": 128,
            "kernel_size": ((1, 5), (5, 1)),
            "padding": ((0, 2), (2, 0)),
        },
        head=256,
        mask=True,
    )


@network(Raft_Small_Weights, adjust=_nothing)
def raft_small(**options: Any) -> RAFT:
    """The small RAFT; see `RAFT` for the parts that can be given."""
    return _raft(
        options,
        BottleneckBlock,
        (32, 32, 64, 96, 128),
        ((32, 32, 64, 96, 160), None),
        radius=3,
        motion={"corr_layers": (96,), "flow_layers": (64, 32), "out_channels": 82},
        recurrent={"hidden_size": 96, "kernel_size": (3,), "padding": (1,)},
        head=128,
        mask=False,
    )
