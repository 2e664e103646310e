"""Every default initialisation, and every function of torch.nn.init: distributions.

The generators differ, so drawn values are compared as samples: by their quantiles
(Kolmogorov and Smirnov's distance), their standard deviation and, for a bounded
distribution, their bounds; values that are not drawn must be equal.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import jax
import numpy as np
import torch

from funcnet import init, nn
from tests.parity.adapters import native_name
from tests.parity.bridge import array, settings
from tests.parity.cases.random_draws import within
from tests.parity.native.more_functions import call
from tests.parity.report import Tally, Trial
from tests.reference.cases import Built, build, flat

# Settings for which the larger parameters have a few thousand elements.
LAYERS: dict[str, list[Any]] = {
    "AdaptiveLogSoftmaxWithLoss": [call(64, 200, [40, 100], head_bias=True)],
    "BatchNorm1d": [call(50)],
    "BatchNorm2d": [call(50), call(50, momentum=None)],
    "BatchNorm3d": [call(50, affine=False)],
    "Bilinear": [call(20, 10, 30)],
    "Conv1d": [call(16, 32, 5), call(16, 32, 5, groups=4)],
    "Conv2d": [call(16, 32, 3), call(16, 32, (2, 3), bias=False)],
    "Conv3d": [call(8, 16, 3)],
    "ConvTranspose1d": [call(16, 32, 5), call(16, 32, 5, groups=4)],
    "ConvTranspose2d": [call(16, 32, 3)],
    "ConvTranspose3d": [call(8, 16, 3)],
    "Embedding": [call(100, 40), call(100, 40, padding_idx=3)],
    "EmbeddingBag": [call(100, 40), call(100, 40, padding_idx=3)],
    "GRU": [call(20, 32, 2), call(20, 32, bidirectional=True, bias=False)],
    "GRUCell": [call(20, 40)],
    "GroupNorm": [call(4, 20)],
    "InstanceNorm1d": [call(20, affine=True, track_running_stats=True)],
    "InstanceNorm2d": [call(20, affine=True)],
    "InstanceNorm3d": [call(20, track_running_stats=True)],
    "LSTM": [call(20, 32, 2), call(20, 32, proj_size=16, bidirectional=True)],
    "LSTMCell": [call(20, 40)],
    "LayerNorm": [call((4, 10)), call(10, bias=False)],
    "Linear": [call(100, 60), call(60, 100, bias=False)],
    "LinearCrossEntropyLoss": [call(50, 40), call(50, 40, bias=True)],
    "MultiheadAttention": [
        call(64, 4),
        call(64, 4, add_bias_kv=True),
        call(64, 4, kdim=48, vdim=32, bias=False),
    ],
    "PReLU": [call(), call(30, 0.1)],
    "RMSNorm": [call(30)],
    "RNN": [call(40, 50, 2), call(40, 50, nonlinearity="relu", bidirectional=True)],
    "RNNCell": [call(40, 50)],
    "SyncBatchNorm": [call(50)],
    "Transformer": [call(32, 4, 1, 1, 64)],
    "TransformerDecoderLayer": [call(32, 4, 64)],
    "TransformerEncoderLayer": [call(32, 4, 64)],
}

# Shapes and arguments of the functions of torch.nn.init.
FUNCTIONS: dict[str, list[Any]] = {
    "constant_": [((3, 4), call(0.3))],
    "dirac_": [((4, 3, 5), call()), ((6, 2, 3, 3), call(2))],
    "eye_": [((3, 5), call())],
    "kaiming_normal_": [
        ((60, 100), call()),
        ((20, 30, 3, 3), call(0.2, "fan_out", "leaky_relu")),
        ((60, 100), call(nonlinearity="relu")),
    ],
    "kaiming_uniform_": [
        ((60, 100), call()),
        ((20, 30, 3), call(5**0.5, mode="fan_out")),
        ((60, 100), call(nonlinearity="tanh")),
    ],
    "normal_": [((80, 90), call()), ((80, 90), call(2.0, 0.1))],
    "ones_": [((3, 4), call())],
    "orthogonal_": [((80, 60), call()), ((40, 20, 3), call(gain=2.0))],
    "sparse_": [((100, 80), call(0.25)), ((70, 100), call(0.1, std=2.0))],
    "trunc_normal_": [
        ((80, 90), call()),
        ((80, 90), call(1.0, 2.0, 0.5, 4.0)),
        ((80, 90), call(std=0.02)),
    ],
    "uniform_": [((80, 90), call()), ((80, 90), call(-3.0, -1.0))],
    "xavier_normal_": [((60, 100), call()), ((20, 30, 3, 3), call(2.0))],
    "xavier_uniform_": [((60, 100), call()), ((20, 30, 3), call(gain=0.5))],
    "zeros_": [((3, 4), call())],
}
GAINS = ["linear", "conv2d", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]

DRAWS = 12  # of each layer or array
KS = 1.95  # exceeded once in a thousand; the seeds are fixed, so here once or never


def trials(tally: Tally) -> Iterator[Trial]:
    for name, makings in LAYERS.items():
        for index, result in enumerate(makings):
            run = partial(_compare_layer, name, *result)
            yield Trial(f"nn.{name}", f"settings {index}", run)
    for name, calls in FUNCTIONS.items():
        for index, (shape, called) in enumerate(calls):
            run = partial(_compare_function, name, shape, *called)
            yield Trial(f"init.{name}", f"sample {index}", run)
    for name in GAINS:
        yield Trial("init.calculate_gain", name, partial(_compare_gain, name))


def _compare_layer(name: str, args: Any, kwargs: dict[str, Any]) -> None:
    assert hasattr(nn, name), f"funcnet.nn has no {name}"
    torch.manual_seed(0)
    modules = [getattr(torch.nn, name)(*args, **kwargs) for _ in range(DRAWS)]
    layer = build(Built(name, *settings(args, kwargs)))
    made = jax.vmap(layer.init)(jax.random.split(jax.random.key(0), DRAWS))
    for result, kind in zip(made, ("named_parameters", "named_buffers"), strict=True):
        arrays = flat(result)
        wanted = [dict(getattr(module, kind)()) for module in modules]
        assert sorted(arrays) == sorted(wanted[0])
        for path in wanted[0]:
            stacked = np.stack([array(draw[path]) for draw in wanted])
            compare_samples(path, np.asarray(arrays[path]), stacked)


def _compare_function(name: str, shape: Any, args: Any, kwargs: dict[str, Any]) -> None:
    torch.manual_seed(0)
    function = getattr(torch.nn.init, name)
    wanted = [
        array(function(torch.empty(shape), *args, **kwargs)) for _ in range(DRAWS)
    ]
    native = getattr(init, native_name("init", name))
    keys = jax.random.split(jax.random.key(0), DRAWS)
    result = [native(key, shape, *args, **kwargs) for key in keys]
    compare_samples(name, np.stack(result), np.stack(wanted))
    if name == "orthogonal_":
        rows = np.asarray(result[0]).reshape(shape[0], -1)
        small = min(rows.shape)
        product = rows @ rows.T if small == len(rows) else rows.T @ rows
        gain = kwargs.get("gain", 1.0)
        np.testing.assert_allclose(product, gain**2 * np.eye(small), atol=1e-4)
    if name == "sparse_":  # zeros are counted column by column
        zeros = [(np.asarray(draw) == 0).sum(0) for draw in (*result, *wanted)]
        np.testing.assert_array_equal(
            zeros, np.broadcast_to(zeros[-1], np.shape(zeros))
        )


def _compare_gain(name: str) -> None:
    assert np.isclose(init.calculate_gain(name), torch.nn.init.calculate_gain(name))


def compare_samples(what: str, found: np.ndarray, wanted: np.ndarray) -> None:
    """Compare draws stacked along the first axis: drawn and fixed elements apart."""
    assert found.shape == wanted.shape, f"{what}: {found.shape}, {wanted.shape}"
    assert found.dtype == wanted.dtype, f"{what}: {found.dtype}, {wanted.dtype}"
    fixed = (wanted == wanted[:1]).all(0)
    same = (found == found[:1]).all(0)
    np.testing.assert_array_equal(same, fixed, f"{what}: which elements are drawn")
    np.testing.assert_allclose(found[0][fixed], wanted[0][fixed], 1e-6, err_msg=what)
    found, wanted = (
        np.sort(found[:, ~fixed].ravel()),
        np.sort(wanted[:, ~fixed].ravel()),
    )
    if not len(wanted):
        return
    spread = wanted.std()
    within(f"{what}: spread", found.std(), spread, 4 * spread / np.sqrt(len(wanted)))
    both = np.concatenate([found, wanted])
    shares = [np.searchsorted(x, both, side="right") / len(x) for x in (found, wanted)]
    distance = np.abs(shares[0] - shares[1]).max()
    within(f"{what}: quantiles", distance, 0, KS * np.sqrt(2 / len(wanted)))
    # The bounds of a uniform distribution are met; those of a normal one are not.
    reach = 20 / len(wanted) if np.abs(wanted).max() < 2.5 * spread else 0.3
    for name, place in (("min", 0), ("max", -1)):
        width = wanted[-1] - wanted[0]
        within(f"{what}: {name}", found[place], wanted[place], reach * width)
