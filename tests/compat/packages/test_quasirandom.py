"""Points of `torch.quasirandom.SobolEngine` are PyTorch's, scrambled ones too."""

import pytest

import funcnet.compat as torch
from funcnet.compat.quasirandom import SobolEngine

# What PyTorch 2.13 draws with scramble=True, seed=1 in three dimensions.
SCRAMBLED = [
    [0.26772546768188477, 0.36175453662872314, 0.7123444080352783],
    [0.8839982151985168, 0.6186883449554443, 0.17581278085708618],
    [0.5052739977836609, 0.14422215521335602, 0.9889400601387024],
    [0.15474997460842133, 0.8987133502960205, 0.4002237319946289],
]


def test_scrambled_points_are_those_of_pytorch() -> None:
    assert SobolEngine(3, scramble=True, seed=1).draw(4).tolist() == SCRAMBLED


def test_the_default_generator_scrambles_without_a_seed() -> None:
    torch.manual_seed(1)
    assert SobolEngine(3, scramble=True).draw(4).tolist() == SCRAMBLED


def test_points_do_not_depend_on_how_they_are_asked_for() -> None:
    engine = SobolEngine(5, scramble=True, seed=3)
    whole = engine.draw(16)
    engine.reset()
    parts = [engine.draw(1), engine.draw(6), engine.draw_base2(0), engine.draw(8)]
    assert torch.equal(torch.cat(parts), whole)
    for skipped in (1, 2, 7, 13):
        rest = engine.reset().fast_forward(skipped).draw(3)
        assert torch.equal(rest, whole[skipped : skipped + 3])
        assert engine.num_generated == skipped + 3


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="Supported range of dimensionality"):
        SobolEngine(0)
    engine = SobolEngine(1)
    engine.draw(3)
    with pytest.raises(ValueError, match="to be a power of 2"):
        engine.draw_base2(1)
