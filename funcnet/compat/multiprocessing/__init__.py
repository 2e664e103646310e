"""Multiprocessing with tensors, as `torch.multiprocessing`.

It is Python's `multiprocessing`; tensors of the CPU go through it as the memory that
they lie in, so that what one process writes the others see.

Where no start method was chosen it is "forkserver" (on Windows and macOS "spawn"): a
process that has computed with JAX cannot be forked and compute. Scripts need `if
__name__ == "__main__":` around what starts processes, as "spawn" does in PyTorch.

Example:
    >>> import funcnet.compat as torch
    >>> x = torch.zeros(2).share_memory_()
    >>> x.is_shared()
    True
"""

import multiprocessing as _python

from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tensor import shared_memory as _shared_memory
from funcnet.compat.multiprocessing._context import (
    Process,
    bound,
    get_all_sharing_strategies,
    get_context,
    get_sharing_strategy,
    get_start_method,
    set_sharing_strategy,
    set_start_method,
)
from funcnet.compat.multiprocessing.spawn import (
    ProcessContext,
    ProcessExitedException,
    ProcessRaisedException,
    SpawnContext,
    spawn,
    start_processes,
)

reductions = _shared_memory
# What Python has under some names would take its own default start method.
globals().update(bound())
for _name in _python.__all__:
    globals().setdefault(_name, getattr(_python, _name))


def init_reductions() -> None:
    """Do nothing: tensors can be sent as soon as this module is imported."""


def __getattr__(name: str) -> object:
    return missing(name, globals(), "multiprocessing")


__all__ = [
    *_python.__all__,
    "Process",
    "ProcessContext",
    "ProcessExitedException",
    "ProcessRaisedException",
    "SpawnContext",
    "get_all_sharing_strategies",
    "get_context",
    "get_sharing_strategy",
    "get_start_method",
    "init_reductions",
    "set_sharing_strategy",
    "set_start_method",
    "spawn",
    "start_processes",
]
