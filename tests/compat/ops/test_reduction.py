"""Reductions: which form is meant, ties, named tuples, errors."""

import math

import numpy as np
import pytest

from funcnet import compat as torch


def values(x: torch.Tensor) -> list[object]:
    return x.detach().numpy().tolist()


X = torch.tensor([[1.0, 3.0, 3.0], [4.0, 0.0, 4.0]])


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (lambda x: x.sum(), 15.0),
        (lambda x: x.sum(1), [7.0, 8.0]),
        (lambda x: x.sum((0, 1)), 15.0),
        (lambda x: x.sum(dim=-1, keepdim=True), [[7.0], [8.0]]),
        (lambda x: torch.sum(x, axis=0), [5.0, 3.0, 7.0]),
        (lambda x: x.mean(0), [2.5, 1.5, 3.5]),
        (lambda x: x.max(), 4.0),
        (lambda x: x.max(1)[1], [1, 0]),
        (lambda x: torch.max(x, 0).values, [4.0, 3.0, 4.0]),
        (lambda x: torch.max(x, torch.tensor(2.0)), [[2.0, 3.0, 3.0], [4.0, 2.0, 4.0]]),
        (lambda x: x.argmax(), 3),
        (lambda x: x.argmax(1), [1, 0]),
        (lambda x: x.var(1, False), [8 / 9, 32 / 9]),
        (lambda x: x.std(False), 1.5),
        (lambda x: x.median(), 3.0),
        (lambda x: (x > 3).any(), True),
        (lambda x: (x > 3).sum(), 2),
        (lambda x: x.norm(), math.sqrt(51)),
        (lambda x: x.norm(1, dim=1), [7.0, 8.0]),
    ],
)
def test_forms_of_reductions(run, expected) -> None:
    np.testing.assert_allclose(run(X).numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("run", "gradient"),
    [
        (lambda x: x.max(), [[0, 0, 0], [0.5, 0, 0.5]]),
        (lambda x: x.max(1).values.sum(), [[0, 1, 0], [1, 0, 0]]),
        (lambda x: x.amax(1).sum(), [[0, 0.5, 0.5], [0.5, 0, 0.5]]),
        (lambda x: x.median(), [[0, 0.5, 0.5], [0, 0, 0]]),
    ],
)
def test_equal_elements_share_the_gradient_or_the_first_gets_it(run, gradient) -> None:
    x = X.clone().requires_grad_()
    run(x).backward()
    assert values(x.grad) == gradient


@pytest.mark.parametrize(
    ("run", "error", "text"),
    [
        (lambda: torch.ones(2).sum(1), IndexError, "Dimension out of range"),
        (lambda: torch.tensor([1]).mean(), RuntimeError, "Got: Long"),
        (lambda: torch.ones(0).max(), RuntimeError, r"max\(\): Expected reduction dim"),
        (lambda: torch.tensor([1]).std(), RuntimeError, "only support floating point"),
        (lambda: torch.ones(0).argmax(), IndexError, r"for input.numel\(\) == 0\.$"),
        (
            lambda: torch.ones(0, 2).amax(0),
            IndexError,
            "reduction dim 0 to have non-ze",
        ),
        (
            lambda: torch.ones(2, 0).median(1),
            IndexError,
            r"median\(\): Expected reducti",
        ),
        (lambda: torch.ones(0).quantile(0.5), RuntimeError, "must be non-empty"),
        (
            lambda: torch.ones(0).mode(),
            IndexError,
            r"mode\(\): Expected reduction dim 0",
        ),
        (lambda: torch.ones(2).sum((0, 0)), RuntimeError, "appears multiple times"),
    ],
)
def test_mistakes_are_answered_in_pytorch_words(run, error, text) -> None:
    with pytest.raises(error, match=text):
        run()


def test_named_tuples_have_names_and_pytorchs_repr() -> None:
    result = X.max(dim=1)
    top, places = result
    assert result.values is top
    assert result.indices is places
    assert isinstance(result, tuple)
    assert repr(result).startswith("torch.return_types.max(\nvalues=tensor([")


def test_sums_of_integers_are_long() -> None:
    assert torch.tensor([True, True]).sum().dtype is torch.int64
    assert torch.tensor([1], dtype=torch.int32).cumsum(0).dtype is torch.int64
    assert torch.tensor([200], dtype=torch.uint8).sum().item() == 200


def test_standard_deviation_of_equal_elements_has_gradient_zero() -> None:
    x = torch.ones(3, requires_grad=True)
    x.std().backward()
    assert values(x.grad) == [0.0, 0.0, 0.0]


def test_running_extremum_points_to_the_last_of_equal_ones() -> None:
    result = torch.tensor([2.0, 1.0, 2.0, 0.0]).cummax(0)
    assert values(result.indices) == [0, 0, 2, 2]


@pytest.mark.parametrize(
    "name", ["sum", "prod", "amax", "amin", "argmax", "mean", "logsumexp", "var"]
)
def test_a_number_has_a_masked_reduction_along_dimension_0(name: str) -> None:
    reduce = getattr(torch.masked, name)
    x = torch.tensor(2.0)
    found = [reduce(x, dim).tolist() for dim in (0, -1)]
    assert found == pytest.approx([reduce(x).tolist()] * 2, nan_ok=True)
