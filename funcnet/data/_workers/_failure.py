"""Exceptions of a worker, sent to the main process and raised there."""

import pickle
import traceback

import cloudpickle


class Failure:
    """An exception of a worker, with its traceback, for the main process to raise.

    `taken` is how many samples the batch took that could not be made.
    """

    def __init__(self, error: BaseException, worker_name: str, taken: int) -> None:
        self.worker_name, self.taken = worker_name, taken
        self.trace = "".join(traceback.format_exception(error))
        self.name = type(error).__name__
        try:
            self.error_class = cloudpickle.dumps(type(error))
        except Exception:  # a class that cannot travel
            self.error_class = pickle.dumps(RuntimeError)

    def raise_again(self) -> None:
        """Raise an exception of the same class, if a message is all that it takes."""
        text = _Text(
            f"Caught {self.name} in {self.worker_name}.\nOriginal {self.trace}"
        )
        try:
            again = pickle.loads(self.error_class)(text)
            if not isinstance(again, Exception) or text not in str(again):
                raise TypeError("neither SystemExit nor a class that hides the text")
        except Exception:
            again = RuntimeError(text)
        raise again from None


class _Text(str):
    """A message with many lines that KeyError, too, shows as they are."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)
