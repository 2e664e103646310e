"""Drawing the same random numbers again."""

import contextlib
from collections.abc import Iterator
from typing import Any

from funcnet.compat._random import keys as _random_key
from funcnet.compat._random.generator import default_generator


def draws() -> Any:
    """Where the default generator and the keys stand, for `drawing_from`."""
    return default_generator._engine.state(), _random_key.get_state()


@contextlib.contextmanager
def drawing_from(state: Any) -> Iterator[None]:
    """Draw once more what was drawn from a state on; then continue as before."""
    before = draws()
    try:
        default_generator._engine.restore(state[0])
        _random_key.set_state(state[1])
        yield
    finally:
        default_generator._engine.restore(before[0])
        _random_key.set_state(before[1])
