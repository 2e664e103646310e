"""Initial values of compat: bounds, errors, old names."""

import math

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat.nn import init


def weight(*shape: int) -> torch.Tensor:
    return torch.zeros(*shape, requires_grad=True)


def test_a_fill_returns_the_leaf_it_filled() -> None:
    w = weight(3, 4)
    assert init.xavier_uniform_(w) is w
    assert w.requires_grad
    assert w.is_leaf
    assert np.abs(w.detach().numpy()).max() <= math.sqrt(6 / 7)


def test_kaiming_looks_at_the_fan_that_is_asked_for() -> None:
    w = weight(8, 2, 3, 3)
    init.kaiming_uniform_(w, mode="fan_out", nonlinearity="relu")
    bound = math.sqrt(6 / (8 * 9))
    assert 0.8 * bound < np.abs(w.detach().numpy()).max() <= bound


def test_orthogonal_rows_are_orthonormal() -> None:
    q = init.orthogonal_(weight(3, 5), gain=2.0).detach().numpy()
    np.testing.assert_allclose(q @ q.T, 4 * np.eye(3), atol=1e-5)


def test_trunc_normal_stays_inside() -> None:
    for a, b in ((-1.0, 1.0), (2.0, 3.0)):
        x = init.trunc_normal_(weight(500), a=a, b=b).detach().numpy()
        assert a <= x.min()
        assert x.max() <= b


def test_sparse_columns_have_their_zeros() -> None:
    x = init.sparse_(weight(10, 4), 0.25).detach().numpy()
    assert ((x == 0).sum(0) == 3).all()


def test_dirac_passes_its_input_on() -> None:
    x = init.dirac_(weight(4, 2, 3), groups=2).detach().numpy()
    assert x.sum() == 4
    assert x[0, 0, 1] == x[3, 1, 1] == 1


ERRORS = {
    "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions": (
        lambda: init.xavier_uniform_(weight(3))
    ),
    "Only tensors with 2 or more dimensions": lambda: init.orthogonal_(weight(3)),
    "Only tensors with 2 dimensions": lambda: init.eye_(weight(3)),
    "Only tensors with 3, 4, or 5 dimensions": lambda: init.dirac_(weight(3)),
    "dim 0 must be divisible": lambda: init.dirac_(weight(3, 2, 1), groups=2),
    "Mode x not supported": lambda: init.kaiming_normal_(weight(2, 2), mode="x"),
    "Unsupported nonlinearity x": lambda: init.calculate_gain("x"),
}


@pytest.mark.parametrize("message", ERRORS)
def test_errors_are_those_of_pytorch(message: str) -> None:
    with pytest.raises(ValueError, match="^" + message):
        ERRORS[message]()


def test_old_names_work_and_warn() -> None:
    w = weight(2, 2)
    with pytest.warns(FutureWarning, match="in favor of `nn.init.constant_`"):
        assert init.constant(w, 0.1) is w
    with pytest.warns(FutureWarning, match="in favor of `nn.init.xavier_uniform_`"):
        init.xavier_uniform(w.data)


def test_an_empty_weight_stays_as_it_is() -> None:
    with pytest.warns(UserWarning, match="zero-element tensors is a no-op"):
        init.kaiming_normal_(weight(0, 3))
