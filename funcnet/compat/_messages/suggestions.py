"""Help where learners stumble: the right name for a wrong one, old spellings."""

import difflib
import re
import sys
import traceback
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Final

PACKAGE: Final = str(Path(__file__).parents[1])
_NOT_A_USERS: Final = (
    PACKAGE,
    str(Path(__file__).parents[2] / "torch_alias"),
    "<frozen importlib",
)
_OURS: Final = (str(Path(__file__).parents[2]), "<frozen ")
_UNEXPECTED: Final = re.compile(r"unexpected keyword argument '(\w+)'$")
_told: set[str] = set()
warn_always = False


def old_spelling(old: str, new: str) -> None:
    """Warn, once, that a spelling of an earlier PyTorch is used."""
    if warn_always or old not in _told:
        _told.add(old)
        warnings.warn(
            f"{old} is an old spelling; write {new}",
            DeprecationWarning,
            stacklevel=outside(),
        )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the name that was probably meant, or nothing."""
    if name[:2] == "__":  # Python asks for these; nobody misspells them
        return ""
    public = [one for one in known if name[:1] == "_" or one[:1] != "_"]
    near = difflib.get_close_matches(name, public, 1, 0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


def explain_keyword(error: TypeError, known: Iterable[str]) -> None:
    """Add to an error of a wrong keyword which one was probably meant."""
    result = _UNEXPECTED.search(str(error))
    if result is not None:
        error.args = (f"{error}.{did_you_mean(result[1], known)}",)


def outside() -> int:
    """The `stacklevel` for a warning of the first frame that is not this package's."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        level, frame = level + 1, frame.f_back
    return level


def users_frames() -> str:
    """The calls that led here, without this package's, as a traceback shows them."""
    frames = traceback.extract_stack(sys._getframe(1))
    theirs = [one for one in frames if not one.filename.startswith(_OURS)]
    return "".join(traceback.format_list(theirs))


def users_line() -> str:
    """The file and line of the first frame that is not this package's."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_filename.startswith(_NOT_A_USERS):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def tell_once(note: str) -> None:
    """Warn, once, of something that is good to know."""
    if warn_always or note not in _told:
        _told.add(note)
        warnings.warn(note, UserWarning, stacklevel=outside())
