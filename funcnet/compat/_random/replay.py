"""Drawing the same random numbers again."""

import contextlib
from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

from funcnet._random import Engine
from funcnet.compat._core.context import thread
from funcnet.compat._random import keys as _random_key
from funcnet.compat._random.generator import default_generator

Snapshot: TypeAlias = tuple[np.ndarray, tuple[Any, int]]


def rng_snapshot() -> Snapshot:
    """Return the states of the default generator and of the keys, for `replay_rng`."""
    return default_generator._engine.state(), _random_key.get_state()


@contextlib.contextmanager
def replay_rng(snapshot: Snapshot) -> Iterator[None]:
    """Draw once more what was drawn after a snapshot.

    This thread gets a generator and keys of its own for the block; those of the
    process, from which other threads draw meanwhile, stay as they are.
    """
    context = thread.context
    before = context.random_engine, context.random_keys
    engine = Engine(0)
    engine.restore(snapshot[0])
    context.random_engine, context.random_keys = engine, list(snapshot[1])
    try:
        yield
    finally:
        context.random_engine, context.random_keys = before
