"""Futures, as `torch.futures`."""

from collections.abc import Callable, Iterable, Sequence
from concurrent import futures as _python
from typing import Any

from funcnet.compat._core.annotations import DeviceLike


class Future:
    """Future value, as `torch.futures.Future`.

    Example:
        >>> from funcnet.compat.futures import Future
        >>> future = Future()
        >>> twice = future.then(lambda f: 2 * f.value())
        >>> future.set_result(3)
        >>> twice.wait()
        6
    """

    def __init__(self, *, devices: Sequence[DeviceLike] | None = None) -> None:
        self._inner: _python.Future[Any] = _python.Future()

    def done(self) -> bool:
        """Return whether the future is done."""
        return self._inner.done()

    def wait(self) -> Any:
        """Wait for the value; raise the exception that was set."""
        return self._inner.result()

    def value(self) -> Any:
        """Return the value of a future that is done."""
        if not self.done():
            raise RuntimeError("Future has not been completed")
        return self._inner.result()

    def set_result(self, result: object) -> None:
        """Set the value, once."""
        if self.done():
            raise RuntimeError(
                "Future can't be set completed more than once: it has a value already"
            )
        self._inner.set_result(result)

    def set_exception(self, result: BaseException) -> None:
        """Set an exception, which `wait` raises."""
        if not isinstance(result, Exception):
            raise AssertionError(
                f"{result} is of type {type(result)}, not an Exception."
            )
        self._inner.set_exception(result)

    def then(self, callback: Callable[["Future"], Any]) -> "Future":
        """Return a future of a callback's result for this one."""
        result = type(self)()

        def run(_: object) -> None:
            try:
                result.set_result(callback(self))
            except Exception as error:
                result._inner.set_exception(error)

        self._inner.add_done_callback(run)
        return result

    def add_done_callback(self, callback: Callable[["Future"], Any]) -> None:
        """Call the callback with this future when it is done."""
        self._inner.add_done_callback(lambda _: callback(self))

    def __class_getitem__(cls, item: object) -> Any:
        return cls


def collect_all(futures: Iterable[Future]) -> Future:
    """Return a future of the list of futures, done when all are."""
    waiting = list(futures)
    result = Future()
    left = [len(waiting)]

    def count(_: object) -> None:
        left[0] -= 1
        if left[0] <= 0 and not result.done():
            result.set_result(waiting)

    for one in waiting:
        one.add_done_callback(count)
    if not waiting:
        result.set_result([])
    return result


def wait_all(futures: Iterable[Future]) -> list[Any]:
    """Return the values of all futures."""
    return [one.wait() for one in futures]


__all__ = ["Future", "collect_all", "wait_all"]
