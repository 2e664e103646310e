"""Help where learners stumble: the right name for a wrong one, old spellings."""

import difflib
import warnings
from collections.abc import Iterable

_told: set[str] = set()
warn_always = False


def old_spelling(old: str, new: str) -> None:
    """Warn, once, that a spelling of an earlier PyTorch is used."""
    if warn_always or old not in _told:
        _told.add(old)
        warnings.warn(
            f"{old} is an old spelling; write {new}", DeprecationWarning, stacklevel=3
        )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the name that was probably meant, or nothing."""
    public = [one for one in known if name[:1] == "_" or one[:1] != "_"]
    near = difflib.get_close_matches(name, public, 1, 0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def tell_once(note: str) -> None:
    """Warn, once, of something that is good to know."""
    if warn_always or note not in _told:
        _told.add(note)
        warnings.warn(note, UserWarning, stacklevel=3)
