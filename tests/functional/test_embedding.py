"""Embeddings, bags of them, and one-hot rows."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError
from funcnet import functional as F

TABLE = jnp.arange(12.0).reshape(4, 3)
INDICES = jnp.array([1, 1, 2, 3])


def row_gradients(**options: Any) -> list[float]:
    """How much gradient each row of the table gets from looking `INDICES` up."""
    gradient = jax.grad(lambda w: F.embedding(INDICES, w, **options).sum())(TABLE)
    return gradient[:, 0].tolist()


def test_gradients_add_up_over_the_lookups_of_a_row() -> None:
    assert row_gradients() == [0, 2, 1, 1]


@pytest.mark.parametrize("padding", [1, -3])
def test_the_padding_row_gets_no_gradient(padding: int) -> None:
    assert row_gradients(padding_idx=padding) == [0, 0, 1, 1]


def test_gradients_can_be_divided_by_the_frequency() -> None:
    assert row_gradients(scale_grad_by_freq=True) == [0, 1, 1, 1]


def test_max_norm_shrinks_what_is_looked_up_but_not_its_gradient() -> None:
    rows = F.embedding(INDICES, TABLE, max_norm=1.0)
    np.testing.assert_allclose(jnp.linalg.norm(rows, axis=-1), np.ones(4), rtol=1e-5)
    assert row_gradients(max_norm=1.0) == [0, 2, 1, 1]


@pytest.mark.parametrize(("index", "named"), [([0, 4], 4), ([-1, 4, 9], 9), ([-7], -7)])
def test_an_index_out_of_range_is_named(index: list[int], named: int) -> None:
    with pytest.raises(InputError, match=f"index {named}; there are 4 rows.*0 to 3"):
        F.embedding(jnp.array(index), TABLE)


def test_an_index_out_of_range_gives_nan_in_a_trace() -> None:
    index = jnp.array([0, 4, -1])
    rows = jax.jit(F.embedding)(index, TABLE)
    assert jnp.isnan(rows).all(1).tolist() == [False, True, True]
    bags = jax.jit(F.embedding_bag, static_argnames="mode")
    for mode in ("sum", "mean", "max"):
        y = bags(index, TABLE, jnp.array([0, 1]), mode=mode)
        assert jnp.isnan(y).all(1).tolist() == [False, True]


def test_one_hot() -> None:
    assert F.one_hot(jnp.array([[1], [0]])).tolist() == [[[0, 1]], [[1, 0]]]
    assert F.one_hot(jnp.array([1], jnp.uint8), 300).shape == (1, 300)
    with pytest.raises(InputError, match="index 3"):
        F.one_hot(jnp.array([3]), 3)
    with pytest.raises(InputError, match="num_classes=10"):
        jax.jit(F.one_hot)(jnp.array([3]))
    unknown = jax.jit(F.one_hot, static_argnums=1)(jnp.array([3]), 3)
    assert (unknown == jnp.iinfo(unknown.dtype).min).all()


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("sum", [[6, 8, 10], [0, 0, 0], [15, 17, 19]]),
        ("mean", [[3, 4, 5], [0, 0, 0], [7.5, 8.5, 9.5]]),
        ("max", [[3, 4, 5], [0, 0, 0], [9, 10, 11]]),
    ],
)
def test_bags_are_reduced_and_an_empty_one_is_zeros(
    mode: str, wanted: list[list[float]]
) -> None:
    offsets = jnp.array([0, 2, 2])
    y = F.embedding_bag(INDICES, TABLE, offsets, mode=mode)
    np.testing.assert_allclose(y, wanted)
    last = jnp.array([0, 2, 2, 4])
    same = F.embedding_bag(INDICES, TABLE, last, mode=mode, include_last_offset=True)
    np.testing.assert_array_equal(y, same)


def test_rows_of_a_matrix_are_bags_and_padding_is_left_out() -> None:
    bags = jnp.array([[0, 1], [2, 2]])
    y = F.embedding_bag(bags, TABLE, padding_idx=0)
    np.testing.assert_allclose(y, TABLE[jnp.array([1, 2])])


def test_the_first_of_equal_maxima_gets_the_gradient() -> None:
    table = jnp.ones((3, 1))
    bag = jnp.array([[2, 0, 1]])
    gradient = jax.grad(lambda w: F.embedding_bag(bag, w, mode="max").sum())(table)
    assert gradient.ravel().tolist() == [0, 0, 1]


BAGS = INDICES.reshape(2, 2)
REFUSED: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
    ((INDICES, TABLE), {}, "needs offsets"),
    ((BAGS, TABLE, jnp.array([0])), {}, "one-dimensional"),
    ((INDICES, TABLE, jnp.array([1])), {}, "begin with 0"),
    ((INDICES, TABLE, jnp.array([0, 5])), {}, "stay up to 4"),
    ((BAGS, TABLE), {"mode": "median"}, "'median'"),
    ((BAGS, TABLE), {"mode": "max", "scale_grad_by_freq": True}, "scale_grad"),
    ((BAGS, TABLE), {"per_sample_weights": jnp.ones((2, 2))}, "mode='sum'"),
    ((BAGS, TABLE), {"mode": "sum", "per_sample_weights": jnp.ones(4)}, r"\(2, 2\)"),
    ((BAGS, TABLE), {"padding_idx": 4}, "padding_idx is 4"),
]


@pytest.mark.parametrize(("args", "options", "message"), REFUSED)
def test_bags_that_do_not_fit_are_refused(
    args: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        F.embedding_bag(*args, **options)


def test_indices_must_be_integers() -> None:
    with pytest.raises(InputTypeError, match=r"float32.*astype\(jnp.int32\)"):
        F.embedding(jnp.ones(2), TABLE)
