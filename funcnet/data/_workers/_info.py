"""What code in a worker can know about it."""

import functools
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from funcnet._random import Engine


@dataclass(frozen=True)
class WorkerInfo:
    """Which worker this is, as in `torch.utils.data.get_worker_info()`.

    Attributes:
        id: its number, from 0.
        num_workers: how many there are.
        seed: what Python's `random` was seeded with: the epoch's seed plus `id`.
        dataset: this worker's copy of the dataset.
    """

    id: int
    num_workers: int
    seed: int
    dataset: Any


_info: WorkerInfo | None = None
_at_start: list[Callable[[int], object]] = []
_torch_engine: Callable[[], Engine] | None = None

# Modules that take long to import. A dataset whose pickle names one of them gets its
# workers from a server that has imported it.
HEAVY = ["jax"]
# What a server imports for its workers, too, where the main process has it.
OFTEN_USED = ["funcnet.data.images", "funcnet.data.transforms", "funcnet.data.vision"]


def get_worker_info() -> WorkerInfo | None:
    """Which worker this is; None in the process that has the loader.

    Example:
        >>> get_worker_info() is None
        True
    """
    return _info


def at_worker_start(seed: Callable[[int], object], module: str) -> None:
    """Make workers that import a heavy module call `seed` with their seed."""
    HEAVY.append(module)
    _at_start.append(seed)
    if _info is not None:
        seed(_info.seed)


def torch_engine() -> Engine:
    """The stream that PyTorch's default generator has here; a worker has one, too."""
    return _own_engine() if _torch_engine is None else _torch_engine()


def draw_from(engine: Callable[[], Engine]) -> None:
    """Set the default generator: the engine that `engine()` returns."""
    global _torch_engine
    _torch_engine = engine


@functools.cache
def _own_engine() -> Engine:
    assert _info is not None
    return Engine(_info.seed)


def numpy_seed(base_seed: int, worker_id: int) -> list[int]:
    """What NumPy's generator is seeded with in a worker."""
    entropy = [worker_id, base_seed & 0xFFFFFFFF, base_seed >> 32]
    words: list[int] = np.random.SeedSequence(entropy).generate_state(4).tolist()
    return words


def become(info: WorkerInfo, base_seed: int) -> None:
    """Be this worker, and seed what draws random numbers here."""
    global _info
    _info = info
    random.seed(info.seed)
    np.random.seed(numpy_seed(base_seed, info.id))
    for seed in _at_start:
        seed(info.seed)
