"""The operations of the line search: traced in a program, or immediate on the host.

`funcnet.optim.lbfgs` searches inside `jax.jit`, where a choice computes both of its
sides and the loop is a `lax.while_loop`. PyTorch's `LBFGS` of compat calls a closure in
the user's Python for each point, so the search runs on the host; it is the same code
with other operations, in double precision as PyTorch's.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np

Tree = TypeVar("Tree")


class Ops(NamedTuple):
    """What differs between a traced and an immediate computation.

    Attributes:
        xp: `jax.numpy` or numpy.
        select: `(condition, a, b)`: one of two trees of arrays.
        choose: `(condition, then, otherwise)`: what one of two functions gives.
        loop: `(condition, body, start)`: repeat a body while the condition holds.
    """

    xp: Any
    select: Callable[[Any, Tree, Tree], Tree]
    choose: Callable[[Any, Callable[[], Tree], Callable[[], Tree]], Tree]
    loop: Callable[[Callable[[Tree], Any], Callable[[Tree], Tree], Tree], Tree]


def _traced_select(condition: Any, a: Tree, b: Tree) -> Tree:
    return jax.tree.map(lambda x, y: jnp.where(condition, x, y), a, b)


def _traced_choose(
    condition: Any, then: Callable[[], Tree], otherwise: Callable[[], Tree]
) -> Tree:
    return _traced_select(condition, then(), otherwise())


def _choose_at_once(
    condition: Any, then: Callable[[], Tree], otherwise: Callable[[], Tree]
) -> Tree:
    with np.errstate(all="ignore"):  # infinite losses are compared, not warned of
        return then() if condition else otherwise()


def _loop_at_once(
    condition: Callable[[Tree], Any], body: Callable[[Tree], Tree], start: Tree
) -> Tree:
    while condition(start):
        start = body(start)
    return start


TRACED: Final = Ops(jnp, _traced_select, _traced_choose, jax.lax.while_loop)
HOST: Final = Ops(
    np,
    lambda condition, a, b: a if condition else b,
    _choose_at_once,
    _loop_at_once,
)
