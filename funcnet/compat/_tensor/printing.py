"""How tensors are printed: as PyTorch prints them, character by character."""

import math
import textwrap
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from funcnet._homes import home_of
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.context import thread
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import Logical, outside_of


@dataclass(frozen=True)
class Options:
    """What `set_printoptions` sets.

    Attributes:
        precision: digits after the point.
        threshold: with more elements than this only the edges are shown.
        edgeitems: how many at each edge.
        linewidth: characters of a line.
        sci_mode: scientific notation always, never, or (None) where it is needed.
    """

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


PROFILES: Final = {
    "default": Options(),
    "short": Options(precision=2, edgeitems=2),
    "full": Options(threshold=math.inf),
}
_options = Options()


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Set how tensors are printed, as `torch.set_printoptions`."""
    global _options
    start = _options if profile is None else PROFILES[profile]
    given = {
        "precision": precision,
        "threshold": threshold,
        "edgeitems": edgeitems,
        "linewidth": linewidth,
    }
    chosen: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
    _options = replace(start, **chosen, sci_mode=sci_mode)


def get_printoptions() -> dict[str, Any]:
    """How tensors are printed now."""
    return dict(vars(_options))


class _Real:
    """Writes real numbers, all in the width and the notation that the widest needs."""

    def __init__(self, shown: np.ndarray) -> None:
        values = shown.astype(np.float64).reshape(-1)
        finite = values[np.isfinite(values) & (values != 0)]
        sizes = np.abs(finite)
        self.whole = bool(np.all(finite == np.ceil(finite)))
        self.scientific = False
        self.width = 1
        if not finite.size:
            return
        low, high = sizes.min(), sizes.max()
        tiny = not self.whole and low < 1e-4
        self.scientific = bool(high / low > 1000 or high > 1e8 or tiny)
        if _options.sci_mode is not None:
            self.scientific = _options.sci_mode
        self.width = max(len(self(x)) for x in finite.tolist())

    def __call__(self, x: float) -> str:
        if self.scientific:
            text = f"{x:.{_options.precision}e}"
        elif self.whole:
            text = f"{x:.0f}" + "." * math.isfinite(x)
        else:
            text = f"{x:.{_options.precision}f}"
        return text.rjust(self.width)


class _Exact:
    """Writes integers and booleans."""

    def __init__(self, shown: np.ndarray) -> None:
        self.width = max(len(str(x)) for x in shown.reshape(-1).tolist())

    def __call__(self, x: int) -> str:
        return str(x).rjust(self.width)


class _Complex:
    """Writes complex numbers: both parts, each in a width of its own."""

    def __init__(self, shown: np.ndarray) -> None:
        self.real, self.imag = _Real(shown.real), _Real(shown.imag)
        self.width = self.real.width + self.imag.width + 1

    def __call__(self, x: complex) -> str:
        imag = self.imag(x.imag).lstrip() + "j"
        return self.real(x.real) + ("" if imag[0] in "+-" else "+") + imag


def _edges(array: np.ndarray) -> np.ndarray:
    """What is shown of an array that is too long to be shown whole."""
    edge = _options.edgeitems
    for dim, size in enumerate(array.shape):
        if size > 2 * edge:
            ends = [*range(edge), *range(size - edge, size)]
            array = np.take(array, ends, axis=dim)
    return array


def _rows(array: np.ndarray, write: Any, indent: int, short: bool) -> str:
    if not array.ndim:
        return write(array.item())
    edge = _options.edgeitems
    cut = short and len(array) > 2 * edge
    first = array[:edge] if cut else array
    last = array[len(array) - edge :] if cut else array[:0]
    dots = [" ..." if array.ndim == 1 else "..."] if cut else []
    inside = " " * (indent + 1)
    if array.ndim > 1:
        parts = [
            [_rows(row, write, indent + 1, short) for row in rows]
            for rows in (first, last)
        ]
        between = "," + "\n" * (array.ndim - 1) + inside
        return "[" + between.join(parts[0] + dots + parts[1]) + "]"
    texts = [[write(x.item()) for x in part] for part in (first, last)]
    words = texts[0] + dots + texts[1]
    room = max(1, (_options.linewidth - indent) // (write.width + 2))
    lines = [", ".join(words[i : i + room]) for i in range(0, len(words), room)]
    return "[" + f",\n{inside}".join(lines) + "]"


def format_values(x: Tensor, indent: int = 0) -> str:
    """The numbers of a tensor, in brackets."""
    array = np.asarray(x._array())
    if not array.size:
        return "[]"
    dtype = x.dtype
    if dtype.is_floating_point and dtype.itemsize < 4:
        array = array.astype(np.float32)
    short = array.size > _options.threshold
    shown = _edges(array) if short else array
    if short and not _options.edgeitems:
        return "[...]"
    writer = (
        _Complex if dtype.is_complex else _Real if dtype.is_floating_point else _Exact
    )
    return _rows(array, writer(shown), indent, short)


def text(x: Tensor) -> str:
    """A tensor as `print` shows it."""
    if thread.context.levels and type(x._value()) is Logical:
        return _inside_level(x._value())
    # A parameter says in front of this what it is.
    plain = type(x) is Tensor or home_of(type(x)).startswith("funcnet.compat.")
    prefix = "tensor(" if plain else f"{type(x).__name__}("
    formatted = "..." if x.is_meta else format_values(x, len(prefix))
    shown = with_notes(prefix + formatted, _notes(x), len(prefix))
    return f"Parameter({shown})" if x._is_param else shown


def _inside_level(value: Any) -> str:
    """What a function sees that is transformed, with what it stands for."""
    level = value.level
    if not level.open:
        return text(value.tensor)
    with outside_of(level):
        inside = textwrap.indent(text(value.tensor), " " * 4)
        number = len(thread.context.levels) + 1
    name = "BatchedTensor" if level.maps else "GradTrackingTensor"
    more = ", bdim=0" if level.maps else ""
    return f"{name}(lvl={number}{more}, value=\n{inside}\n)"


def _notes(x: Tensor) -> list[str]:
    """What is not as usual with a tensor."""
    notes = []
    usual = _dtypes.get_default_dtype()
    if x.device.type != "cpu":
        notes.append(f"device='{x.device}'")
    empty = not x.shape.numel()
    if x.is_meta or (x.ndim != 1 if empty else not _options.edgeitems):
        notes.append(f"size={tuple(x.shape)}")
    known = (
        {usual}
        if empty or x.is_meta
        else {usual, usual.to_complex(), _dtypes.int64, _dtypes.bool_}
    )
    if x.dtype not in known:
        notes.append(f"dtype={x.dtype}")
    if x._grad_fn is not None:
        notes.append(f"grad_fn=<{x._grad_fn.name()}>")
    elif x.requires_grad:
        notes.append("requires_grad=True")
    return notes


def with_notes(shown: str, notes: list[str], indent: int, below: bool = False) -> str:
    """What is shown of a tensor, with notes behind it, or in lines below it."""
    used = len(shown) - shown.rfind("\n") + 1
    for note in notes:
        if below or used + len(note) + 2 > _options.linewidth:
            shown += ",\n" + " " * indent + note
            used, below = indent + len(note), False
        else:
            shown += ", " + note
            used += len(note) + 2
    return shown + ")"
