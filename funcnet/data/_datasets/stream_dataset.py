"""Streams: what a function begins, read in order; where a stream stands."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Stream(Generic[T_co]):
    """What a function gives in order, such as a generator function, as a dataset.

    In a `DataLoader` with `n` workers a stream is shared out: each worker makes every
    `n`-th batch, and the order is that of no workers. All of them read all of it, so
    workers pay where the work is in `collate_fn`.

    Args:
        begin: called for each epoch; returns the samples.

    Example:
        >>> def numbers():
        ...     for n in range(3):
        ...         yield n
        >>> stream = Stream(numbers)
        >>> list(stream), list(stream)
        ([0, 1, 2], [0, 1, 2])
    """

    def __init__(self, begin: Callable[[], Iterable[T_co]]) -> None:
        self.begin = begin

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.begin())


def stream_state(dataset: Any, samples: Iterator[Any]) -> dict[str, Any]:
    """Return the state of an iterator of a dataset; empty if it has none.

    Iterators of Grain have `get_state`, datasets of Hugging Face `state_dict`.
    """
    if hasattr(samples, "get_state") and hasattr(samples, "set_state"):
        return {"iterator": samples.get_state()}
    if hasattr(dataset, "state_dict") and hasattr(dataset, "load_state_dict"):
        return {"dataset": dataset.state_dict()}
    return {}


def resumed(
    dataset: Any, samples: Iterator[Any], state: dict[str, Any]
) -> Iterator[Any] | None:
    """Return an iterator that resumes from `stream_state`, if there is one."""
    if "iterator" in state and hasattr(samples, "set_state"):
        samples.set_state(state["iterator"])
        return samples
    if "dataset" in state and hasattr(dataset, "load_state_dict"):
        dataset.load_state_dict(state["dataset"])
        return iter(dataset)
    return None
