"""What the random tensors have in common: how to draw, and where the numbers go."""

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcnet import _random
from funcnet._random import Engine
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike, Layout, MemoryFormat
from funcnet.compat._core.device import META, resolve_device
from funcnet.compat._core.dtype import dtype as Dtype
from funcnet.compat._core.strides import contiguous, is_contiguous
from funcnet.compat._engine.graph import Value, constant
from funcnet.compat._engine.op import tensor_spec
from funcnet.compat._ops.random.checks import (
    check_floating,
    checked_range,
    checked_size,
)
from funcnet.compat._ops.writing import write_out
from funcnet.compat._random.generator import Generator, engine_of
from funcnet.compat._tensor.level_draws import drawn
from funcnet.compat._tensor.memory_order import dense, dense_order, strides_of
from funcnet.compat._tensor.tensor import Tensor, wrap

# Draws `count` elements of a dtype: a flat array in the order of memory.
Draw = Callable[[Engine, int, np.dtype], np.ndarray]


SETTINGS: Final = frozenset(
    (
        *("size", "dtype", "generator", "out", "device", "requires_grad"),
        *("layout", "pin_memory", "memory_format", "names"),
    )
)


def draw_tensor(
    size: Any,
    draw: Draw,
    dtype: Dtype | None = None,
    generator: Generator | None = None,
    out: Any = None,
    device: DeviceLike | None = None,
    requires_grad: bool = False,
    layout: Layout | None = None,
    pin_memory: object = None,
    memory_format: MemoryFormat | None = None,
    names: object = None,
    order: list[int] | None = None,
) -> Tensor:
    """Draw a tensor of a shape with PyTorch's settings for new tensors."""
    del layout, pin_memory, memory_format, names  # dense, in the host's memory
    shape = checked_size(size)
    dtype = dtype or (out.dtype if out is not None else _dtypes.get_default_dtype())
    target = resolve_device(device)
    if out is not None and out._spec.shape == shape:
        order = order_of(out)

    def make(shape: tuple[int, ...]) -> Tensor:
        values = draw(engine_of(generator), math.prod(shape), dtype.numpy)
        return wrap(as_laid_out(values, shape, order, target))

    if target is META:  # nothing is drawn
        result = wrap(Value(tensor_spec(shape, dtype, META)))
    else:
        result = drawn(shape, make)
    if out is not None:
        write_out(result, out)
        return out
    result._requires_grad = bool(requires_grad)
    return result


def order_of(x: Tensor) -> list[int] | None:
    """The dimensions from the slowest to the fastest in memory; None if in order."""
    storage, shape = x._storage, x._spec.shape
    if len(shape) - shape.count(1) < 2:
        return None
    stride = strides_of(storage.value)
    if stride is None and storage.host is not None:
        stride = x._layout().stride
    elif x._steps:
        layout = contiguous(storage.value.spec.shape)
        if stride is not None:
            layout = layout._replace(stride=stride)
        stride = x._numpy_view(layout.blank(storage.value.spec.dtype.numpy)).strides
    if stride is None:
        return None
    order = dense_order(shape, [stride])
    several = [dim for dim in order if shape[dim] != 1]
    return None if several == sorted(several) else order


def laid_out(
    values: np.ndarray, shape: tuple[int, ...], order: list[int] | None
) -> np.ndarray:
    """Give what was drawn in the order of memory the shape it has for the user."""
    if not order:
        return values.reshape(shape)
    order = _with_batches(shape, order)
    values = values.reshape([shape[dim] for dim in order])
    return np.ascontiguousarray(values.transpose(np.argsort(order)))


def as_laid_out(
    values: np.ndarray, shape: tuple[int, ...], order: list[int] | None, device: Any
) -> Value:
    """The same as a value that knows how it would lie in memory."""
    result = constant(laid_out(values, shape, order), device)
    if order:
        result.stride = dense(shape, _with_batches(shape, order))
    return result


def _with_batches(shape: tuple[int, ...], order: list[int]) -> list[int]:
    """The order of a member's dimensions, behind those of batches."""
    more = len(shape) - len(order)
    return [*range(more), *[dim + more for dim in order]]


def lies_dense(x: Tensor) -> bool:
    """Whether PyTorch would have the elements one behind the other."""
    layout = x._layout()
    return is_contiguous(layout) and order_of(x) is None


def uniform_draw(low: float = 0.0, high: float = 1.0) -> Draw:
    def draw(engine: Engine, count: int, dtype: np.dtype) -> np.ndarray:
        real, count = _parts(dtype, count, "check_uniform_bounds")
        return _random.uniform(engine, count, real, low, high).view(dtype)

    return draw


def normal_draw(mean: float = 0.0, std: float = 1.0, dense: bool = True) -> Draw:
    def draw(engine: Engine, count: int, dtype: np.dtype) -> np.ndarray:
        real, total = _parts(dtype, count, "normal_kernel_cpu")
        scale = std if total == count else std / math.sqrt(2)
        drawn = _random.normal(engine, total, real, mean, scale, dense)
        return drawn.view(dtype)

    return draw


def _parts(dtype: np.dtype, count: int, kernel: str) -> tuple[np.dtype, int]:
    """The dtype and the number of reals to draw: two for a complex number."""
    known = _dtypes.BY_NUMPY[dtype]
    if known.is_complex:
        return known.to_real().numpy, 2 * count
    check_floating(known, kernel)
    return dtype, count


def integers_draw(low: int, high: int) -> Draw:
    return lambda engine, count, kind: _random.integers(
        engine, count, *checked_range(low, high, _dtypes.BY_NUMPY[kind]), kind
    )
