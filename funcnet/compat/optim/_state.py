"""The state that an optimizer keeps for a parameter: making it, loading it."""

from typing import Any

import numpy as np

from funcnet._types import ArrayLike
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.device import device as Device
from funcnet.compat._core.dtype import float32, float64, get_default_dtype
from funcnet.compat._engine.graph import Value, constant
from funcnet.compat._tensor.recording import CAST, record_op
from funcnet.compat._tensor.tensor import Tensor, wrap


def full_state(
    shape: tuple[int, ...], value: ArrayLike, dtype: DType, device: Device
) -> Tensor:
    """A new tensor filled with one value; nothing is compiled for it."""
    # Zeros take no memory before they are read.
    zero = value == 0
    array = np.zeros(shape, dtype.numpy) if zero else np.full(shape, value, dtype.numpy)
    return wrap(constant(array, device))


def scalar_dtype() -> DType:
    """The dtype of step counts."""
    return float64 if get_default_dtype() is float64 else float32


def loaded(saved: object, p: Tensor, scalars: dict[Any, Value]) -> Any:
    """A saved state in the dtype and on the device of its parameter.

    Tensors that are so already are used as they are, as in PyTorch: an optimizer that
    loads the state of another shares it. Equal scalars become one value, so that
    parameters that were updated together remain so; `scalars` holds those seen.
    """
    if isinstance(saved, dict):
        return {name: _loaded(name, x, p, scalars) for name, x in saved.items()}
    if isinstance(saved, list | tuple):
        return type(saved)([_loaded(None, x, p, scalars) for x in saved])
    return _loaded(None, saved, p, scalars)


def _loaded(name: object, x: object, p: Tensor, scalars: dict[Any, Value]) -> Any:
    if isinstance(x, dict | list | tuple):
        return loaded(x, p, scalars)
    if name == "step" and isinstance(x, int | float):  # of an early PyTorch
        x = full_state((), float(x), scalar_dtype(), p.device)
    if not isinstance(x, Tensor):
        return x
    return _scalar(name, x, scalars) if x.ndim == 0 else _slot(name, x, p)


def _scalar(name: object, x: Tensor, scalars: dict[Any, Value]) -> Tensor:
    """A tensor of no dimensions, with the value of those that are equal to it."""
    array = x._array()
    key = (name, x.dtype, id(x) if x.dtype.is_complex else float(array))
    if key not in scalars:
        scalars[key] = constant(array, x.device)
    if not x._steps and x._storage.host is None:
        x._storage.value = scalars[key]
    return x


def _slot(name: object, x: Tensor, p: Tensor) -> Tensor:
    dtype = p.dtype
    if name != "step" and dtype.is_floating_point and x.dtype is not dtype:
        x = record_op(CAST, (x, dtype))
    return x if x.device == p.device else wrap(constant(x._array(), p.device))
