"""Tracebacks of a program without the frames of what runs it."""

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Final

import funcnet

_FULL: Final = "FUNCNET_TRACEBACK"
_OURS: Final = os.fspath(Path(funcnet.__file__).parent) + os.sep
_RUNS: Final = ("<frozen runpy>", "<frozen importlib._bootstrap>")


def show(error: BaseException) -> None:
    """Print an error as Python does, with the program's own frames.

    All frames are printed where the environment has `FUNCNET_TRACEBACK=full`.
    """
    if os.environ.get(_FULL) != "full":
        _shorten(error, set())
    sys.excepthook(type(error), error, error.__traceback__)


def _shorten(error: BaseException | None, seen: set[int]) -> None:
    """Leave our frames out, and JAX's, of an error and of those that led to it."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    error.__traceback__ = _of_program(error.__traceback__)
    _shorten(error.__cause__, seen)
    _shorten(error.__context__, seen)
    for one in getattr(error, "exceptions", ()):
        _shorten(one, seen)


def _of_program(traceback: TracebackType | None) -> TracebackType | None:
    kept = []
    while traceback is not None:
        if not _is_ours(traceback.tb_frame.f_code.co_filename):
            kept.append(traceback)
        traceback = traceback.tb_next
    result = None
    for one in reversed(kept):
        result = TracebackType(result, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return result


def _is_ours(filename: str) -> bool:
    parts = filename.replace("\\", "/").split("/")
    return filename.startswith(_OURS) or filename in _RUNS or "jax" in parts
