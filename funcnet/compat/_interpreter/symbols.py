"""Symbols in place of sizes, and the conditions under which a trace with them holds.

JAX traces a function with symbolic sizes (`jax.export.symbolic_shape`). Where a
function compares two of them and JAX cannot tell, `==` is answered with False and `<`
raises. So while a function is traced here, the comparisons are noted: as conditions
that sizes must meet for the trace to be the one that they would have got themselves.

What no comparison shows is not noted: a formula must not look a size up in a dictionary
or set, nor ask for its type to compare only what is an `int`.
"""

import contextlib
import gc
import math
import operator
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias

import jax
import numpy as np

from funcnet.compat._interpreter.rules.table import Jaxpr

LEAST: Final = 2
"""The least size that a symbol stands for: 0 and 1 have meanings of their own."""

_YOUNG: Final = 1
"""The generations of Python's collector that hold what was made just now."""

_SCOPE: Final = {
    "__builtins__": {},
    "floordiv": operator.floordiv,
    "mod": operator.mod,
    "max": max,
    "min": min,
}
"""The functions in the text of a symbolic size."""

_ORDERINGS: Final = {"__ge__": ">=", "__gt__": ">", "__le__": "<=", "__lt__": "<"}


Size: TypeAlias = Any
"""An integer, or an expression of symbols."""


def is_symbolic(size: object) -> bool:
    """Whether a size is an expression of symbols."""
    return type(size) is not int and hasattr(size, "dimension_as_value")


class Symbols:
    """Symbols for sizes, with an example of each.

    Attributes:
        sizes: the symbols, as JAX's symbolic sizes.
        example: a number for each of them.
        conditions: the texts of those noted so far.
    """

    def __init__(self, example: Sequence[int]) -> None:
        self.example = tuple(example)
        self._names = [f"s{index}" for index in range(len(example))]
        conditions = [f"{one} >= {LEAST}" for one in self._names]
        self._scope = scope = jax.export.SymbolicScope(conditions)
        names = ", ".join(self._names)
        self.sizes = tuple(jax.export.symbolic_shape(names, scope=scope))
        self.conditions: dict[str, None] = {}
        self._values: dict[str, int] = {}

    def function(self, sizes: Sequence[Size]) -> Callable[..., Any]:
        """The function from numbers for the symbols to numbers for these sizes."""
        return self._compiled(_text(tuple(sizes)))  # type: ignore[no-any-return]

    def holds(self) -> Callable[..., bool]:
        """The function that says whether numbers meet all conditions noted so far."""
        return self._compiled(" and ".join(self.conditions) or "True")  # type: ignore[no-any-return]

    @contextlib.contextmanager
    def noted(self) -> Iterator[None]:
        """Note the comparisons of this thread; the example answers what JAX cannot."""
        try:
            with _lock, _patched(type(self.sizes[0]), self):
                yield
        finally:
            # Where JAX meets a symbol it keeps an error, and with it all frames up to
            # the script's, in a cycle. Their local variables would live on.
            gc.collect(_YOUNG)

    def note_reshapes(self, jaxpr: Jaxpr) -> None:
        """Note that shapes have equal numbers of elements: JAX does not look."""
        for equation in jaxpr.eqns:
            if equation.primitive.name == "reshape":
                shapes = equation.invars[0].aval.shape, equation.outvars[0].aval.shape
                before, after = map(math.prod, shapes)
                if before is not after and is_symbolic(before - after):
                    self._note(before, "==", after, True)
            for inner in _jaxprs_in(equation.params.values()):
                self.note_reshapes(inner)

    def _compiled(self, text: str) -> Any:
        return eval(f"lambda {', '.join(self._names)}: {text}", _SCOPE)

    def _note(self, x: Size, comparison: str, y: Size, answer: bool) -> None:
        if not answer:
            comparison = _OPPOSITE[comparison]
        self.conditions[f"{_text(x)} {comparison} {_text(y)}"] = None

    def _answer(self, x: Size, comparison: str, y: Size) -> bool:
        text = f"{_text(x)} {comparison} {_text(y)}"
        answer = bool(self._compiled(text)(*self.example))
        self._note(x, comparison, y, answer)
        return answer


_OPPOSITE: Final = {"==": "!=", "!=": "==", ">=": "<", "<": ">=", "<=": ">", ">": "<="}


def _text(size: Size) -> str:
    """A size, or a tuple of sizes, as an expression of Python."""
    if isinstance(size, tuple):
        return f"({''.join([f'{_text(one)}, ' for one in size])})"
    if is_symbolic(size):
        return f"({str(size).replace('^', '**')})"
    return repr(size if isinstance(size, float) else operator.index(size))


def _jaxprs_in(settings: Iterable[object]) -> Iterator[Any]:
    for setting in settings:
        if hasattr(setting, "eqns"):
            yield setting
        elif isinstance(setting, tuple | list):
            yield from _jaxprs_in(setting)


_lock: Final = threading.RLock()


@contextlib.contextmanager
def _patched(cls: type[Any], symbols: Symbols) -> Iterator[None]:
    """Let the comparisons of a class note themselves, in this thread."""
    originals: dict[str, Any] = {
        name: getattr(cls, name) for name in ("__eq__", *_ORDERINGS)
    }
    thread = threading.get_ident()
    equal = originals["__eq__"]

    def is_ours(x: Size) -> bool:
        # JAX's caches compare symbols of other traces, too.
        return x.scope is symbols._scope and threading.get_ident() == thread

    def __eq__(x: Size, y: Size) -> bool:  # noqa: N807
        answer = equal(x, y)
        known = isinstance(y, int | np.integer) or (type(y) is cls and is_ours(y))
        if not answer and known and is_ours(x):
            symbols._note(x, "==", y, False)
        return answer

    def noting(name: str) -> Callable[[Size, Size], bool]:
        original, comparison = originals[name], _ORDERINGS[name]

        def compare(x: Size, y: Size) -> bool:
            try:
                return original(x, y)
            except Exception:
                if not is_ours(x):
                    raise
                return symbols._answer(x, comparison, y)

        return compare

    def __bool__(x: Size) -> bool:  # noqa: N807
        return not is_ours(x) or symbols._answer(x, "!=", 0)

    try:
        cls.__eq__ = __eq__  # type: ignore[method-assign, assignment]
        cls.__bool__ = __bool__  # type: ignore[attr-defined]
        for name in _ORDERINGS:
            setattr(cls, name, noting(name))
        yield
    finally:
        for name, original in originals.items():
            setattr(cls, name, original)
        del cls.__bool__  # type: ignore[attr-defined]
