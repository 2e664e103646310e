"""The bytes of what is not an array."""

from typing import Any

import msgpack

from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint.msgpack._layout import COMPLEX


def pack(value: Any, name: str) -> bytes:
    """The bytes of a number, a string, bytes or None.

    Raises:
        CheckpointError: `value`, the leaf `name`, is nothing that the format can hold.
    """
    if isinstance(value, complex):
        pair = msgpack.packb((value.real, value.imag))
        return bytes(msgpack.packb(msgpack.ExtType(COMPLEX, pair)))
    # The exact types: a bool enum or a str subclass would come back as another thing.
    if value is not None and type(value) not in (bool, int, float, str, bytes, dict):
        cls = type(value)
        raise CheckpointError(
            f"{name} is a {cls.__module__}.{cls.__qualname__}, which no checkpoint "
            "can hold. Save arrays, numbers, strings, None and pytrees of these."
        )
    try:
        return bytes(msgpack.packb(value))
    except (OverflowError, ValueError, UnicodeError) as error:
        raise CheckpointError(
            f"{name} cannot be saved: {error}. Numbers have at most 64 bits; make "
            "larger ones strings."
        ) from error
