"""Spatial layers: their arrays, their settings, what they pass on."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, nn
from funcnet import functional as F


def run(layer: Any, *inputs: Any, seed: int = 0, **options: Any) -> Any:
    params, state = layer.init(jax.random.key(seed))
    output, after = layer.apply(params, state, *inputs, **options)
    assert after is state
    return output


def normal(*shape: int) -> jax.Array:
    return jax.random.normal(jax.random.key(0), shape)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.Conv2d(4, 6, (3, 2), groups=2), (6, 2, 3, 2)),
        (nn.ConvTranspose2d(4, 6, (3, 2), groups=2), (4, 3, 3, 2)),
    ],
)
def test_arrays_have_the_names_and_shapes_of_pytorch(
    layer: Any, shape: tuple[int, ...], key: jax.Array
) -> None:
    params, state = layer.init(key)
    assert {name: array.shape for name, array in params.items()} == {
        "weight": shape,
        "bias": (6,),
    }
    assert state == {}
    assert "bias" not in layer.replace(bias=False).init(key)[0]


@pytest.mark.parametrize(
    ("layer", "fan_in"),
    [(nn.Conv1d(8, 64, 9, groups=2), 36), (nn.ConvTranspose1d(8, 64, 9), 576)],
)
def test_draws_fill_the_range_that_the_fan_in_sets(
    layer: Any, fan_in: int, key: jax.Array
) -> None:
    for array in layer.init(key)[0].values():
        assert jnp.abs(array).max() <= fan_in**-0.5
        assert jnp.abs(array).max() > 0.9 * fan_in**-0.5


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", [(2, 1), "same", "valid"])
def test_padding_mode_pads_before_the_convolution(mode: str, padding: Any) -> None:
    x = normal(1, 2, 6, 7)
    layer = nn.Conv2d(2, 3, (5, 3), padding=padding, padding_mode=mode)
    plain = nn.Conv2d(2, 3, (5, 3))
    padded = x if padding == "valid" else F.pad(x, (1, 1, 2, 2), mode)
    np.testing.assert_allclose(run(layer, x), run(plain, padded), rtol=1e-5, atol=1e-5)


def test_the_output_size_of_a_transposed_convolution_can_be_chosen() -> None:
    layer, x = nn.ConvTranspose2d(2, 3, 3, stride=2), normal(1, 2, 4, 4)
    assert run(layer, x).shape == (1, 3, 9, 9)
    assert run(layer, x, (10, 9)).shape == (1, 3, 10, 9)
    with pytest.raises(InputError, match=r"between \(9, 9\) and \(10, 10\)"):
        run(layer, x, (11, 9))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (nn.Conv2d(1, 2, 3), nn.Conv2d(1, 2, (3, 3))),
        (nn.MaxPool2d(2), nn.MaxPool2d([2, 2])),
        (nn.ZeroPad2d(1), nn.ZeroPad2d([1, 1, 1, 1])),
    ],
)
def test_equal_settings_make_equal_layers(one: Any, other: Any) -> None:
    assert one == other
    assert hash(one) == hash(other)


def test_a_model_pools_and_unpools(key: jax.Array) -> None:
    class Net(nn.Model):
        def __init__(self) -> None:
            self.pool = nn.MaxPool2d(2, return_indices=True)
            self.unpool = nn.MaxUnpool2d(2)

        def forward(self, x: jax.Array) -> Any:
            y, indices = self.pool(x)
            return self.unpool(y, indices, output_size=x.shape)

    x = normal(1, 2, 5, 5)
    net = Net()
    y, _ = net.apply(*net.init(key), x)
    assert y.shape == x.shape
    np.testing.assert_array_equal(y[y != 0], x[y != 0])


def test_fractional_pools_draw_in_both_modes(key: jax.Array) -> None:
    layer, x = nn.FractionalMaxPool2d(2, output_size=3), normal(1, 1, 6, 6)
    assert layer.draws(train=False)
    assert run(layer, x, key=key).shape == (1, 1, 3, 3)
    with pytest.raises(InputError, match="got no key"):
        run(layer, x)


@pytest.mark.parametrize(
    ("words", "make"),
    [
        ("groups=2", lambda: nn.Conv2d(3, 4, 3, groups=2)),
        ("padding_mode is 'wrap'", lambda: nn.Conv2d(3, 4, 3, padding_mode="wrap")),
        ("needs stride 1", lambda: nn.Conv2d(3, 4, 3, stride=2, padding="same")),
        ("kernel_size is 0", lambda: nn.Conv2d(3, 4, 0)),
        ("2 of them", lambda: nn.MaxPool2d((1, 2, 3))),
        ("one number or 4", lambda: nn.ReflectionPad2d((1, 2))),
        ("one of output_size and output_ratio", lambda: nn.FractionalMaxPool2d(2)),
    ],
)
def test_bad_settings_are_refused_when_the_layer_is_made(words: str, make: Any) -> None:
    with pytest.raises(InputError, match=words):
        make()


def test_a_wrong_channel_count_names_the_layer(key: jax.Array) -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(8, 4, 3))
    with pytest.raises(InputError, match=r"1 \(Conv2d\): .*4 channels"):
        net.apply(*net.init(key), normal(1, 3, 8, 8))


def test_constants_pad_any_shape() -> None:
    # As in PyTorch, where the pads with other elements look at the rank.
    padded, _ = nn.ZeroPad2d(1).apply({}, {}, jnp.ones((2, 4)))
    assert padded.shape == (4, 6)
