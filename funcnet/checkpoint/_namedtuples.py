"""Classes of the named tuples that a file speaks of; nothing in it names an import."""

import importlib
import sys
from collections import namedtuple
from typing import Any

from funcnet.checkpoint._errors import CheckpointError

_OURS = {"optax": "optax", "funcnet": "funcnet.optim"}
_MOST = 1000  # classes that files may make us build in one process

_classes: dict[tuple[str, tuple[str, ...]], type | None] = {}


def find(name: str, fields: tuple[str, ...]) -> type[Any] | None:
    """The class of a named tuple with these fields; None if there can be none.

    States of optax and funcnet get their own classes, if these still have the fields.
    For other names a class of that name and these fields is made, which holds data
    alone; a template (`like=`) brings the user's.
    """
    module, _, short = name.rpartition(".")
    package = _OURS.get(module.partition(".")[0])
    if package is not None:
        importlib.import_module(package)  # one of the two above
        known = getattr(sys.modules.get(module), short, None)
        if _fits(known, fields):
            return known
    if (short, fields) not in _classes:
        if len(_classes) >= _MOST:
            raise CheckpointError(
                f"more than {_MOST} kinds of named tuples were read. Pass like= with a "
                "tree of the wanted classes."
            )
        _classes[short, fields] = _make(short, fields)
    return _classes[short, fields]


def _fits(known: Any, fields: tuple[str, ...]) -> bool:
    return (
        isinstance(known, type)
        and issubclass(known, tuple)
        and getattr(known, "_fields", None) == fields
    )


def _make(short: str, fields: tuple[str, ...]) -> type | None:
    try:
        return namedtuple(short, fields)
    except ValueError:  # no identifiers: it was no named tuple
        return None
