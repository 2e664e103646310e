"""Convolutions: every formulation against the definition, derivatives, refusals."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F
from tests.functional.derivatives import check_modes


def normal(*shape: int, seed: int = 0) -> jax.Array:
    return jax.random.normal(jax.random.key(seed), shape)


def conv2d_by_definition(
    x: Any, w: Any, stride: int, padding: int, dilation: int, groups: int
) -> np.ndarray:
    """Loop over output pixels in float64."""
    x = np.pad(np.asarray(x, float), [(0, 0)] * 2 + [(padding, padding)] * 2)
    w = np.asarray(w, float)
    out_channels, group_channels, height, width = w.shape
    rows, columns = (
        (n - dilation * (k - 1) - 1) // stride + 1
        for n, k in zip(x.shape[2:], (height, width), strict=True)
    )
    y = np.zeros((len(x), out_channels, rows, columns))
    for o in range(out_channels):
        first = o // (out_channels // groups) * group_channels
        for i in range(rows):
            for j in range(columns):
                window = x[
                    :,
                    first : first + group_channels,
                    i * stride :: dilation,
                    j * stride :: dilation,
                ][:, :, :height, :width]
                y[:, o, i, j] = (window * w[o]).sum((1, 2, 3))
    return y


@pytest.mark.parametrize(
    ("kernel", "stride", "padding", "dilation", "groups"),
    [
        ((3, 3), 1, 1, 1, 1),
        ((3, 2), 2, 0, 2, 1),
        ((1, 1), 2, 0, 1, 1),
        ((1, 1), 1, 1, 1, 1),
        ((2, 3), 2, 1, 2, 4),  # depthwise
        ((3, 3), 2, 1, 1, 2),
    ],
)
def test_conv2d_is_the_definition(
    kernel: tuple[int, int], stride: int, padding: int, dilation: int, groups: int
) -> None:
    x, w = normal(2, 4, 7, 6), normal(8, 4 // groups, *kernel, seed=1)
    settings = (stride, padding, dilation, groups)
    y = jax.jit(lambda x, w: F.conv2d(x, w, None, *settings))(x, w)
    expected = conv2d_by_definition(x, w, *settings)
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("kernel", [2, 3])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
def test_conv_transpose_is_the_transpose_of_conv(
    kernel: int, stride: int, dilation: int
) -> None:
    w, y = normal(4, 3, kernel, seed=1), normal(2, 4, 3, seed=2)
    settings: dict[str, Any] = {"stride": stride, "dilation": dilation, "padding": 1}
    x = jax.jit(lambda y: F.conv_transpose1d(y, w, **settings))(y)
    back = jax.linear_transpose(lambda x: F.conv1d(x, w, **settings), x)
    np.testing.assert_allclose(x, jax.jit(back)(y)[0], rtol=1e-5, atol=1e-5)


def test_output_padding_adds_at_the_far_side() -> None:
    x, w = normal(1, 2, 3), normal(2, 1, 2, seed=1)
    short = F.conv_transpose1d(x, w, stride=3, padding=1)
    long = F.conv_transpose1d(x, w, stride=3, padding=1, output_padding=2)
    assert long.shape[-1] == short.shape[-1] + 2
    np.testing.assert_allclose(long[..., :-2], short, rtol=1e-6)


def test_same_padding_keeps_the_size_and_pads_more_on_the_right() -> None:
    y = F.conv1d(jnp.ones((1, 1, 4)), jnp.ones((1, 1, 4)), padding="same")
    assert y.tolist() == [[[3.0, 4.0, 3.0, 2.0]]]


@pytest.mark.parametrize(
    ("function", "weight"),
    [(F.conv2d, (5, 3, 2, 2)), (F.conv_transpose2d, (3, 5, 2, 2))],
)
def test_the_batch_is_optional(function: Any, weight: tuple[int, ...]) -> None:
    x, w, b = normal(1, 3, 4, 4), normal(*weight, seed=1), normal(5, seed=2)
    np.testing.assert_allclose(function(x[0], w, b), function(x, w, b)[0], rtol=1e-6)


def test_an_empty_batch_gives_an_empty_batch() -> None:
    y = F.conv2d(jnp.zeros((0, 3, 5, 5)), jnp.ones((2, 3, 3, 3)))
    assert y.shape == (0, 2, 3, 3)


@pytest.mark.parametrize(
    ("shape", "weight", "settings"),
    [
        ((2, 2, 5, 4), (3, 2, 3, 2), {"stride": 2, "padding": 1}),
        ((1, 2, 4, 4), (2, 1, 2, 2), {"groups": 2}),
        ((1, 2, 3, 3), (2, 2, 3, 3), {"padding": 2}),  # more outputs than inputs
    ],
)
def test_forward_and_reverse_mode_agree_in_two_derivatives(
    shape: Any, weight: Any, settings: Any
) -> None:
    arrays = (normal(*shape), normal(*weight, seed=1))
    check_modes(lambda x, w: F.conv2d(x, w, **settings), *arrays)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize("groups", [1, 4])
def test_half_precision_stays_and_adds_up_in_single(dtype: str, groups: int) -> None:
    x, w = normal(1, 4, 6, 6), normal(4, 4 // groups, 3, 3, seed=1)
    x, w = x.astype(dtype), w.astype(dtype)
    y = F.conv2d(x, w, groups=groups)
    assert y.dtype == dtype
    exact = F.conv2d(x.astype("float32"), w.astype("float32"), groups=groups)
    np.testing.assert_allclose(y.astype("float32"), exact, rtol=1e-2, atol=1e-2)


X, W = jnp.ones((1, 4, 5, 5)), jnp.ones((2, 4, 3, 3))


@pytest.mark.parametrize(
    ("error", "words", "call"),
    [
        (InputError, "3 channels.*made for 4", lambda: F.conv2d(X[:, :3], W)),
        (InputError, "dimensions; it must have 3 or 4", lambda: F.conv2d(X[0, 0], W)),
        (InputError, "groups=4 must divide", lambda: F.conv2d(X, W[:, :1], groups=4)),
        (InputError, "smaller than", lambda: F.conv2d(X[..., :2], W)),
        (InputError, "needs stride 1", lambda: F.conv2d(X, W, None, 2, "same")),
        (InputError, "'same'", lambda: F.conv2d(X, W, padding="full")),
        (InputError, "stride is 0", lambda: F.conv2d(X, W, stride=0)),
        (InputError, "padding is -1", lambda: F.conv2d(X, W, padding=-1)),
        (InputError, "2 of them", lambda: F.conv2d(X, W, stride=(1, 1, 1))),
        (InputError, r"must be \(2,\)", lambda: F.conv2d(X, W, jnp.ones(3))),
        (InputTypeError, "int32.*astype", lambda: F.conv2d(X.astype(int), W)),
        (InputTypeError, "same dtype", lambda: F.conv2d(X, W.astype("bfloat16"))),
        (
            InputError,
            "smaller than the stride",
            lambda: F.conv_transpose2d(X, W.swapaxes(0, 1), output_padding=1),
        ),
        (InputError, "4 channels.*made for 2", lambda: F.conv_transpose2d(X, W)),
        (
            InputError,
            "less padding",
            lambda: F.conv_transpose2d(X[..., :1, :1], W.swapaxes(0, 1), padding=2),
        ),
    ],
)
def test_refusals_say_what_came_and_what_was_needed(
    error: type[Exception], words: str, call: Any
) -> None:
    with pytest.raises(error, match=f"(?s){words}"):
        call()
