"""Values of Python's own classes that files hold, made of checked arguments only."""

import argparse
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from funcnet.checkpoint.pth._errors import DamagedError, RefusedError


class Known(NamedTuple):
    """A name of the table: what calling it gives, and a new object of it, if any."""

    name: str
    call: Callable[..., Any] | None = None
    new: Callable[..., Any] | None = None


def check_key(key: Any) -> Any:
    """A key that a dict of a file may have: quick to hash, with few of equal hash."""
    cls = type(key)
    if cls is str or cls is bool or cls is float or key is None or cls is bytes:
        return key
    if cls is int and -(2**64) < key < 2**64:
        return key
    if cls is tuple and len(key) <= 4 and not any(type(k) is tuple for k in key):
        return tuple(check_key(part) for part in key)
    raise RefusedError(
        f"a dict has a key of type {cls.__name__}. Keys are strings, numbers and "
        "short tuples of them; numbers have at most 64 bits."
    )


def _ordered_dict(*pairs: Any) -> OrderedDict[Any, Any]:
    _need(not pairs or (len(pairs) == 1 and type(pairs[0]) is list), "OrderedDict", 0)
    result: OrderedDict[Any, Any] = OrderedDict()
    for pair in pairs[0] if pairs else ():  # Python 2 gives a list of pairs
        _need(type(pair) in (list, tuple) and len(pair) == 2, "OrderedDict", pair)
        result[check_key(pair[0])] = pair[1]
    return result


def _set(items: Any) -> set[Any]:
    _need(type(items) is list, "set", items)
    return {check_key(item) for item in items}


def _counter(counts: Any) -> Counter[Any]:
    _need(type(counts) is dict, "Counter", counts)
    _need(all(type(n) is int for n in counts.values()), "Counter", counts)
    return Counter(counts)


def _complex(real: Any, imag: Any) -> complex:
    _need(type(real) is float and type(imag) is float, "complex", (real, imag))
    return complex(real, imag)


def _bytes(text: Any, encoding: Any) -> bytes:
    _need(type(text) is str and encoding == "latin1", "_codecs.encode", encoding)
    return text.encode("latin1")


def _need(fits: bool, name: str, given: Any) -> None:
    if not fits:
        raise RefusedError(f"{name} is called with {_shown(given)} in the file.")


def _shown(value: Any) -> str:
    text = ascii(value) if isinstance(value, str | int) else type(value).__name__
    return text if len(text) < 60 else text[:60] + "..."


def build_namespace(target: argparse.Namespace, state: Any) -> None:
    """Give the arguments of a script, which some checkpoints hold, their values."""
    if type(state) is not dict or not all(type(name) is str for name in state):
        raise DamagedError("an argparse.Namespace has fields without names.")
    vars(target).update(state)


TABLE: Final[dict[str, Known]] = {
    known.name: known
    for known in [
        Known("collections.OrderedDict", _ordered_dict),
        Known("collections.Counter", _counter),
        Known("builtins.set", _set),
        Known("builtins.complex", _complex),
        Known("_codecs.encode", _bytes),
        Known("argparse.Namespace", new=argparse.Namespace),
    ]
}
"""The functions of Python's own that a file may name, each one of ours."""
