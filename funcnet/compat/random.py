"""Random number generators, as `torch.random`."""

from funcnet.compat._random.generator import (
    Generator,
    default_generator,
    fork_rng,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)
from funcnet.compat._random.mask_source import get_mask_source, set_mask_source


def thread_safe_generator() -> None:
    """Return None: processes load data, and each has a generator of its own."""


__all__ = [
    "Generator",
    "default_generator",
    "fork_rng",
    "get_mask_source",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "seed",
    "set_mask_source",
    "set_rng_state",
    "thread_safe_generator",
]
