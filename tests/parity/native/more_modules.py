"""Modules of torch.nn that `module_db` leaves out, on samples of ours."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch

from tests.parity.bridge import judge, settings
from tests.parity.cases import random_draws
from tests.parity.native.modules import module_case, require
from tests.parity.native.more_functions import call, real, whole
from tests.parity.report import Tally, Trial
from tests.reference.cases import Built, build

# The settings of each module, and the calls that it is tried with.
Entry = tuple[Any, list[Any]]


def table() -> dict[str, list[Entry]]:
    torch.manual_seed(0)
    image, volume = (2, 4, 6, 6), (1, 2, 4, 4, 4)
    layer = torch.nn.TransformerDecoderLayer(8, 2, 16, 0.0, batch_first=True)
    packed = [call(real(5, 3, 3), lengths=torch.tensor([3, 5, 1]))]
    triplet = [call(real(4, 5), real(4, 5), real(4, 5))]
    return {
        "AdaptiveLogSoftmaxWithLoss": [
            (call(8, 12, [3, 7]), [call(real(5, 8), whole(12, 5))]),
            (
                call(8, 12, [4], div_value=2.0, head_bias=True),
                [call(real(5, 8), whole(12, 5)), call(real(8), whole(12))],
            ),
        ],
        "ChannelShuffle": [(call(2), [call(real(*image))])],
        "CosineSimilarity": [
            (call(), [call(real(3, 4), real(3, 4))]),
            (call(dim=0, eps=1e-3), [call(real(3, 4), real(3, 4))]),
        ],
        "CrossMapLRN2d": [(call(5, 5e-3, 1e-3, 2), [call(real(2, 3, 6, 6))])],
        "EmbeddingBag": [
            (
                call(6, 3),
                [call(whole(6, 2, 4)), call(whole(6, 5), torch.tensor([0, 2]))],
            ),
            (call(6, 3, mode="sum"), [call(whole(6, 2, 4), None, real(2, 4))]),
            (call(6, 3, mode="max", padding_idx=1), [call(whole(6, 2, 4))]),
            (
                call(6, 3, include_last_offset=True),
                [call(whole(6, 5), torch.tensor([0, 2, 5]))],
            ),
        ],
        "Flatten": [
            (call(), [call(real(*image))]),
            (call(-3, -1), [call(real(3, 4, 5))]),
        ],
        "Fold": [(call((4, 5), (2, 2), padding=1), [call(real(2, 8, 30))])],
        "GRU": [(call(3, 2, 2, bidirectional=True), packed)],
        "Hardsigmoid": [(call(), [call(real(3, 4)), call(real())])],
        "Identity": [(call(), [call(real(3, 4))])],
        "LSTM": [
            (call(3, 4, bidirectional=True, proj_size=2), packed),
            (call(3, 2, 2), packed),
        ],
        "MaxUnpool1d": [unpool(1, (2, 3, 8))],
        "MaxUnpool2d": [unpool(2, (2, 3, 8, 6))],
        "MaxUnpool3d": [unpool(3, (1, 2, 4, 4, 6))],
        "PairwiseDistance": [
            (call(), [call(real(3, 4), real(3, 4)), call(real(1, 4), real(3, 4))]),
            (call(1.5, 1e-5, True), [call(real(3, 4), real(3, 4))]),
        ],
        "PixelShuffle": [(call(2), [call(real(*image))])],
        "PixelUnshuffle": [(call(3), [call(real(*image))])],
        "RNN": [(call(3, 2), packed), (call(3, 2, 2, bidirectional=True), packed)],
        "Softmin": [(call(dim=1), [call(real(3, 4))])],
        "SyncBatchNorm": [
            (call(4), [call(real(*image))]),
            (call(2, momentum=None, affine=False), [call(real(*volume))]),
        ],
        "TransformerDecoder": [
            (call(layer, 2), [call(real(2, 3, 8), real(2, 5, 8))]),
            (
                call(layer, 1, norm=torch.nn.LayerNorm(8)),
                [
                    call(
                        real(2, 3, 8),
                        real(2, 5, 8),
                        tgt_is_causal=True,
                        tgt_mask=torch.nn.Transformer.generate_square_subsequent_mask(
                            3
                        ),
                    )
                ],
            ),
        ],
        "TripletMarginLoss": [
            (call(), triplet),
            (call(margin=0.5, p=1.0, swap=True, reduction="sum"), triplet),
        ],
        "TripletMarginWithDistanceLoss": [
            (call(), triplet),
            (
                call(
                    distance_function=torch.nn.functional.pairwise_distance,
                    margin=2.0,
                    swap=True,
                    reduction="none",
                ),
                triplet,
            ),
        ],
        "Unflatten": [(call(1, (2, 2)), [call(real(*image))])],
        "Unfold": [(call((2, 3), stride=2, padding=1), [call(real(*image))])],
        "Upsample": [
            (call(scale_factor=2.0), [call(real(*image))]),
            (
                call(size=(4, 9), mode="bilinear", align_corners=True),
                [call(real(*image))],
            ),
            (call(scale_factor=1.5, mode="bicubic"), [call(real(*image))]),
        ],
        "UpsamplingBilinear2d": [(call(scale_factor=2), [call(real(*image))])],
        "UpsamplingNearest2d": [(call(size=(9, 4)), [call(real(*image))])],
    }


def unpool(dims: int, shape: tuple[int, ...]) -> Entry:
    pool = getattr(torch.nn.functional, f"max_pool{dims}d_with_indices")
    pooled, indices = pool(torch.randn(shape), 2)
    return call(2), [call(pooled.requires_grad_(), indices)]


def random_table() -> dict[str, list[Entry]]:
    torch.manual_seed(0)
    return {
        "AlphaDropout": [(call(0.3), [call(torch.randn(6, 4))])],
        "Dropout": [(call(0.2), [call(torch.randn(6, 4))])],
        "Dropout1d": [(call(0.4), [call(torch.randn(3, 4, 5))])],
        "Dropout2d": [(call(), [call(torch.randn(3, 2, 2, 3))])],
        "Dropout3d": [(call(), [call(torch.randn(3, 2, 2, 2, 3))])],
        "FeatureAlphaDropout": [(call(0.4), [call(torch.randn(3, 4, 5))])],
        "RReLU": [(call(0.1, 0.9), [call(torch.randn(6, 4))])],
    }


def trials(tally: Tally) -> Iterator[Trial]:
    for name, entries in table().items():
        for label, args in _labelled(entries):
            yield Trial(name, label, partial(_run, name, *args))
    for name, entries in random_table().items():
        for label, args in _labelled(entries):
            compare = _run_random if args[-1] else _run
            yield Trial(name, label, partial(compare, name, *args))


def _labelled(entries: list[Entry]) -> Iterator[tuple[str, Any]]:
    for index, (result, calls) in enumerate(entries):
        for place, called in enumerate(calls):
            for train in (True, False):
                mode = "train" if train else "eval"
                yield (
                    f"settings {index}, call {place}, {mode} mode",
                    (result, called, train),
                )


def _run(name: str, made: Any, called: Any, train: bool) -> bool:
    require(name)
    return judge(partial(module_case, getattr(torch.nn, name), *made, *called, train))


def _run_random(name: str, made: Any, called: Any, train: bool) -> None:
    require(name)
    module = getattr(torch.nn, name)(*made[0], **made[1]).train(train)
    layer = build(Built(name, *settings(*made)))
    assert layer.draws(train)
    (x,), _ = called
    random_draws.compare_draws(
        module,
        x,
        lambda x, key: layer.apply({}, {}, x, key=key, train=train)[0],
        x.numpy(),
    )
