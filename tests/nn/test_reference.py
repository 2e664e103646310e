"""Every layer computes what PyTorch's does, as frozen in tests/reference."""

import pytest

from funcnet import nn
from tests.nn.every_layer import EXAMPLES
from tests.reference import vectors
from tests.reference.cases import Case, check

CASES = {
    name: case
    for name, case in vectors.read().items()
    if isinstance(case, Case) and case.layer
}


@pytest.mark.parametrize("name", CASES)
def test_names_values_gradients_and_state_are_those_of_pytorch(name: str) -> None:
    check(CASES[name])


def test_no_layer_is_missing_here() -> None:
    tried = {case.layer.name for case in CASES.values()}
    assert set(EXAMPLES) - {"Sequential", "Frozen"} <= tried & set(nn.__all__)
