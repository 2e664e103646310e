"""Rules that choose between values."""

from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter.parallel import each, parts_of
from funcnet.compat._interpreter.rules.table import (
    Compute,
    Equation,
    in_dtype,
    is_narrow,
    out_dtype,
    rule,
)


@rule("select_n")
def _select_n(equation: Equation) -> Compute:
    count, dtype = len(equation.invars) - 1, out_dtype(equation)
    if count == 1:
        return lambda which, only: only
    if count == 2 and in_dtype(equation) == np.bool_:
        return _choice(dtype)

    def select(which: Any, *cases: Any) -> Any:
        which = np.minimum(np.asarray(which).astype(np.int64), count - 1)
        result = np.array(
            np.broadcast_to(
                cases[0], np.broadcast_shapes(which.shape, *map(np.shape, cases))
            ),
            dtype,
        )
        for index, case in enumerate(cases[1:], 1):
            np.copyto(result, case, where=which == index)
        return result

    return select


_MANY: Final = 4096
_BLOCK: Final = 1 << 15
_SHARED: Final = 1 << 18


def _choice(dtype: np.dtype) -> Compute:
    """`np.where`, of many elements by their bits.

    Where the condition has no pattern `np.where` guesses branches wrong, and takes
    10 ms for 2 million elements; the bits take 1.4, a block that stays in cache at a
    time.
    """
    if dtype.itemsize > 8:
        return lambda which, no, yes: np.where(which, yes, no)
    bits = np.dtype(f"i{dtype.itemsize}")

    def choose(which: Any, no: Any, yes: Any) -> Any:
        if which.size < _MANY:
            return np.where(which, yes, no)
        which, no, yes = which.view(np.int8), no.view(bits), yes.view(bits)
        shape = np.broadcast_shapes(which.shape, no.shape, yes.shape)
        # In the order of an operand's memory: channels may lie last.
        like = next((x for x in (yes, no, which) if x.shape == shape), which)
        result = np.empty_like(like, bits, shape=shape)
        no, yes = (
            np.broadcast_to(one, shape) if one.ndim else one for one in (no, yes)
        )
        which, blocks = np.broadcast_to(which, shape), parts_of(result, _BLOCK)

        def choose_block(index: int) -> None:
            part = blocks[index]
            mask = result[part]
            zeros = no[part] if no.ndim else no
            np.negative(which[part].astype(bits), out=mask)
            mask &= (yes[part] if yes.ndim else yes) ^ zeros
            mask ^= zeros

        each(choose_block, len(blocks), result.size >= _SHARED)
        return result.view(dtype)

    return choose


@rule("clamp")
def _clamp(equation: Equation) -> Compute | None:
    if is_narrow(in_dtype(equation, 1)):
        return None
    return lambda low, x, high: np.minimum(np.maximum(x, low), high)
