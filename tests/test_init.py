"""Initial values: shapes, bounds and moments."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, init, nn

CALLS = {
    "constant": ((3, 4), (0.5,)),
    "dirac": ((4, 4, 3), ()),
    "eye": ((3, 4), ()),
    "kaiming_normal": ((3, 4), ()),
    "kaiming_uniform": ((3, 4), ()),
    "normal": ((3,), ()),
    "ones": ((), ()),
    "orthogonal": ((3, 4), ()),
    "sparse": ((3, 4), (0.5,)),
    "trunc_normal": ((3,), ()),
    "uniform": ((3,), ()),
    "xavier_normal": ((3, 4), ()),
    "xavier_uniform": ((3, 4), ()),
    "zeros": ((0, 2), ()),
}


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("name", CALLS)
def test_every_initialiser_makes_the_shape_and_dtype(
    key, name: str, dtype: str
) -> None:
    shape, args = CALLS[name]
    x = getattr(init, name)(key, shape, *args, dtype=dtype)
    assert x.shape == shape
    assert x.dtype == dtype


@pytest.mark.parametrize("name", CALLS)
def test_every_initialiser_serves_a_parameter(key, name: str) -> None:
    shape, args = CALLS[name]
    extra = {"constant": "val", "sparse": "sparsity"}.get(name)
    options = {extra: args[0]} if extra else {}

    class Net(nn.Model):
        def __init__(self) -> None:
            self.table = nn.Parameter(shape, getattr(init, name), **options)

    assert Net().init(key)[0]["table"].shape == shape


@pytest.mark.parametrize(
    ("draw", "std"),
    [
        (lambda key: init.uniform(key, (60, 80), -1.0, 2.0), 3 / math.sqrt(12)),
        (lambda key: init.normal(key, (60, 80), 1.0, 0.2), 0.2),
        (lambda key: init.trunc_normal(key, (60, 80)), 0.8796),
        (lambda key: init.xavier_uniform(key, (40, 60, 2), 2.0), 2 / math.sqrt(100)),
        (lambda key: init.xavier_normal(key, (40, 60, 2)), 1 / math.sqrt(100)),
        (lambda key: init.kaiming_uniform(key, (60, 80), 5**0.5), 80**-0.5 / 3**0.5),
        (
            lambda key: init.kaiming_normal(key, (60, 8, 10), 0, "fan_out", "relu"),
            math.sqrt(2 / 600),
        ),
        (lambda key: init.orthogonal(key, (60, 80), 3.0), 3 / math.sqrt(80)),
    ],
)
def test_standard_deviation_is_that_of_the_formula(key, draw, std: float) -> None:
    assert float(jnp.std(draw(key))) == pytest.approx(std, rel=0.05)


def test_truncated_normal_stays_in_bounds_far_from_its_mean(key) -> None:
    x = init.trunc_normal(key, (1000,), mean=3.0, std=0.5, a=-2.0, b=2.0)
    assert float(x.max()) <= 2.0
    assert float(x.mean()) > 1.5


@pytest.mark.parametrize("shape", [(3, 8), (8, 3), (3, 4, 2)])
def test_orthogonal_has_orthonormal_rows_or_columns(key, shape) -> None:
    q = init.orthogonal(key, shape).reshape(shape[0], -1)
    gram = q @ q.T if q.shape[0] <= q.shape[1] else q.T @ q
    np.testing.assert_allclose(gram, np.eye(len(gram)), atol=1e-5)


def test_sparse_zeroes_a_fraction_of_each_column(key) -> None:
    x = init.sparse(key, (10, 50), 0.25)
    assert (np.asarray(x == 0).sum(0) == 3).all()
    assert len({tuple(column) for column in np.asarray(x == 0).T}) > 10


def test_dirac_passes_channels_on_in_each_group(key) -> None:
    kernel = init.dirac(key, (4, 2, 3), groups=2)
    x = jnp.arange(20.0).reshape(1, 4, 5)
    y = jax.lax.conv_general_dilated(x, kernel, (1,), "SAME", feature_group_count=2)
    np.testing.assert_array_equal(x, y)


def test_gains_are_those_of_pytorch() -> None:
    assert init.calculate_gain("tanh") == 5 / 3
    assert init.calculate_gain("leaky_relu", 0.2) == math.sqrt(2 / 1.04)
    assert init.calculate_gain("conv_transpose2d") == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda k: init.xavier_normal(k, (3,)),
            "Fan in and fan out can not be computed",
        ),
        (lambda k: init.kaiming_uniform(k, (3,)), r"fewer than 2 dimensions.*\(3,\)"),
        (lambda k: init.kaiming_normal(k, (3, 4), mode="fan"), "mode is 'fan'"),
        (lambda k: init.kaiming_normal(k, (3, 4), nonlinearity="gelu"), "gelu.*relu"),
        (lambda k: init.calculate_gain("leaky_relu", "a"), "not a valid number"),
        (lambda k: init.orthogonal(k, (3,)), "2 or more dimensions"),
        (lambda k: init.eye(k, (3, 3, 3)), "2 dimensions"),
        (lambda k: init.sparse(k, (3,), 0.5), "2 dimensions"),
        (lambda k: init.dirac(k, (3, 3)), "3, 4, or 5 dimensions"),
        (lambda k: init.dirac(k, (3, 3, 3), 2), "divisible by groups"),
        (lambda k: init.trunc_normal(k, (3,), a=1.0, b=0.0), "a below b"),
    ],
)
def test_bad_arguments_are_named(key, call, words: str) -> None:
    with pytest.raises(InputError, match=words):
        call(key)
