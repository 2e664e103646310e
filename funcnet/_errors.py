"""Errors that say what came, what was needed and where.

A function raises `InputError` or `InputTypeError`; the model that called it fills in
the path of the layer on the way out (`locate`), so no path is passed down. This file
imports no jax, so that data workers can use it.

How an error is raised: with a code and facts. The code says which mistake it was, the
facts are the numbers, shapes, dtypes and names that are in play; the words stand under
the code in `funcnet._messages`:

    raise InputError("conv.groups", name=name, groups=groups)

`funcnet.compat` catches it where it calls a function of this package, and writes the
same facts into PyTorch's words for the code (`compat/_messages/translate.py`). A
mistake that PyTorch does not know may be raised with a text instead, and no facts.
"""

from typing import Any, TypeAlias

from funcnet._messages import MESSAGES

Facts: TypeAlias = dict[str, Any]
"""What an error says, by name: numbers, shapes, dtypes and names."""


class LocatedError(Exception):
    """An error that knows the path of the layer it came from, once a model set it.

    Args:
        message: a code of `funcnet._messages` if there are facts, else the text itself.
        facts: what the template of the code is filled in with.

    Attributes:
        code: which mistake it was, such as "conv.groups"; "" for one given as a text.
        facts: the numbers, shapes, dtypes and names of this one.
    """

    path: str = ""
    code: str = ""
    facts: Facts = {}  # noqa: RUF012 - replaced, never written into

    def __init__(self, message: str = "", /, **facts: Any) -> None:
        if facts:
            self.code, self.facts = message, facts
            message = MESSAGES[message].format(**facts)
        super().__init__(message)

    def __str__(self) -> str:
        message = super().__str__()
        return f"{self.path}: {message}" if self.path else message


class InputError(LocatedError, ValueError):
    """A value, shape or option that the function or layer cannot take."""


class InputTypeError(LocatedError, TypeError):
    """An argument of a type or dtype that the function or layer cannot take."""


def locate(error: Exception, path: str, kind: str) -> None:
    """Write the path of the innermost layer into `error`, once."""
    location = f"{path} ({kind})"
    if isinstance(error, LocatedError):
        error.path = error.path or location
    elif not getattr(error, "_funcnet_located", False):
        error.add_note(f"In layer {location}.")
        error._funcnet_located = True  # type: ignore[attr-defined]
