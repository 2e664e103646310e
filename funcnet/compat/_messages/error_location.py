"""Where an error happened: the user's line, and the path of the module."""

import linecache
import sys
from pathlib import Path
from typing import Any

import jax

_OURS = (str(Path(__file__).parents[1]), str(Path(jax.__file__).parent))


def tell_where(error: Exception, module: Any = None) -> None:
    """Note on an error of ours the user's line, and the module it came through.

    Called again by each module further out, it completes the module's path.
    """
    result = error.__dict__.get("_where")
    if result is None:
        line = _users_line(error)
        if line is None:
            return
        result = error.__dict__["_where"] = _Where(line, len(_notes(error)))
        error.add_note(str(result))
    if module is not None:
        result.modules.insert(0, module)
        error.__notes__[result.place] = str(result)


def _notes(error: Exception) -> list[str]:
    return getattr(error, "__notes__", [])


class _Where:
    """A line, the modules around it, outermost first, and the place of the note."""

    def __init__(self, line: str, place: int) -> None:
        self.line = line
        self.place = place
        self.modules: list[Any] = []

    def __str__(self) -> str:
        if not self.modules:
            return f"In {self.line}"
        inner = self.modules[-1]
        shown = inner._get_name() if inner._modules else repr(inner)
        pairs = zip(self.modules, self.modules[1:], strict=False)
        path = ".".join(_name(outer, child) for outer, child in pairs)
        if path:
            shown = f"{path} of {self.modules[0]._get_name()}: {shown}"
        return f"In {shown}\n{self.line}"


def _name(outer: Any, child: Any) -> str:
    """What a module is called by the one that called it."""
    for name, module in outer.named_modules():
        if module is child:
            return str(name)
    return str(child._get_name())


def _users_line(error: Exception) -> str | None:
    """The line outside this package that led to an error inside of it."""
    frames = []
    frame = sys._getframe(1)
    while frame is not None:
        frames.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back  # type: ignore[assignment]
    frames.reverse()
    trace = error.__traceback__
    while trace is not None:
        frames.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    if not frames[-1][0].startswith(_OURS):
        return None  # the user's own error
    for file, line in reversed(frames):
        if not file.startswith(_OURS):
            text = linecache.getline(file, line).strip()
            return f"{Path(file).name}, line {line}: {text}"
    return None
