"""Padding: modes, cuts, refusals."""

import jax
import jax.numpy as jnp
import pytest

from funcnet import InputError
from funcnet import functional as F

ROW = jnp.arange(1, 5).reshape(1, 4)


@pytest.mark.parametrize(
    ("mode", "amounts", "expected"),
    [
        ("constant", (1, 2), [0, 1, 2, 3, 4, 0, 0]),
        ("constant", (-1, 1), [2, 3, 4, 0]),
        ("reflect", (3, 1), [4, 3, 2, 1, 2, 3, 4, 3]),
        ("reflect", (-1, 2), [2, 3, 4, 3, 2]),
        ("replicate", (2, 1), [1, 1, 1, 2, 3, 4, 4]),
        ("replicate", (-1, 2), [2, 3, 4, 4, 4]),
        ("circular", (4, 1), [1, 2, 3, 4, 1, 2, 3, 4, 1]),
        ("circular", (-1, 1), [2, 3, 4, 2]),
    ],
)
def test_a_row_is_padded(
    mode: str, amounts: tuple[int, int], expected: list[int]
) -> None:
    assert F.pad(ROW, amounts, mode).tolist() == [expected]


def test_amounts_begin_with_the_last_dimension() -> None:
    assert F.pad(jnp.ones((2, 3, 4)), (1, 0, 5, 2)).shape == (2, 10, 5)


def test_the_fill_may_be_traced() -> None:
    y = jax.jit(lambda value: F.pad(jnp.zeros(1), (0, 1), value=value))(3.0)
    assert y.tolist() == [0.0, 3.0]


def test_the_dtype_stays() -> None:
    x = jnp.ones((1, 2), jnp.bfloat16)
    assert F.pad(x, (1, 1), value=0.5).dtype == x.dtype


@pytest.mark.parametrize(
    ("words", "amounts", "mode"),
    [
        ("3 numbers", (1, 1, 1), "constant"),
        ("at most 4", (0, 0) * 3, "constant"),
        ("less than nothing", (-3, -2), "constant"),
        ("at most 3", (4, 0), "reflect"),
        ("at most 4", (5, 0), "circular"),
        ("needs an input of 3 or 4", (1, 1, 1, 1), "reflect"),
        ("mode is 'mirror'", (1, 1), "mirror"),
    ],
)
def test_refusals_say_what_came_and_what_was_needed(
    words: str, amounts: tuple[int, ...], mode: str
) -> None:
    with pytest.raises(InputError, match=words):
        F.pad(ROW, amounts, mode)


def test_a_value_for_a_mode_without_one_is_refused() -> None:
    with pytest.raises(InputError, match="fills with no value"):
        F.pad(ROW, (1, 1), "reflect", 2)
