"""What asynchronous collectives return."""

from datetime import timedelta
from typing import Any

from funcnet.compat.futures import Future


class Work:
    """A collective that is done."""

    def __init__(self, result: object = None) -> None:
        self._result = result

    def wait(self, timeout: timedelta | float | None = None) -> bool:
        """Return at once."""
        return True

    def is_completed(self) -> bool:
        """Yes."""
        return True

    def is_success(self) -> bool:
        """Yes."""
        return True

    def exception(self) -> None:
        """None."""
        return

    def result(self) -> Any:
        """The tensors."""
        return self._result

    def synchronize(self) -> None:
        """Nothing to wait for."""

    def get_future(self) -> Future:
        """A future that has the tensors."""
        result: Future = Future()
        result.set_result(self._result)
        return result


def done(result: object, async_op: bool) -> Work | None:
    """What a collective returns."""
    return Work(result) if async_op else None
