"""Help where learners stumble: the right name for a wrong one, old spellings."""

import difflib
import warnings
from collections.abc import Iterable

_told: set[str] = set()


def old_spelling(old: str, new: str) -> None:
    """Warn, once, that a spelling of an earlier PyTorch is used."""
    if old not in _told:
        _told.add(old)
        warnings.warn(
            f"{old} is an old spelling; write {new}", DeprecationWarning, stacklevel=3
        )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the name that was probably meant, or nothing."""
    near = difflib.get_close_matches(name, list(known), 1, 0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def tell_once(note: str) -> None:
    """Warn, once, of something that is good to know."""
    if note not in _told:
        _told.add(note)
        warnings.warn(note, UserWarning, stacklevel=3)
