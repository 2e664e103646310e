"""Contexts and iterators that packages derive from PyTorch's private classes."""

from collections.abc import Iterator

import pytest

from funcnet.compat.utils._contextlib import (
    _DecoratorContextManager,
    _NoParamDecoratorContextManager,
    context_decorator,
)
from funcnet.compat.utils.data import dataloader

entered: list[str] = []


class Context(_DecoratorContextManager):
    """Notes when it is entered and left."""

    def __enter__(self) -> None:
        entered.append("in")

    def __exit__(self, *error: object) -> None:
        entered.append("out")


class Bare(_NoParamDecoratorContextManager, Context):
    """The same, without settings."""


@pytest.mark.parametrize("decorate", [Context(), Bare(), Bare])
def test_a_context_decorates_functions_and_generators(decorate: object) -> None:
    @decorate
    def function() -> int:
        return len(entered)

    @decorate
    def generator() -> Iterator[int]:
        yield len(entered)
        yield len(entered)

    entered.clear()
    assert function() == 1
    assert entered == ["in", "out"]
    assert list(generator()) == [3, 5]
    assert len(entered) == 8


def test_a_context_that_could_be_a_factory_is_refused() -> None:
    with pytest.raises(AssertionError, match="ambiguous"):
        context_decorator(Context(), len)


class _Loader:
    """A loader of a package's own, with what PyTorch's iterators read."""

    dataset = ("a", "b", "c")
    drop_last = _auto_collation = False
    _dataset_kind = dataloader._DatasetKind.Iterable
    _index_sampler = range(9)

    @staticmethod
    def collate_fn(sample: str) -> str:
        return sample * 2


def test_a_loader_of_a_package_is_iterated() -> None:
    batches = dataloader._SingleProcessDataLoaderIter(_Loader())
    assert list(batches) == ["aa", "bb", "cc"]
    with pytest.raises(NotImplementedError, match="num_workers=0"):
        dataloader._MultiProcessingDataLoaderIter(_Loader())
