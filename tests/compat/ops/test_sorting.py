"""Sorting, searching and counting: order of ties and NaNs, sharing, errors."""

import math

import pytest

from funcnet import compat as torch


def values(x: torch.Tensor) -> list[object]:
    return x.detach().numpy().tolist()


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (lambda x: x.sort().indices, [1, 3, 0, 2]),
        (lambda x: x.sort(descending=True).indices, [0, 2, 1, 3]),
        (lambda x: x.argsort(), [1, 3, 0, 2]),
        (lambda x: x.topk(2).values, [2.0, 2.0]),
        (lambda x: x.topk(2, largest=False).indices, [1, 3]),
        (lambda x: x.kthvalue(3).values, 2.0),
        (lambda x: x.unique(), [1.0, 2.0]),
        (lambda x: torch.unique(x, return_counts=True)[1], [2, 2]),
        (lambda x: torch.unique_consecutive(x), [2.0, 1.0, 2.0, 1.0]),
        (lambda x: x.quantile(0.5), 1.5),
        (lambda x: torch.quantile(x, torch.tensor([0.0, 1.0])), [1.0, 2.0]),
        (lambda x: torch.bincount(x.long()), [0, 2, 2]),
        (lambda x: torch.histc(x, 2), [2.0, 2.0]),
        (lambda x: torch.isin(x, torch.tensor([1.0])), [False, True, False, True]),
        (lambda x: torch.bucketize(x, torch.tensor([1.0, 1.5])), [2, 0, 2, 0]),
        (lambda x: torch.searchsorted(torch.tensor([1.0, 2.0]), 1.5), 1),
    ],
)
def test_equal_elements_stay_in_order(run, expected) -> None:
    assert values(run(torch.tensor([2.0, 1.0, 2.0, 1.0]))) == expected


def test_not_a_number_is_the_greatest() -> None:
    x = torch.tensor([math.nan, 1.0, 2.0])
    assert values(x.argsort()) == [1, 2, 0]
    assert x.argmax().item() == 0
    assert math.isnan(x.median().item())
    assert x.nanmedian().item() == 1.0


def test_sorted_values_carry_the_gradient_to_their_places() -> None:
    x = torch.tensor([3.0, 1.0, 2.0], requires_grad=True)
    result = torch.sort(x)
    (result.values * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
    assert values(x.grad) == [3.0, 1.0, 2.0]
    assert not result.indices.requires_grad


@pytest.mark.parametrize(
    ("run", "text"),
    [
        (lambda: torch.ones(2).topk(3), "selected index k out of range"),
        (lambda: torch.ones(2).kthvalue(3), "selected number k out of range"),
        (lambda: torch.bincount(torch.tensor([-1])), "1-d non-negative"),
        (lambda: torch.ones(1).quantile(0.5, interpolation="up"), "must be one of"),
    ],
)
def test_mistakes_are_answered_in_pytorch_words(run, text) -> None:
    with pytest.raises(RuntimeError, match=text):
        run()


def test_histogram_gives_counts_and_edges() -> None:
    result = torch.histogram(torch.tensor([1.0, 2.0, 1.0]), bins=4, range=(0.0, 3.0))
    assert values(result.hist) == [0.0, 2.0, 1.0, 0.0]
    assert values(result.bin_edges) == pytest.approx([0.0, 0.75, 1.5, 2.25, 3.0])
