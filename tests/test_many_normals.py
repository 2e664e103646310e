"""Many normal numbers are made by a compiled program, with the same bits."""

import os

import numpy as np
import pytest

from funcnet import _random
from funcnet._random import _compiled, _distributions, _engine


@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (0.0, 0.02), (-3.0, 7.5)])
@pytest.mark.parametrize("count", [_compiled.BLOCK, _compiled.BLOCK + 48])
def test_the_program_makes_the_bits_of_numpy(
    mean: float, std: float, count: int
) -> None:
    compiled = _compiled.normals(_distributions._numpy_blocks)
    assert compiled is not None
    drawn = _engine.Engine(5).floats(count)
    drawn[:4] = 0, 2.0**-24, 1 - 2.0**-24, 0.5
    ours = compiled(drawn, mean, std)
    theirs = _distributions._numpy_blocks(drawn, mean, std)
    np.testing.assert_array_equal(ours.view(np.uint32), theirs.view(np.uint32))


def test_a_program_with_other_bits_is_not_used() -> None:
    assert _compiled.normals(lambda drawn, mean, std: drawn) is None


def test_it_is_compiled_after_many_and_never_after_a_fork(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_distributions, "_MANY", 3 * _compiled.BLOCK)
    many = _distributions._Many()
    drawn = _engine.Engine(5).floats(_compiled.BLOCK)
    for _ in range(2):
        many.blocks(drawn, 0.0, 1.0)
    assert many.compiled is None
    many.blocks(drawn, 0.0, 1.0)
    assert many.compiled is not None
    if not hasattr(os, "fork"):
        return
    again = _distributions._Many()
    again.drawn = 10 * _compiled.BLOCK
    again.note_fork()
    again.blocks(drawn, 0.0, 1.0)
    assert again.compiled is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_draws_do_not_depend_on_how_they_are_cut(dtype: type) -> None:
    whole, cut = _engine.Engine(3), _engine.Engine(3)
    drawn = _random.uniform(whole, 100_000, np.dtype(dtype), -0.5, 0.25)
    parts = [
        _random.uniform(cut, n, np.dtype(dtype), -0.5, 0.25) for n in (40_000, 60_000)
    ]
    np.testing.assert_array_equal(drawn, np.concatenate(parts))
