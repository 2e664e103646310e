"""What iterating over a loader gives: the batches of one epoch."""

import sys
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from funcnet._errors import InputError
from funcnet.data._fetch import Recipe, StreamFetcher
from funcnet.data._workers._pool import Batches


class Counts(Protocol):
    """Wants to know how many samples an epoch has given out."""

    def _count(self, epoch: "Epoch", samples: int) -> None: ...


class LocalBatches:
    """Batches made in this process."""

    def __init__(self, recipe: Recipe, requests: Iterator[Any]) -> None:
        self._requests = requests
        self.fetch = recipe.fetcher()

    def __next__(self) -> tuple[Any, int]:
        return self.fetch(next(self._requests))

    @property
    def taken(self) -> int:
        """How many samples the last batch took, whether it could be made."""
        return self.fetch.taken

    def go_to(self, position: int, state: dict[str, Any]) -> int:
        """Begin a stream after so many samples; return after how many it begins."""
        assert isinstance(self.fetch, StreamFetcher)
        return self.fetch.go_to(position, state)

    def state(self) -> dict[str, Any]:
        """Where a stream stands, if it can tell."""
        return self.fetch.state() if isinstance(self.fetch, StreamFetcher) else {}


class Epoch(Iterator[Any]):
    """An iterator over the batches of one epoch, which tells the loader of each."""

    def __init__(
        self,
        loader: Counts,
        batches: LocalBatches | Batches,
        finish: Callable[[Any], Any] | None,
        keep_workers: bool,
    ) -> None:
        self._loader, self._batches, self._finish = loader, batches, finish
        self._keep_workers = keep_workers

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
            # One batch failed. Whoever catches that may go on with the next one.
            if self._batches.taken:
                self._loader._count(self, self._batches.taken)
            raise
        except BaseException:  # Ctrl-C: the messages may be torn
            self._close(now=True)
            raise
        # Counted before it is given out: the caller may save in the loop's body.
        self._loader._count(self, count)
        return batch if self._finish is None else self._finish(batch)

    def go_to(self, position: int, state: dict[str, Any]) -> None:
        """Go on after so many samples of a stream."""
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
        if not ending():  # when the interpreter ends, so do the workers
            self._close()
