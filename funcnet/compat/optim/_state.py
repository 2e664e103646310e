"""The state that an optimizer keeps for a parameter: making it, loading it."""

from typing import Any

import numpy as np

from funcnet._types import ArrayLike
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.dtype import float32, float64, get_default_dtype
from funcnet.compat._engine.graph import Value, constant
from funcnet.compat._tensor.recording import CAST, record_op
from funcnet.compat._tensor.tensor import Tensor, wrap


def full_state(
    shape: tuple[int, ...], value: ArrayLike, dtype: DType, device: Any
) -> Tensor:
    """A new tensor whose elements are one number; nothing is compiled for it."""
    # Zeros take no memory before they are read.
    zero = value == 0
    array = np.zeros(shape, dtype.numpy) if zero else np.full(shape, value, dtype.numpy)
    return wrap(constant(array, device))


def scalar_dtype() -> DType:
    """The dtype of step counts."""
    return float64 if get_default_dtype() is float64 else float32


def loaded(kept: Any, p: Tensor, scalars: dict[Any, Value]) -> Any:
    """A saved state in the dtype and on the device of its parameter.

    Where it is so already it is the same tensors, as in PyTorch: an optimizer that took
    over the state of another shares it. Equal scalars become one value, so that
    parameters that were updated together go on together; `scalars` holds those met.
    """
    if isinstance(kept, dict):
        return {name: _loaded(name, x, p, scalars) for name, x in kept.items()}
    if isinstance(kept, list | tuple):
        return type(kept)([_loaded(None, x, p, scalars) for x in kept])
    return _loaded(None, kept, p, scalars)


def _loaded(name: Any, x: Any, p: Tensor, scalars: dict[Any, Value]) -> Any:
    if isinstance(x, dict | list | tuple):
        return loaded(x, p, scalars)
    if name == "step" and isinstance(x, int | float):  # of an early PyTorch
        x = full_state((), float(x), scalar_dtype(), p.device)
    if not isinstance(x, Tensor):
        return x
    dtype = p.dtype
    if name != "step" and dtype.is_floating_point and x.dtype is not dtype and x.ndim:
        x = record_op(CAST, (x, dtype))
    if x.ndim:
        return x if x.device == p.device else wrap(constant(x._array(), p.device))
    key = (name, x.dtype, float(x._array()) if not x.dtype.is_complex else id(x))
    if key not in scalars:
        scalars[key] = constant(x._array(), x.device)
    if not x._steps and x._storage.host is None:
        x._storage.value = scalars[key]
    return x
