"""The strides that PyTorch's results have: declared by each operation."""

from collections.abc import Callable

import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F
from funcnet.compat import nn
from funcnet.compat._core.strides import ResultStrides, contiguous
from funcnet.compat._ops.registry import OPERATIONS, elementwise, recorded
from funcnet.compat._tensor.memory_order import strides_of
from funcnet.compat._tensor.tensor import Tensor


def images(*shape: int) -> Tensor:
    """Images with their channels last in memory."""
    dims = (0, len(shape) - 1, *range(1, len(shape) - 1))
    return torch.zeros(shape[0], *shape[2:], shape[1]).permute(dims)


def keeps_channels_last(y: Tensor) -> bool:
    value = y._value()
    stride = strides_of(value) or contiguous(value.spec.shape).stride
    return stride[1] == 1


X, X3 = images(2, 4, 6, 6), images(2, 4, 6, 6, 6)

# As PyTorch 2.13 gives them on CPUs.
CHANNELS_LAST: dict[str, Callable[[], Tensor]] = {
    "exp": lambda: X.exp(),
    "add": lambda: X + X,
    "complex": lambda: torch.complex(X, X),
    "bessel_j0": lambda: torch.special.bessel_j0(X),
    "where": lambda: torch.where(X > 0, X, 1.0),
    "relu": lambda: F.relu(X),
    "glu": lambda: F.glu(X, 1),
    "prelu": lambda: F.prelu(X, torch.ones(4)),
    "dropout": lambda: F.dropout(X),
    "normalize": lambda: F.normalize(X),
    "rms_norm": lambda: F.rms_norm(X, (6,)),
    "group_norm": lambda: F.group_norm(X, 2),
    "local_response_norm": lambda: F.local_response_norm(X, 2),
    "conv2d": lambda: F.conv2d(X, torch.ones(3, 4, 2, 2)),
    "conv_transpose2d": lambda: F.conv_transpose2d(X, torch.ones(4, 3, 2, 2)),
    "avg_pool2d": lambda: F.avg_pool2d(X, 2),
    "lp_pool2d": lambda: F.lp_pool2d(X, 2, 2),
    "max_pool3d": lambda: F.max_pool3d(X3, 2),
    "adaptive_max_pool2d": lambda: F.adaptive_max_pool2d(X, 2),
    "pad": lambda: F.pad(X, (1, 1)),
    "interpolate": lambda: F.interpolate(X, scale_factor=2),
    "pixel_unshuffle": lambda: F.pixel_unshuffle(X, 2),
    "channel_shuffle": lambda: F.channel_shuffle(X, 2),
    "nn.ReLU": lambda: nn.ReLU()(X),
    "nn.GroupNorm": lambda: nn.GroupNorm(2, 4)(X),
    "nn.BatchNorm2d": lambda: nn.BatchNorm2d(4)(X),
    "nn.ConvTranspose2d": lambda: nn.ConvTranspose2d(4, 3, 2)(X),
    "nn.Sequential": lambda: nn.Sequential(nn.Conv2d(4, 3, 2), nn.ReLU())(X),
}
CONTIGUOUS: dict[str, Callable[[], Tensor]] = {
    "softmax": lambda: F.softmax(X, 1),
    "cumsum": lambda: X.cumsum(1),
    "layer_norm": lambda: F.layer_norm(X, (6,)),
    "instance_norm": lambda: F.instance_norm(X),
    "vector_norm": lambda: torch.linalg.vector_norm(X, dim=3, keepdim=True),
    "fractional_max_pool2d": lambda: F.fractional_max_pool2d(X, 2, output_size=3),
    "grid_sample": lambda: F.grid_sample(
        X, torch.zeros(2, 5, 5, 2), align_corners=False
    ),
    "avg_pool3d": lambda: F.avg_pool3d(X3, 2),
    "adaptive_avg_pool3d": lambda: F.adaptive_avg_pool3d(X3, 2),
    "nn.InstanceNorm2d": lambda: nn.InstanceNorm2d(4)(X),
    "nn.CircularPad2d": lambda: nn.CircularPad2d(1)(X),
}


@pytest.mark.parametrize("name", CHANNELS_LAST)
def test_channels_stay_last(name: str) -> None:
    assert keeps_channels_last(CHANNELS_LAST[name]())


@pytest.mark.parametrize("name", CONTIGUOUS)
def test_results_are_contiguous(name: str) -> None:
    assert not keeps_channels_last(CONTIGUOUS[name]())


def test_strides_are_declared_and_do_not_depend_on_the_file() -> None:
    # The same formula in a file of reductions, and in one of elementwise operations.
    for module in ("reduce.reduction", "elementwise.arithmetic"):

        def formula(input: Tensor) -> Tensor:
            return input * 2

        formula.__module__ = f"funcnet.compat._ops.{module}"
        plain = recorded("plain")(formula)
        declared = recorded("declared", strides=ResultStrides.ELEMENTWISE)(formula)
        assert not keeps_channels_last(plain(X))
        assert keeps_channels_last(declared(X))


def test_operations_on_each_element_say_so() -> None:
    assert elementwise.keywords == {"strides": ResultStrides.ELEMENTWISE}
    for name in ("add", "abs", "clamp", "lerp", "nn.functional.silu"):
        assert OPERATIONS[name].strides is ResultStrides.ELEMENTWISE, name


def test_recurrent_layers_lay_the_batch_second() -> None:
    output, _ = nn.LSTM(3, 4, batch_first=True)(torch.zeros(2, 5, 3))
    assert strides_of(output._value()) == (4, 8, 1)


def test_views_of_another_type_are_followed() -> None:
    """Numbers taken in pairs, with dimensions exchanged before or afterwards."""
    x = torch.ones(2, 3, 2, 2, requires_grad=True)
    pairs = (x * 2).transpose(0, 1)
    y = torch.view_as_complex(pairs)
    assert strides_of((y * 1j)._value()) == (2, 6, 1)
    assert strides_of(torch.view_as_real(y)._value()) == (4, 12, 2, 1)
    noise = torch.zeros(3, 2, 2, 2)
    torch.view_as_complex(noise).transpose(0, 1).real.normal_()
    assert noise[..., 0].abs().sum() > 0
    assert noise[..., 1].abs().sum() == 0
