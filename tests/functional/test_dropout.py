"""The dropout family, and the statistics of its masks."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F
from funcnet.functional._random import keep_mask

FAMILY = {
    "dropout": (4, 8),
    "dropout1d": (2, 8, 3),
    "dropout2d": (2, 8, 3, 3),
    "dropout3d": (2, 8, 2, 2, 2),
    "alpha_dropout": (4, 8),
    "feature_alpha_dropout": (2, 8, 3),
}


@pytest.mark.parametrize("name", FAMILY)
def test_without_training_or_with_p_0_the_input_is_returned(name: str) -> None:
    x = jnp.ones(FAMILY[name])
    assert getattr(F, name)(x, 0.5, False) is x
    assert getattr(F, name)(x, 0.0, True) is x


@pytest.mark.parametrize("name", FAMILY)
def test_p_1_gives_zeros_without_a_key(name: str) -> None:
    assert not getattr(F, name)(jnp.ones(FAMILY[name]), 1.0, True).any()


@pytest.mark.parametrize("name", FAMILY)
def test_a_missing_key_and_a_wrong_p_are_refused(name: str, key: jax.Array) -> None:
    x = jnp.ones(FAMILY[name])
    with pytest.raises(InputError, match=f"^{name} .*key=jax.random.key"):
        getattr(F, name)(x, 0.5, True)
    with pytest.raises(InputError, match=f"{name}: p is 1.5"):
        getattr(F, name)(x, 1.5, True, key=key)
    with pytest.raises(InputTypeError, match="int32"):
        getattr(F, name)(x.astype(jnp.int32), 0.5, True, key=key)


@pytest.mark.parametrize(
    ("name", "shape", "leading"),
    [
        ("dropout1d", (4, 32, 3), 2),
        ("dropout1d", (32, 3), 1),
        ("dropout2d", (4, 32, 2, 2), 2),
        ("dropout2d", (4, 32, 2), 2),
        ("dropout3d", (32, 2, 2, 2), 1),
        ("feature_alpha_dropout", (4, 32, 3), 2),
    ],
)
def test_whole_channels_are_dropped(
    name: str, shape: tuple[int, ...], leading: int, key: jax.Array
) -> None:
    y = getattr(F, name)(jnp.ones(shape), 0.5, True, key=key)
    channels = y.reshape(*shape[:leading], -1)
    assert (channels == channels[..., :1]).all()
    assert len(set(y.ravel().tolist())) == 2


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4, 5)])
def test_a_wrong_rank_is_refused(shape: tuple[int, ...], key: jax.Array) -> None:
    with pytest.raises(InputError, match=r"dropout1d.*must have 2 or 3"):
        F.dropout1d(jnp.ones(shape), 0.5, key=key)


def test_the_gradient_is_the_scaled_mask(key: jax.Array) -> None:
    x = jnp.ones(50)
    y, pull = jax.vjp(lambda x: F.dropout(x, 0.2, key=key), x)
    np.testing.assert_array_equal(pull(x)[0], y)


def test_alpha_dropout_keeps_mean_and_variance(key: jax.Array) -> None:
    x = jax.random.normal(jax.random.key(1), (40_000,))
    y = F.alpha_dropout(x, 0.4, True, key=key)
    # Four standard deviations, of a distribution with a heavy lower end.
    assert abs(y.mean()) < 0.03
    assert abs(y.var() - 1) < 0.05


@pytest.mark.parametrize("name", FAMILY)
def test_a_mask_may_stand_in_place_of_the_key(name: str, key: jax.Array) -> None:
    x = jnp.ones(FAMILY[name])
    y = getattr(F, name)(x, 0.3, True, key=key)
    assert (getattr(F, name)(x, 0.3, True, key=y > 0) == y).all()


def test_what_is_dropped_is_multiplied_by_zero_as_in_pytorch() -> None:
    x, mask = jnp.array([1.0, jnp.inf, jnp.nan]), jnp.zeros(3, bool)
    np.testing.assert_array_equal(F.dropout(x, 0.5, key=mask), [0.0, np.nan, np.nan])


@pytest.mark.parametrize("p", [0.001, 0.3, 0.5, 0.9])
def test_masks_keep_the_share_that_was_asked_for(p: float, key: jax.Array) -> None:
    n = 1 << 20
    kept = float(keep_mask(key, p, (n,)).sum())
    assert abs(kept - n * p) < 4 * (n * p * (1 - p)) ** 0.5


def test_masks_have_no_correlation_in_space_or_between_keys(key: jax.Array) -> None:
    n = 1 << 18
    signs = [
        keep_mask(k, 0.5, (n,)).astype(np.float32) * 2 - 1
        for k in (key, jax.random.key(1), jax.random.fold_in(key, 1))
    ]
    first = signs[0]
    products = [first * other for other in signs[1:]]
    products += [first[lag:] * first[:-lag] for lag in (1, 2, 3, 32, 96, 9216)]
    # Each sum is normal with the deviation sqrt(n) if the masks are random.
    for product in products:
        assert abs(float(product.sum())) < 4.5 * n**0.5


def test_a_mask_under_vmap_is_the_mask_of_each_key() -> None:
    keys = jax.random.split(jax.random.key(3), 4)
    together = jax.vmap(lambda key: keep_mask(key, 0.5, (9,)))(keys)
    alone = jnp.stack([keep_mask(key, 0.5, (9,)) for key in keys])
    assert (together == alone).all()
