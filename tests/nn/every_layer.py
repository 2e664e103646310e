"""One small example of every layer, and inputs that it must refuse."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet import nn

Inputs = tuple[Any, ...]


@dataclass(frozen=True)
class Example:
    """How a layer is made, what it is called with, and what it refuses.

    Attributes:
        make: builds the layer; twice gives two equal ones.
        inputs: what `apply` takes after params and state.
        refused: inputs of a wrong rank, or with wrong channels or features.
        takes_integers: the layer moves or looks up numbers, whole ones as well.
        fixed_init: no initial value is drawn.
    """

    make: Callable[[], nn.Layer]
    inputs: Inputs
    refused: tuple[Inputs, ...] = ()
    takes_integers: bool = False
    fixed_init: bool = False


def real(*shape: int) -> Any:
    """Numbers between -2 and 2, all different, in no order, with no random key."""
    size = int(np.prod(shape))
    values = (np.arange(size) * 0.6180339887 % 1.0) * 4 - 2
    return jnp.asarray(values.reshape(shape), jnp.float32)


def chance(*shape: int) -> Any:
    """Numbers strictly between 0 and 1."""
    return real(*shape) / 5 + 0.5


def whole(high: int, *shape: int) -> Any:
    """Whole numbers below `high`."""
    size = int(np.prod(shape))
    return jnp.asarray((np.arange(size) * 7 % high).reshape(shape), jnp.int32)


def signs(*shape: int) -> Any:
    """Numbers -1 and 1."""
    return whole(2, *shape) * 2 - 1


IMAGES = {  # (batch, channels, *space)
    1: (2, 4, 8),
    2: (2, 4, 8, 7),
    3: (1, 4, 6, 5, 4),
}


def refused_by(dims: int, channels: bool = False) -> tuple[Inputs, ...]:
    """Too few and too many dimensions, and if it matters too many channels."""
    shape = IMAGES[dims]
    wrong = [(real(*shape[: dims if dims > 1 else 1]),), (real(1, 1, *shape),)]
    if channels:
        wrong.append((real(shape[0], 5, *shape[2:]),))
    return tuple(wrong)


def spatial(dims: int) -> dict[str, Example]:
    """Convolutions, pools and norms of one, two or three dimensions."""
    x = (real(*IMAGES[dims]),)
    rank, channels = refused_by(dims), refused_by(dims, channels=True)
    few = ((real(*IMAGES[dims][: dims - 1]),),)
    pooled = pooled_with_indices(dims)

    def layer(name: str) -> Callable[..., nn.Layer]:
        return getattr(nn, f"{name}{dims}d")

    examples = {
        "AdaptiveAvgPool": Example(lambda: layer("AdaptiveAvgPool")(3), x, rank),
        "AdaptiveMaxPool": Example(lambda: layer("AdaptiveMaxPool")(3), x, rank, True),
        "AvgPool": Example(lambda: layer("AvgPool")(2), x, rank),
        "BatchNorm": Example(
            lambda: layer("BatchNorm")(4), x, channels, fixed_init=True
        ),
        "CircularPad": Example(lambda: layer("CircularPad")(1), x, rank, True),
        "ConstantPad": Example(lambda: layer("ConstantPad")(1, 0.5), x, few, True),
        "Conv": Example(lambda: layer("Conv")(4, 6, 3, padding=1), x, channels),
        "ConvTranspose": Example(
            lambda: layer("ConvTranspose")(4, 6, 2, stride=2), x, channels
        ),
        "Dropout": Example(lambda: layer("Dropout")(0.5), x, rank[1:]),
        "InstanceNorm": Example(
            lambda: layer("InstanceNorm")(4, affine=True), x, channels, fixed_init=True
        ),
        "LPPool": Example(lambda: layer("LPPool")(2, 2), x, rank),
        "MaxPool": Example(lambda: layer("MaxPool")(2), x, rank, True),
        "MaxUnpool": Example(lambda: layer("MaxUnpool")(2), pooled, (), True),
        "ReflectionPad": Example(lambda: layer("ReflectionPad")(1), x, rank, True),
        "ReplicationPad": Example(lambda: layer("ReplicationPad")(1), x, rank, True),
        "ZeroPad": Example(lambda: layer("ZeroPad")(1), x, few, True),
    }
    if dims > 1:
        examples["FractionalMaxPool"] = Example(
            lambda: layer("FractionalMaxPool")(2, output_size=3), x, rank
        )
    return {f"{name}{dims}d": example for name, example in examples.items()}


def pooled_with_indices(dims: int) -> Inputs:
    """Values and the places in an image of twice the size where they came from."""
    space = (4, 3, 2)[:dims]
    image = np.arange(np.prod([2 * n for n in space])).reshape([2 * n for n in space])
    places = image[(slice(None, None, 2),) * dims]
    shape = (2, 4, *space)
    return real(*shape), jnp.asarray(np.broadcast_to(places, shape), jnp.int32)


def activations() -> dict[str, Example]:
    x = (real(2, 4, 3),)
    plain = (
        "CELU ELU GELU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid "
        "Mish RReLU ReLU ReLU6 SELU SiLU Sigmoid Softplus Softshrink Softsign Tanh "
        "Tanhshrink"
    )
    examples = {name: Example(getattr(nn, name), x) for name in plain.split()}
    return examples | {
        "GLU": Example(lambda: nn.GLU(1), x, ((real(2, 3),),)),
        "LogSoftmax": Example(lambda: nn.LogSoftmax(1), x),
        "PReLU": Example(lambda: nn.PReLU(4), x, ((real(2, 5, 3),),), fixed_init=True),
        "Softmax": Example(lambda: nn.Softmax(1), x),
        "Softmax2d": Example(nn.Softmax2d, (real(2, 3, 2, 2),), ((real(2, 3),),)),
        "Softmin": Example(lambda: nn.Softmin(1), x),
        "Threshold": Example(lambda: nn.Threshold(0.1, 0.5), x),
    }


def losses() -> dict[str, Example]:
    pair, other = (real(3, 4), real(3, 4) * 0.7 + 0.1), ((real(3, 4), real(2, 5)),)
    labels = (real(3, 4), whole(4, 3))
    wrong_labels = ((real(3, 4), whole(4, 2)), (real(3, 4), whole(4, 3, 2)))
    two, sides = (real(3, 4), real(3, 4) + 0.3, signs(3)), signs(3, 4)
    triplet = (real(3, 4), real(3, 4) * 0.5, real(3, 4) - 0.4)
    wrong_triplet = ((real(3, 4), real(3, 4), real(3, 5)),)
    return {
        "AdaptiveLogSoftmaxWithLoss": Example(
            lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 6, (2, 4), 2.0),
            (real(6, 4), whole(6, 6)),
            ((real(3, 5), whole(6, 3)), (real(3, 4), whole(6, 2))),
        ),
        "BCELoss": Example(nn.BCELoss, (chance(3, 4), 1 - chance(3, 4)), other),
        "BCEWithLogitsLoss": Example(
            nn.BCEWithLogitsLoss, (real(3, 4), chance(3, 4)), other
        ),
        "CTCLoss": Example(
            nn.CTCLoss,
            (
                real(6, 2, 4) - 3,
                whole(3, 2, 2) + 1,
                jnp.asarray([6, 5]),
                jnp.asarray([2, 1]),
            ),
        ),
        "CosineEmbeddingLoss": Example(nn.CosineEmbeddingLoss, two),
        "CrossEntropyLoss": Example(nn.CrossEntropyLoss, labels, wrong_labels),
        "GaussianNLLLoss": Example(
            nn.GaussianNLLLoss, (*pair, chance(3, 4)), ((*pair, chance(2, 4)),)
        ),
        "HingeEmbeddingLoss": Example(nn.HingeEmbeddingLoss, (real(3, 4), sides)),
        "HuberLoss": Example(nn.HuberLoss, pair, other),
        "KLDivLoss": Example(
            lambda: nn.KLDivLoss(reduction="sum"), (real(3, 4), chance(3, 4)), other
        ),
        "L1Loss": Example(nn.L1Loss, pair, other),
        "LinearCrossEntropyLoss": Example(
            lambda: nn.LinearCrossEntropyLoss(4, 5),
            (real(3, 4), whole(5, 3)),
            ((real(3, 5), whole(5, 3)),),
        ),
        "MSELoss": Example(nn.MSELoss, pair, other),
        "MarginRankingLoss": Example(
            nn.MarginRankingLoss, (real(3) * 0.5, real(3), signs(3))
        ),
        "MultiLabelMarginLoss": Example(
            nn.MultiLabelMarginLoss,
            (real(2, 4), jnp.asarray([[1, 3, -1, 0], [2, -1, 0, 0]])),
            ((real(2, 4), whole(4, 2, 3)),),
        ),
        "MultiLabelSoftMarginLoss": Example(
            nn.MultiLabelSoftMarginLoss, (real(3, 4), chance(3, 4).round()), other
        ),
        "MultiMarginLoss": Example(nn.MultiMarginLoss, labels, wrong_labels),
        "NLLLoss": Example(nn.NLLLoss, labels, wrong_labels),
        "PoissonNLLLoss": Example(nn.PoissonNLLLoss, (real(3, 4), chance(3, 4)), other),
        "SmoothL1Loss": Example(nn.SmoothL1Loss, pair, other),
        "SoftMarginLoss": Example(nn.SoftMarginLoss, (real(3, 4), sides), other),
        "TripletMarginLoss": Example(nn.TripletMarginLoss, triplet, wrong_triplet),
        "TripletMarginWithDistanceLoss": Example(
            nn.TripletMarginWithDistanceLoss, triplet, wrong_triplet
        ),
    }


def sequences() -> dict[str, Example]:
    x, cell, hx = (real(5, 2, 3),), (real(2, 3), real(2, 4)), (real(2, 4),) * 2
    wrong = ((real(5, 2, 4),), (real(3),))
    wrong_cell = ((real(2, 4),), (real(2, 2, 3),))
    tokens, memory = real(2, 3, 4), real(2, 5, 4)

    def decoder() -> nn.Layer:
        return nn.TransformerDecoderLayer(4, 2, 6, batch_first=True)

    def encoder() -> nn.Layer:
        return nn.TransformerEncoderLayer(4, 2, 6, batch_first=True)

    return {
        "GRU": Example(lambda: nn.GRU(3, 4), x, wrong),
        "GRUCell": Example(lambda: nn.GRUCell(3, 4), cell, wrong_cell),
        "LSTM": Example(lambda: nn.LSTM(3, 4), x, wrong),
        "LSTMCell": Example(lambda: nn.LSTMCell(3, 4), (cell[0], hx), wrong_cell),
        "MultiheadAttention": Example(
            lambda: nn.MultiheadAttention(4, 2, 0.1, batch_first=True),
            (tokens, memory, memory),
            ((real(2, 3, 5), memory, memory), (real(4), memory, memory)),
        ),
        "RNN": Example(lambda: nn.RNN(3, 4), x, wrong),
        "RNNCell": Example(lambda: nn.RNNCell(3, 4), cell, wrong_cell),
        "Transformer": Example(
            lambda: nn.Transformer(4, 2, 1, 1, 6, batch_first=True),
            (memory, tokens),
            ((real(2, 5, 3), tokens),),
        ),
        "TransformerDecoder": Example(
            lambda: nn.TransformerDecoder(decoder(), 1),
            (tokens, memory),
            ((real(2, 3, 5), memory),),
        ),
        "TransformerDecoderLayer": Example(
            decoder, (tokens, memory), ((real(2, 3, 5), memory),)
        ),
        "TransformerEncoder": Example(
            lambda: nn.TransformerEncoder(encoder(), 1), (tokens,), ((real(2, 3, 5),),)
        ),
        "TransformerEncoderLayer": Example(encoder, (tokens,), ((real(2, 3, 5),),)),
    }


def others() -> dict[str, Example]:
    image, rows = (real(*IMAGES[2]),), (real(3, 4),)
    index = (whole(5, 2, 3),)
    return {
        "AlphaDropout": Example(lambda: nn.AlphaDropout(0.5), rows),
        "Bilinear": Example(
            lambda: nn.Bilinear(4, 3, 5),
            (real(2, 4), real(2, 3)),
            ((real(2, 4), real(2, 4)), (real(2, 4), real(3, 3))),
        ),
        "ChannelShuffle": Example(
            lambda: nn.ChannelShuffle(2), image, ((real(1, 3, 2, 2),),), True
        ),
        "CosineSimilarity": Example(
            nn.CosineSimilarity,
            (real(3, 4), real(3, 4) + 1),
            ((real(3, 4), real(2, 4)),),
        ),
        "CrossMapLRN2d": Example(lambda: nn.CrossMapLRN2d(3), image),
        "Dropout": Example(lambda: nn.Dropout(0.5), rows),
        "Embedding": Example(lambda: nn.Embedding(5, 3), index, ((real(2, 3),),), True),
        "EmbeddingBag": Example(
            lambda: nn.EmbeddingBag(5, 3), index, ((real(2, 3),),), True
        ),
        "FeatureAlphaDropout": Example(lambda: nn.FeatureAlphaDropout(0.5), image),
        "Flatten": Example(nn.Flatten, image, takes_integers=True),
        "Fold": Example(
            lambda: nn.Fold((4, 5), 2), (real(2, 8, 12),), ((real(8, 5),),)
        ),
        "GroupNorm": Example(
            lambda: nn.GroupNorm(2, 4), image, ((real(2, 6, 3),),), fixed_init=True
        ),
        "Identity": Example(nn.Identity, rows, takes_integers=True),
        "LayerNorm": Example(
            lambda: nn.LayerNorm(4), rows, ((real(3, 5),),), fixed_init=True
        ),
        "Linear": Example(lambda: nn.Linear(4, 3), rows, ((real(3, 5),), (real(),))),
        "LocalResponseNorm": Example(
            lambda: nn.LocalResponseNorm(3), image, ((real(3),),)
        ),
        "PairwiseDistance": Example(
            nn.PairwiseDistance,
            (real(3, 4), real(3, 4) + 1),
            ((real(3, 4), real(2, 4)),),
        ),
        "PixelShuffle": Example(
            lambda: nn.PixelShuffle(2), image, ((real(1, 3, 2, 2),),), True
        ),
        "PixelUnshuffle": Example(
            lambda: nn.PixelUnshuffle(2),
            (real(1, 2, 4, 6),),
            ((real(1, 2, 3, 3),),),
            True,
        ),
        "Frozen": Example(
            lambda: nn.Frozen(
                nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5), nn.Linear(3, 2)), "0.*"
            ),
            rows,
            ((real(3, 5),),),
        ),
        "RMSNorm": Example(
            lambda: nn.RMSNorm(4), rows, ((real(3, 5),),), fixed_init=True
        ),
        "Sequential": Example(
            lambda: nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Dropout(0.5)),
            rows,
            ((real(3, 5),),),
        ),
        "SyncBatchNorm": Example(
            lambda: nn.SyncBatchNorm(4), image, ((real(2, 5, 3, 3),),), fixed_init=True
        ),
        "Unflatten": Example(
            lambda: nn.Unflatten(1, (2, 2)), rows, ((real(3, 5),),), True
        ),
        "Unfold": Example(lambda: nn.Unfold(2), image, ((real(8, 7),),), True),
        "Upsample": Example(
            lambda: nn.Upsample(scale_factor=2), image, ((real(8, 7),),), True
        ),
        "UpsamplingBilinear2d": Example(
            lambda: nn.UpsamplingBilinear2d(scale_factor=2), image, ((real(4, 8, 7),),)
        ),
        "UpsamplingNearest2d": Example(
            lambda: nn.UpsamplingNearest2d(scale_factor=2),
            image,
            ((real(8, 7),),),
            True,
        ),
    }


EXAMPLES: dict[str, Example] = (
    spatial(1) | spatial(2) | spatial(3) | activations() | losses() | sequences()
) | others()

# What is no layer with a function of its own.
NO_LAYERS = {
    "Buffer",
    "Layer",
    "LinearCrossEntropyOptions",
    "Loss",
    "Model",
    "ModuleDict",
    "ModuleList",
    "Parameter",
}
