"""An error, instead of a hang, in processes forked after JAX has computed.

The threads of XLA are not in the copy that `fork` makes of a process; a computation
there would wait for them forever.
"""

import os
import threading
from typing import NoReturn

from funcnet.compat._core.device import registry
from funcnet.compat._engine import executor


class _Refusing:
    """Replacement for the context in which programs run, which raises."""

    def __enter__(self) -> NoReturn:
        raise RuntimeError(
            "This process was forked from one in which JAX had computed already, and "
            "XLA's threads are not in the copy: nothing can be computed here. Start "
            'processes with torch.multiprocessing.get_context("forkserver") or '
            '"spawn", or fork before the first number is looked at.'
        )

    def __exit__(self, *error: object) -> None:
        return


def has_computed() -> bool:
    """Return whether JAX has initialised its devices, and so started threads."""
    return registry.known_gpus is not None


def _in_child() -> None:
    if has_computed():
        registry.on_cpu, registry.known_gpus = _Refusing(), ()
        executor.running = threading.RLock()  # another thread may have held it


def watch_forks() -> None:
    """Make forked processes raise when they compute, where that would hang."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_in_child)
