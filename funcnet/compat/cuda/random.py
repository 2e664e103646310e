"""Random numbers on GPUs, as `torch.cuda.random`.

It is `torch.default_generator`; its state is that of every GPU.
"""

from collections.abc import Iterable
from typing import Any

from funcnet.compat import random as _random
from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.device import gpus, resolve_device
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._tensor.tensor import Tensor


def get_rng_state(device: DeviceLike = "cuda") -> Any:
    """Return the state of the generator."""
    resolve_device("cuda" if isinstance(device, int) else device)
    return _random.get_rng_state()


def get_rng_state_all() -> list[Any]:
    """Return the state of the generator, once for each GPU."""
    return [_random.get_rng_state() for _ in gpus()]


@explains_keywords
def set_rng_state(new_state: Tensor, device: DeviceLike = "cuda") -> None:
    """Set the state of the generator; do nothing without a GPU."""
    if gpus():
        _random.set_rng_state(new_state)


def set_rng_state_all(new_states: Iterable[Any]) -> None:
    """Set the state of the generator that all GPUs share."""
    for state in new_states:
        set_rng_state(state)


def manual_seed(seed: int) -> None:
    """Seed the generator, which all devices share."""
    _random.manual_seed(seed)


manual_seed_all = manual_seed


def seed() -> None:
    """Seed the generator with a random number; do nothing without a GPU."""
    if gpus():
        _random.seed()


seed_all = seed


def initial_seed() -> int:
    """Return the seed that was set last."""
    resolve_device("cuda")
    return _random.initial_seed()


__all__ = [
    "get_rng_state",
    "get_rng_state_all",
    "initial_seed",
    "manual_seed",
    "manual_seed_all",
    "seed",
    "seed_all",
    "set_rng_state",
    "set_rng_state_all",
]
