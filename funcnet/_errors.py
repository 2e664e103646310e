"""Errors that say what came, what was needed and where.

A function raises `InputError` or `InputTypeError`; the model that called it fills in
the path of the layer on the way out (`locate`), so no path is passed down. This file
imports no jax, so that data workers can use it.
"""


class LocatedError(Exception):
    """An error that knows the path of the layer it came from, once a model set it."""

    path: str = ""

    def __str__(self) -> str:
        message = super().__str__()
        return f"{self.path}: {message}" if self.path else message


class InputError(LocatedError, ValueError):
    """A value, shape or option that the function or layer cannot take."""


class InputTypeError(LocatedError, TypeError):
    """An argument of a type or dtype that the function or layer cannot take."""


def locate(error: Exception, path: str, kind: str) -> None:
    """Write the path of the innermost layer into `error`, once."""
    where = f"{path} ({kind})"
    if isinstance(error, LocatedError):
        error.path = error.path or where
    elif not getattr(error, "_funcnet_located", False):
        error.add_note(f"In layer {where}.")
        error._funcnet_located = True  # type: ignore[attr-defined]
