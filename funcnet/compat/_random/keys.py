"""The random keys of operations that draw inside the compiled program.

A key is a seed and a counter. Both are Python numbers that enter the program as inputs,
so that another step draws other numbers and compiles nothing.
"""

import contextlib
import math
import threading
from collections.abc import Iterator
from typing import Any

import jax
import numpy as np

from funcnet._types import Array
from funcnet.compat._core.context import thread
from funcnet.compat._tensor.level_draws import drawn
from funcnet.compat._tensor.recording import ScalarInput
from funcnet.compat._tensor.tensor import Tensor, from_array

_lock = threading.Lock()
_state: list[Any] = [0, 0]
"""The seed and the counter of the process; a thread may have its own: see `Context`."""


def _current() -> list[Any]:
    """The seed and the counter that this thread takes its keys from."""
    own: list[Any] | None = thread.context.random_keys
    return _state if own is None else own


def reset(seed: int) -> None:
    """Begin the keys of a seed; what is drawn afterwards depends on it alone."""
    set_state((seed & 0x7FFF_FFFF_FFFF_FFFF, 0))


def next_key() -> tuple[Any, Any]:
    """The seed and the counter of a key that is given out once.

    Where each member of a batch draws for itself each has a counter of its own.
    """
    seed = _current()[0]
    seed = seed if isinstance(seed, Tensor) else ScalarInput(seed)
    if not thread.context.levels:  # a tensor: see `use_key`
        return seed, ScalarInput(_counted(1))
    return seed, drawn((), _counters)


def _counted(count: int) -> int:
    """Return the first of `count` counters that are given out once."""
    state = _current()
    with _lock:
        first: int = state[1]
        state[1] = (first + count) & 0xFFFF_FFFF
    return first


def _counters(shape: tuple[int, ...]) -> Tensor:
    count = math.prod(shape)
    return from_array((_counted(count) + np.arange(count)).reshape(shape))


def key_of(seed: Array, counter: Array) -> jax.Array:
    """The key itself, inside an operation."""
    return jax.random.fold_in(jax.random.key(seed), counter)


def key_or_mask(drawn: Any) -> Any:
    """What to draw with inside an operation, as `next_key` or a mask says it."""
    return key_of(*drawn) if isinstance(drawn, tuple) else drawn


def get_state() -> tuple[Any, int]:
    """The seed, and how many keys were given since `reset`."""
    seed, counter = _current()
    return seed, counter


def set_state(state: tuple[Any, int]) -> None:
    """Continue where `get_state` was asked."""
    with _lock:
        _current()[:] = state


def is_given() -> bool:
    """Return whether the keys are those of `use_key`."""
    return thread.context.keys_are_given


@contextlib.contextmanager
def use_key(key: jax.Array | None) -> Iterator[None]:
    """Take the keys of this thread from a key of JAX, which may be traced.

    Without a key they continue from the current counter.
    """
    own = list(_current())
    if key is not None:
        words = jax.random.bits(key, (), "uint32").astype("int32")
        own = [from_array(words), 0]
    context = thread.context
    before = context.random_keys, context.keys_are_given
    context.random_keys, context.keys_are_given = own, True
    try:
        yield
    finally:
        context.random_keys, context.keys_are_given = before
