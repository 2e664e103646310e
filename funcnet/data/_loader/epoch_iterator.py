"""What iterating over a loader gives: the batches of one epoch."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from funcnet._errors import InputError
from funcnet.data._loader.fetcher import BatchSpec, StreamFetcher
from funcnet.data._workers._pool import Batches


class Counts(Protocol):
    """Begins epochs, and wants to know how many samples one has given out."""

    persistent_workers: bool

    def _begin(self, epoch: "Epoch") -> "Beginning": ...
    def _count(self, epoch: "Epoch", samples: int) -> None: ...


class LocalBatches:
    """Batches made in this process."""

    def __init__(self, spec: BatchSpec, requests: Iterator[Any]) -> None:
        self._requests = requests
        self.fetch = spec.fetcher()

    def __next__(self) -> tuple[Any, int]:
        return self.fetch(next(self._requests))

    @property
    def taken(self) -> int:
        """How many samples the last batch took, whether it could be made."""
        return self.fetch.taken

    def go_to(self, position: int, state: dict[str, Any]) -> int:
        """Start a stream at a sample; return the sample at which it starts."""
        assert isinstance(self.fetch, StreamFetcher)
        return self.fetch.go_to(position, state)

    def state(self) -> dict[str, Any]:
        """Return the state of a stream; empty if it has none."""
        return self.fetch.state() if isinstance(self.fetch, StreamFetcher) else {}


@dataclass(frozen=True)
class Beginning:
    """An epoch that begins: its batches, and what is done to each of them.

    A stream resumes after `position` samples; `stream` is its state, if it has one.
    """

    batches: LocalBatches | Batches
    finish: Callable[[Any], Any] | None
    position: int
    stream: dict[str, Any]


class Epoch(Iterator[Any]):
    """An iterator over the batches of one epoch, which reports each to the loader."""

    _batches: LocalBatches | Batches

    def __init__(self, loader: Counts) -> None:
        self._loader = loader
        self._keep_workers = loader.persistent_workers
        begun = loader._begin(self)
        self._batches, self._finish = begun.batches, begun.finish
        if begun.position:
            self._go_to(begun.position, begun.stream)

    def __iter__(self) -> "Epoch":
        return self

    def __next__(self) -> Any:
        try:
            batch, count = next(self._batches)
        except StopIteration:
            self._close()
            self._loader._count(self, 0)
            raise
        except Exception:
            # One batch failed. Who catches the error may ask for the next one.
            if self._batches.taken:
                self._loader._count(self, self._batches.taken)
            raise
        except BaseException:  # Ctrl-C: the messages may be torn
            self._close(now=True)
            raise
        # Counted before it is given out: the caller may save in the loop's body.
        self._loader._count(self, count)
        return batch if self._finish is None else self._finish(batch)

    def _go_to(self, position: int, state: dict[str, Any]) -> None:
        """Resume a stream after `position` samples."""
        if isinstance(self._batches, LocalBatches):
            passed = self._batches.go_to(position, state)
        else:
            passed = 0
            while passed < position:
                passed += next(self._batches, (None, position + 1))[1]
        if passed != position:
            raise InputError(
                f"DataLoader: the state is at sample {position} of a stream, whose "
                "batches do not end there. It was saved with another dataset, "
                "batch_size or, for a stream that workers share out by "
                "themselves, num_workers."
            )

    def _close(self, *, now: bool = False) -> None:
        if isinstance(self._batches, Batches) and (now or not self._keep_workers):
            self._batches.pool.close(now=now)

    def __del__(self, ending: Callable[[], bool] = sys.is_finalizing) -> None:
        # When the interpreter ends, so do the workers; a loader may also fail to begin.
        if not ending() and hasattr(self, "_batches"):
            self._close()
