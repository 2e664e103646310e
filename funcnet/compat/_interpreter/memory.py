"""Which registers share memory, and where a result may be written."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter.fallback import ByXla
from funcnet.compat._interpreter.rules.indexing import SCATTERS
from funcnet.compat._interpreter.rules.shape import is_padded
from funcnet.compat._interpreter.rules.table import Compute, Equation

_NEW: Final = frozenset(
    [
        "clamp",
        "concatenate",
        "conv_general_dilated",
        "correlate",
        "div",
        "dot_general",
        "erf",
        "logistic",
        "rsqrt",
        *SCATTERS,
    ]
)


def _is_new(equation: Equation, compute: Compute) -> bool:
    """Whether the result of an equation is always an array of its own.

    What XLA's programs give is one, but must not be written into.
    """
    if isinstance(compute, ByXla):
        return False
    name, params = equation.primitive.name, equation.params
    if name == "convert_element_type":
        return equation.invars[0].aval.dtype != equation.outvars[0].aval.dtype
    if name == "pad":
        return is_padded(equation)
    if name == "integer_pow":
        return abs(params["y"]) > 1
    if name == "select_n":
        return len(equation.invars) > 2
    if name.startswith("reduce_") and "axes" in params:
        return bool(params["axes"])
    return isinstance(compute, np.ufunc) or name in _NEW


def writes_into_first(compute: Compute) -> bool:
    """Whether a function other than a ufunc takes `out`, which is its first input."""
    return getattr(compute, "writes_into_first", False)


class Memory:
    """The registers of a plan that are made, by the memory that they lie in.

    A value that is new has memory of its own, which views of it share. What numpy's
    functions give besides is taken for a view of all that they read.
    """

    def __init__(self) -> None:
        self._types: dict[int, Any] = {}  # of new values, and of their reshapes
        self._owner: dict[int, int] = {}  # by a value that may be its view
        self._views: dict[int, list[int]] = {}  # by the owner

    def note(
        self,
        equation: Equation,
        compute: Compute,
        sources: Sequence[int],
        targets: Sequence[int],
    ) -> None:
        """Note a step that is added."""
        if _is_new(equation, compute):
            (target,) = targets
            self._owner[target], self._views[target] = target, [target]
            aval = equation.outvars[0].aval
            if aval.shape:
                self._types[target] = aval.shape, aval.dtype
            return
        owners = {self._owner[one] for one in sources if one in self._owner}
        if len(owners) == 1:
            (owner,) = owners
            self._owner.update(dict.fromkeys(targets, owner))
            self._views[owner] += targets
            # A reshape of a view may be of elements that the view repeats.
            if equation.primitive.name == "reshape" and sources[0] in self._types:
                aval = equation.outvars[0].aval
                self._types[targets[0]] = aval.shape, aval.dtype
        else:
            for view in (one for owner in owners for one in self._views[owner]):
                self._types.pop(view, None)

    def into(
        self,
        compute: Compute,
        sources: Sequence[int],
        targets: Sequence[int],
        unused: Collection[int],
        needed: Collection[int],
    ) -> int:
        """The register that a result may be written into, or -1.

        A ufunc writes into any of its inputs, a scatter into its first.

        Args:
            unused: the registers that no later step reads.
            needed: those that later steps read.
        """
        if targets[0] not in self._types:
            return -1
        if writes_into_first(compute):
            possible = sources[:1]
        elif isinstance(compute, np.ufunc) and compute.signature is None:
            possible = sources
        else:
            return -1
        for source in possible:
            owner = self._owner.get(source)
            if (
                owner is not None
                and source in unused
                and self._types.get(source) == self._types[targets[0]]
                and not any(one in needed for one in self._views[owner])
                and not any(
                    one != source and self._owner.get(one) == owner for one in sources
                )
            ):
                return source
        return -1
