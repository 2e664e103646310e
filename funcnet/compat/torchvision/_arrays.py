"""Tensors as arrays and back, without a program of XLA; draws as PyTorch makes them."""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from funcnet import _random
from funcnet.compat._dtypes import dtype
from funcnet.compat._tensor import Tensor, from_array, is_grad_recorded
from funcnet.compat.random import engine_of

_FLOAT = np.dtype(np.float32)


def as_array(value: Any) -> Any:
    """A tensor as an array that must not be written; a dtype as numpy's; else as is."""
    if isinstance(value, Tensor):
        if value.requires_grad and is_grad_recorded():
            raise RuntimeError(
                "transforms of images run on the host, where no gradient is recorded: "
                "give tensor.detach(), or use torch.nn.functional (interpolate, pad, "
                "grid_sample)."
            )
        return np.asarray(value._array())
    if isinstance(value, dtype):
        return value.numpy
    if isinstance(value, list | tuple) and any(isinstance(x, Tensor) for x in value):
        return type(value)(as_array(x) for x in value)
    return value


def as_tensor(value: Any, like: Any = None) -> Any:
    """Arrays as tensors, also in tuples and lists; on the device of another tensor."""
    if isinstance(value, np.ndarray):
        own = value.base is None and value.flags.c_contiguous and value.flags.writeable
        made = from_array(value if own else np.array(value, order="C"))
        far = isinstance(like, Tensor) and like.device.type != "cpu"
        return made.to(like.device) if far else made
    if type(value) in (list, tuple):
        return type(value)(as_tensor(x, like) for x in value)
    return value


class TorchDraws:
    """Draws from the default generator, in PyTorch's order, and from `random`."""

    def rand(self, count: int) -> np.ndarray:
        return _random.uniform(engine_of(None), count, _FLOAT)

    def uniform(self, low: float, high: float) -> float:
        return float(_random.uniform(engine_of(None), 1, _FLOAT, low, high)[0])

    def integers(self, low: int, high: int, count: int) -> list[int]:
        kind = np.dtype(np.int64)
        return _random.integers(engine_of(None), count, low, high, kind).tolist()

    def permutation(self, count: int) -> list[int]:
        return _random.permutation(engine_of(None), count).tolist()

    def normal(self, shape: Sequence[int]) -> np.ndarray:
        count = int(np.prod(shape))
        return _random.normal(engine_of(None), count, _FLOAT).reshape(shape)

    def dirichlet(self, alphas: Sequence[float]) -> list[float]:
        drawn = _random.gamma(engine_of(None), np.array(alphas, np.float64))
        return (drawn / drawn.sum()).astype(np.float32).tolist()

    def shuffled(self, count: int) -> list[int]:
        order = list(range(count))
        random.shuffle(order)
        return order

    def choice(self, count: int, weights: Sequence[float] | None) -> int:
        return random.choices(range(count), weights)[0]


DRAWS = TorchDraws()
