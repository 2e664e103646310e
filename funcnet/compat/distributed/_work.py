"""Results of asynchronous collectives."""

from datetime import timedelta
from typing import Any

from funcnet.compat.futures import Future


class Work:
    """Collective that is done."""

    def __init__(self, result: object = None) -> None:
        self._result = result

    def wait(self, timeout: timedelta | float | None = None) -> bool:
        """Return True at once."""
        return True

    def is_completed(self) -> bool:
        """Return True."""
        return True

    def is_success(self) -> bool:
        """Return True."""
        return True

    def exception(self) -> None:
        """Return None."""
        return

    def result(self) -> Any:
        """Return the resulting tensors."""
        return self._result

    def synchronize(self) -> None:
        """Do nothing: the collective is done."""

    def get_future(self) -> Future:
        """Return a future of the resulting tensors."""
        result: Future = Future()
        result.set_result(self._result)
        return result


def done(result: object, async_op: bool) -> Work | None:
    """Return the work of an asynchronous collective, else None."""
    return Work(result) if async_op else None
