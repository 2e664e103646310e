"""Vision transformers."""

import math
import re
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from ._api import network, number_of_classes, set_option, weights_enum
from ._backend import (
    Array,
    F,
    cat,
    check,
    expand,
    init,
    initialize,
    nn,
    parameter,
    permute,
)
from ._blocks import MLP, Conv2dNormActivation

__all__ = [
    "ViT_B_16_Weights",
    "ViT_B_32_Weights",
    "ViT_H_14_Weights",
    "ViT_L_16_Weights",
    "ViT_L_32_Weights",
    "VisionTransformer",
    "vit_b_16",
    "vit_b_32",
    "vit_h_14",
    "vit_l_16",
    "vit_l_32",
]

Made = Callable[..., Any]
_NORM: Made = partial(nn.LayerNorm, eps=1e-6)


class ConvStemConfig(NamedTuple):
    """A convolution of those that may take the place of the cut into patches."""

    out_channels: int
    kernel_size: int
    stride: int
    norm_layer: Made = nn.BatchNorm2d
    activation_layer: Made = nn.ReLU


_OLD = re.compile(r"\blinear_([12])\.")


def _renamed(name: str) -> str:
    """The name today of an array in torchvision's files, which have "linear_1"."""
    return _OLD.sub(lambda match: f"{3 * int(match[1]) - 3}.", name)


class MLPBlock(MLP):
    """The perceptron of a transformer's layer."""

    _version = 2

    def __init__(self, in_dim: int, mlp_dim: int, dropout: float) -> None:
        made: dict[str, Any] = {"activation_layer": nn.GELU, "inplace": None}
        super().__init__(in_dim, [mlp_dim, in_dim], dropout=dropout, **made)
        initialize(self)

    def _reset_parameters(self) -> None:
        for m in self.modules():
            if isinstance(m, nn.Linear):
                init.xavier_uniform_(m.weight)
                if m.bias is not None:
                    init.normal_(m.bias, std=1e-6)

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *args: Any) -> None:
        """Load arrays in compat, also under the names of the class's first version."""
        for name in [name for name in state_dict if name.startswith(prefix)]:
            old = name.removeprefix(prefix)
            state_dict[prefix + _renamed(old)] = state_dict.pop(name)
        super()._load_from_state_dict(state_dict, prefix, *args)


class EncoderBlock(nn.Module):
    """A layer: attention and a perceptron, each behind a norm."""

    def __init__(
        self,
        num_heads: int,
        hidden_dim: int,
        mlp_dim: int,
        dropout: float,
        attention_dropout: float,
        norm_layer: Made = _NORM,
    ) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.ln_1 = norm_layer(hidden_dim)
        self.self_attention = nn.MultiheadAttention(
            hidden_dim, num_heads, dropout=attention_dropout, batch_first=True
        )
        self.dropout = nn.Dropout(dropout)
        self.ln_2 = norm_layer(hidden_dim)
        self.mlp = MLPBlock(hidden_dim, mlp_dim, dropout)

    def forward(self, input: Array) -> Array:
        x = self.ln_1(input)
        x, _ = self.self_attention(x, x, x, need_weights=False)
        x = self.dropout(x) + input
        return x + self.mlp(self.ln_2(x))


class Encoder(nn.Module):
    """Layers over the patches, whose positions are added."""

    def __init__(
        self,
        seq_length: int,
        num_layers: int,
        num_heads: int,
        hidden_dim: int,
        mlp_dim: int,
        dropout: float,
        attention_dropout: float,
        norm_layer: Made = _NORM,
    ) -> None:
        super().__init__()
        self.pos_embedding = parameter((1, seq_length, hidden_dim), "normal", std=0.02)
        self.dropout = nn.Dropout(dropout)
        made = num_heads, hidden_dim, mlp_dim, dropout, attention_dropout, norm_layer
        names = [f"encoder_layer_{i}" for i in range(num_layers)]
        self.layers = nn.Sequential(
            OrderedDict((name, EncoderBlock(*made)) for name in names)
        )
        self.ln = norm_layer(hidden_dim)

    def forward(self, input: Array) -> Array:
        return self.ln(self.layers(self.dropout(input + self.pos_embedding)))


class VisionTransformer(nn.Module):
    """Vision transformer.

    Args:
        image_size: height and width of the images.
        patch_size: of the patches, which become the elements of a sequence.
        representation_size: of a layer before the last one; none by default.
        conv_stem_configs: convolutions in place of the cut into patches.

    Source: Dosovitskiy et al., "An Image is Worth 16x16 Words" (2020),
    https://arxiv.org/abs/2010.11929
    """

    def __init__(
        self,
        image_size: int,
        patch_size: int,
        num_layers: int,
        num_heads: int,
        hidden_dim: int,
        mlp_dim: int,
        dropout: float = 0.0,
        attention_dropout: float = 0.0,
        num_classes: int = 1000,
        representation_size: int | None = None,
        norm_layer: Made = _NORM,
        conv_stem_configs: list[ConvStemConfig] | None = None,
    ) -> None:
        super().__init__()
        if image_size % patch_size:
            raise AssertionError("Input shape indivisible by patch size!")
        self.image_size = image_size
        self.patch_size = patch_size
        self.hidden_dim = hidden_dim
        self.mlp_dim = mlp_dim
        self.attention_dropout = attention_dropout
        self.dropout = dropout
        self.num_classes = num_classes
        self.representation_size = representation_size
        if conv_stem_configs is None:
            size: dict[str, Any] = {"kernel_size": patch_size, "stride": patch_size}
            self.conv_proj = nn.Conv2d(3, hidden_dim, **size)
        else:
            self.conv_proj = _conv_stem(conv_stem_configs, hidden_dim)
        self.class_token = parameter((1, 1, hidden_dim), "zeros")
        self.encoder = Encoder(
            (image_size // patch_size) ** 2 + 1,
            *(num_layers, num_heads, hidden_dim, mlp_dim),
            *(dropout, attention_dropout, norm_layer),
        )
        self.seq_length = (image_size // patch_size) ** 2 + 1
        heads: OrderedDict[str, Any] = OrderedDict()
        if representation_size is not None:
            heads["pre_logits"] = nn.Linear(hidden_dim, representation_size)
            heads["act"] = nn.Tanh()
        heads["head"] = nn.Linear(representation_size or hidden_dim, num_classes)
        self.heads = nn.Sequential(heads)
        initialize(self)

    def _reset_parameters(self) -> None:
        stem = self.conv_proj
        if isinstance(stem, nn.Conv2d):
            fan_in = math.prod(stem.weight.shape[1:])
            init.trunc_normal_(stem.weight, std=math.sqrt(1 / fan_in))
            init.zeros_(stem.bias)
        else:
            out_channels = stem.conv_last.weight.shape[0]
            std = math.sqrt(2.0 / out_channels)
            init.normal_(stem.conv_last.weight, mean=0.0, std=std)
            init.zeros_(stem.conv_last.bias)
        if self.representation_size is not None:
            fan_in = self.heads.pre_logits.in_features
            init.trunc_normal_(self.heads.pre_logits.weight, std=math.sqrt(1 / fan_in))
            init.zeros_(self.heads.pre_logits.bias)
        init.zeros_(self.heads.head.weight)
        init.zeros_(self.heads.head.bias)

    def _process_input(self, x: Array) -> Array:
        """The sequence of patches, `(batch, patches, hidden_dim)`."""
        batch, _, height, width = x.shape
        for name, size in (("height", height), ("width", width)):
            check(
                size == self.image_size,
                f"Wrong image {name}! Expected {self.image_size} but got {size}!",
            )
        patches = (self.image_size // self.patch_size) ** 2
        x = self.conv_proj(x).reshape(batch, self.hidden_dim, patches)
        return permute(x, (0, 2, 1))

    def forward(self, x: Array) -> Array:
        x = self._process_input(x)
        token = expand(self.class_token, (x.shape[0], 1, self.hidden_dim))
        x = self.encoder(cat([token, x], 1))
        return self.heads(x[:, 0])


def _conv_stem(configs: list[ConvStemConfig], hidden_dim: int) -> Any:
    layers: OrderedDict[str, Any] = OrderedDict()
    size = 3
    for i, one in enumerate(configs):
        layers[f"conv_bn_relu_{i}"] = Conv2dNormActivation(
            size,
            one.out_channels,
            one.kernel_size,
            one.stride,
            norm_layer=one.norm_layer,
            activation_layer=one.activation_layer,
        )
        size = one.out_channels
    layers["conv_last"] = nn.Conv2d(size, hidden_dim, kernel_size=1)
    return nn.Sequential(layers)


def interpolate_embeddings(
    image_size: int,
    patch_size: int,
    model_state: Any,
    interpolation_mode: str = "bicubic",
    reset_heads: bool = False,
) -> Any:
    """Fit the positions in a state dict to another size of images.

    Args:
        image_size: of the new network.
        patch_size: of the new network.
        model_state: arrays by name.
        reset_heads: leave the last layers out.

    Returns:
        The arrays; the mapping that was given is changed.
    """
    name = "encoder.pos_embedding"
    batch, length, hidden = model_state[name].shape
    if batch != 1:
        raise ValueError(
            f"Unexpected position embedding shape: {model_state[name].shape}"
        )
    side = image_size // patch_size
    if side**2 + 1 == length:
        return model_state
    old = math.isqrt(length - 1)
    if old**2 != length - 1:
        raise ValueError(
            f"seq_length is not a perfect square! Instead got seq_length_1d * "
            f"seq_length_1d = {old**2} and seq_length = {length - 1}"
        )
    token, grid = model_state[name][:, :1], model_state[name][:, 1:]
    grid = permute(grid, (0, 2, 1)).reshape(1, hidden, old, old)
    grid = F.interpolate(grid, size=side, mode=interpolation_mode, align_corners=True)
    grid = permute(grid.reshape(1, hidden, side**2), (0, 2, 1))
    model_state[name] = cat([token, grid], 1)
    if reset_heads:
        kept = [(k, v) for k, v in model_state.items() if not k.startswith("heads")]
        return OrderedDict(kept)
    return model_state


def _for_weights(options: dict[str, Any], weights: Any) -> None:
    number_of_classes(options, weights)
    set_option(options, "image_size", weights.meta["min_size"][0])


def _vit(
    patch: int, layers: int, heads: int, hidden: int, mlp: int, options: dict[str, Any]
) -> VisionTransformer:
    shape = options.pop("image_size", 224), patch, layers, heads, hidden, mlp
    return VisionTransformer(*shape, **options)


ViT_B_16_Weights = weights_enum("ViT_B_16_Weights", __name__)
ViT_B_32_Weights = weights_enum("ViT_B_32_Weights", __name__)
ViT_L_16_Weights = weights_enum("ViT_L_16_Weights", __name__)
ViT_L_32_Weights = weights_enum("ViT_L_32_Weights", __name__)
ViT_H_14_Weights = weights_enum("ViT_H_14_Weights", __name__)


@network(ViT_B_16_Weights, adjust=_for_weights, rename=_renamed)
def vit_b_16(**options: Any) -> VisionTransformer:
    """ViT-B/16; see `VisionTransformer` for the options."""
    return _vit(16, 12, 12, 768, 3072, options)


@network(ViT_B_32_Weights, adjust=_for_weights, rename=_renamed)
def vit_b_32(**options: Any) -> VisionTransformer:
    """ViT-B/32; see `VisionTransformer` for the options."""
    return _vit(32, 12, 12, 768, 3072, options)


@network(ViT_L_16_Weights, adjust=_for_weights, rename=_renamed)
def vit_l_16(**options: Any) -> VisionTransformer:
    """ViT-L/16; see `VisionTransformer` for the options."""
    return _vit(16, 24, 16, 1024, 4096, options)


@network(ViT_L_32_Weights, adjust=_for_weights, rename=_renamed)
def vit_l_32(**options: Any) -> VisionTransformer:
    """ViT-L/32; see `VisionTransformer` for the options."""
    return _vit(32, 24, 16, 1024, 4096, options)


@network(ViT_H_14_Weights, adjust=_for_weights, rename=_renamed)
def vit_h_14(**options: Any) -> VisionTransformer:
    """ViT-H/14; see `VisionTransformer` for the options."""
    return _vit(14, 32, 16, 1280, 5120, options)
