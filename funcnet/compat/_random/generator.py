"""Generators of random numbers that draw as PyTorch's do.

The default generator also keys what is drawn inside compiled programs, so that a seed,
or a saved state, determines both.
"""

import contextlib
import os
import secrets
import struct
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from funcnet._random import Engine
from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.context import thread
from funcnet.compat._core.device import CPU, device
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._random import keys as _random_key
from funcnet.compat._tensor.tensor import Tensor, from_array

# Two numbers of PyTorch's state that it does not use hold the counter of the keys.
_KEY: Final = slice(5032, 5040)
_FIRST_SEED: Final = 67280421310721


@explains_keywords
class Generator:
    """A stream of random numbers with a state of its own, as `torch.Generator`."""

    def __init__(self, device: DeviceLike | None = None) -> None:
        self.device = _device(device)
        self._own_engine = Engine(_FIRST_SEED)

    @property
    def _engine(self) -> Engine:
        """What draws."""
        return self._own_engine

    def manual_seed(self, seed: int) -> "Generator":
        """Set the seed."""
        self._engine.reset(_seed(seed))
        return self

    def seed(self) -> int:
        """Set an unpredictable seed, and return it."""
        seed = secrets.randbits(64)
        self.manual_seed(seed)
        return seed

    def initial_seed(self) -> int:
        """Return the seed that was set."""
        return self._engine.seed

    def get_state(self) -> Tensor:
        """Return the state as a tensor of bytes, in PyTorch's layout."""
        return from_array(self._engine.state())

    def set_state(self, new_state: Tensor) -> None:
        """Continue from a state that `get_state` gave, here or in PyTorch."""
        self._engine.restore(_bytes(new_state))

    def clone_state(self) -> "Generator":
        """Another generator in the same state."""
        other = Generator(self.device)
        other._engine.restore(self._engine.state())
        return other

    def graphsafe_get_state(self) -> "Generator":
        """This generator."""
        return self

    def graphsafe_set_state(self, state: "Generator") -> None:
        """Continue from the state of another generator."""
        self._engine.restore(state._engine.state())

    def __reduce__(self) -> Any:
        return _restored, (type(self), str(self.device), self._engine.state())


class _DefaultGenerator(Generator):
    """The generator of calls that name none, shared by all threads.

    Inside of `replay_rng` it stands for an engine of the thread's own.
    """

    @property
    def _engine(self) -> Engine:
        replayed: Engine | None = thread.context.random_engine
        return self._own_engine if replayed is None else replayed

    def manual_seed(self, seed: int) -> "Generator":
        """Start again from this seed, the keys too."""
        super().manual_seed(seed)
        _random_key.reset(self._engine.seed)
        return self

    def get_state(self) -> Tensor:
        """Return the state as a tensor of bytes, in PyTorch's layout."""
        state = self._engine.state()
        _, counter = _random_key.get_state()
        state[_KEY] = np.frombuffer(struct.pack("<Q", counter), np.uint8)
        return from_array(state)

    def set_state(self, new_state: Tensor) -> None:
        """Continue from a state that `get_state` gave, here or in PyTorch."""
        state = _bytes(new_state).copy()
        self._engine.restore(state)
        (counter,) = struct.unpack("<Q", state[_KEY].tobytes())
        _random_key.reset(self._engine.seed)
        _random_key.set_state((_random_key.get_state()[0], counter))


def _restored(cls: type[Generator], device_name: str, state: np.ndarray) -> Generator:
    result = cls(device_name)
    result._engine.restore(state)
    return result


def _device(target: Any) -> device:
    return CPU if target is None else device(target)


def _seed(seed: Any) -> int:
    number = int(seed)
    if not -(1 << 63) <= number < 1 << 64:
        raise ValueError("Overflow when unpacking long long")
    return number % (1 << 64)


def _bytes(state: Any) -> np.ndarray:
    if not isinstance(state, Tensor):
        raise TypeError(
            f"expected a torch.ByteTensor, but got {type(state).__name__}. "
            "Give what get_rng_state() returned."
        )
    return np.asarray(state._array())


default_generator: Final = _DefaultGenerator()
_random_key.reset(_FIRST_SEED)
if hasattr(os, "register_at_fork"):  # a thread that the child does not have may draw
    os.register_at_fork(after_in_child=default_generator._own_engine.unlock)


def engine_of(generator: Generator | None) -> Engine:
    """What to draw from when a call names this generator, or none."""
    return (default_generator if generator is None else generator)._engine


def manual_seed(seed: int) -> Generator:
    """Seed everything that draws, as `torch.manual_seed`; return the generator."""
    return default_generator.manual_seed(seed)


def seed() -> int:
    """Set an unpredictable seed for everything that draws, and return it."""
    return default_generator.seed()


def initial_seed() -> int:
    """The seed that was set last."""
    return default_generator.initial_seed()


def get_rng_state() -> Tensor:
    """The state of the default generator, a tensor of bytes in PyTorch's layout."""
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Continue from a state that `get_rng_state` gave."""
    default_generator.set_state(new_state)


@contextlib.contextmanager
def fork_rng(
    devices: Sequence[Any] | None = None,
    enabled: bool = True,
    _caller: str = "fork_rng",
    _devices_kw: str = "devices",
    device_type: str = "cuda",
) -> Iterator[None]:
    """Put the state of the default generator back at the end of a `with` block."""
    del devices, device_type  # one generator draws for all devices
    if not enabled:
        yield
        return
    state = get_rng_state()
    try:
        yield
    finally:
        set_rng_state(state)
