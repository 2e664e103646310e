"""Conversion of tensors to arrays and back, without a program of XLA."""

from typing import Any

import numpy as np

from funcnet.compat._core.annotations import DType
from funcnet.compat._core.context import is_grad_recorded
from funcnet.compat._tensor.tensor import Tensor, from_array


def as_array(value: object) -> Any:
    """Convert a tensor to a read-only array, a dtype to numpy's; leave all else."""
    if isinstance(value, Tensor):
        if value.requires_grad and is_grad_recorded():
            raise RuntimeError(
                "transforms of images run on the host, where no gradient is recorded: "
                "give tensor.detach(), or use torch.nn.functional (interpolate, pad, "
                "grid_sample)."
            )
        return np.asarray(value._array())
    if isinstance(value, DType):
        return value.numpy
    if isinstance(value, list | tuple) and any(isinstance(x, Tensor) for x in value):
        return type(value)(as_array(x) for x in value)
    return value


def as_tensor(value: Any, like: object = None) -> Any:
    """Convert arrays, in tuples and lists too, to tensors on the device of another."""
    if isinstance(value, np.ndarray):
        own = value.base is None and value.flags.c_contiguous and value.flags.writeable
        result = from_array(value if own else np.array(value, order="C"))
        if isinstance(like, Tensor) and like.device.type != "cpu":
            return result.to(like.device)
        return result
    if type(value) in (list, tuple):
        return type(value)(as_tensor(x, like) for x in value)
    return value
