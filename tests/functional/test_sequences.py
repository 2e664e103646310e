"""Sequences of unequal lengths in one array."""

import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError
from funcnet import functional as F


def test_padding_and_unpadding_are_inverse() -> None:
    sequences = [jnp.ones((2, 3)), jnp.full((4, 3), 2.0), jnp.ones((1, 3))]
    for batch_first in (False, True):
        padded = F.pad_sequence(sequences, batch_first, padding_value=9.0)
        assert padded.shape == ((3, 4, 3) if batch_first else (4, 3, 3))
        assert (padded == 9).sum() == 3 * (2 + 0 + 3)
        back = F.unpad_sequence(padded, [2, 4, 1], batch_first)
        for one, other in zip(sequences, back, strict=True):
            np.testing.assert_array_equal(one, other)


def test_padding_on_the_left() -> None:
    padded = F.pad_sequence([jnp.ones(1), jnp.ones(2)], True, padding_side="left")
    assert padded.tolist() == [[0, 1], [1, 1]]


def test_sequences_that_differ_in_more_than_length_raise() -> None:
    with pytest.raises(InputError, match="differ in their first dimension only"):
        F.pad_sequence([jnp.ones((2, 3)), jnp.ones((2, 4))])


def test_lengths_that_do_not_fit_raise() -> None:
    with pytest.raises(InputError, match="there must be 2, from 0 to 3"):
        F.unpad_sequence(jnp.ones((3, 2)), [4, 1])
