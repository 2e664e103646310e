"""Tensors for other libraries, and theirs as tensors, through DLPack.

In the CPU's memory both sides see what the other writes. JAX's arrays and the memory of
GPUs are copied: programs rely on it that these numbers do not change.
"""

from typing import Any

import jax
import numpy as np

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.device import CPU, resolve_device
from funcnet.compat._ops.create.creation import from_numpy
from funcnet.compat._ops.registry import METHODS, register
from funcnet.compat._ops.tensor_methods.conversions import NOT_IN_NUMPY
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.views import alias

HOST, GPU = 1, 2
"""DLPack's numbers for kinds of devices."""


@register("Tensor.__dlpack__")
def _export(self: Tensor, *, stream: object = None, **options: object) -> Any:
    """A capsule for another library, as `Tensor.__dlpack__`."""
    if self.requires_grad:
        raise BufferError(
            "Can't export tensors that require gradient, use tensor.detach()"
        )
    if self.device is CPU and self.dtype not in NOT_IN_NUMPY:
        return METHODS["numpy"](self).__dlpack__(**options)
    with jax.enable_x64(True):
        copied: Any = jax.numpy.array(self._array())
    return copied.__dlpack__(stream=stream, **options)


@register("Tensor.__dlpack_device__")
def _export_device(self: Tensor) -> tuple[int, int]:
    """DLPack's numbers for the tensor's device."""
    device = self.device
    return (HOST, 0) if device is CPU else (GPU, device.index or 0)


class _Capsule:
    """A bare capsule, which is of the CPU's memory and may be written, for numpy."""

    def __init__(self, capsule: Any) -> None:
        self.capsule = capsule

    def __dlpack__(self, **options: object) -> Any:
        return self.capsule

    def __dlpack_device__(self) -> tuple[int, int]:
        return HOST, 0


class _Writable:
    """The memory of an array that numpy takes to be read-only."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array
        pointer, _ = array.__array_interface__["data"]
        self.__array_interface__ = array.__array_interface__ | {
            "data": (pointer, False)
        }


@register("from_dlpack", method=False, overridable=False)
def from_dlpack(
    ext_tensor: Any, *, device: DeviceLike | None = None, copy: bool | None = None
) -> Tensor:
    """A tensor of another library's, as `torch.from_dlpack`; shared on the CPU."""
    result = _imported(ext_tensor)
    if device is not None:
        result = result.to(device)
    return result.clone() if copy else result


def _imported(source: Any) -> Tensor:
    if isinstance(source, Tensor):
        return alias(source)
    if type(source).__name__ == "PyCapsule":
        array = np.from_dlpack(_Capsule(source))
        return from_numpy(np.asarray(_Writable(array)))
    if not hasattr(source, "__dlpack__"):
        raise TypeError(
            f"from_dlpack() takes a tensor of a library with DLPack, not "
            f"{type(source).__name__}. Write torch.tensor(...) for numbers and lists."
        )
    kind, index = source.__dlpack_device__()
    if kind == HOST and (shared := _shared(source)) is not None:
        return (
            from_numpy(shared) if shared.flags.writeable else from_array(shared.copy())
        )
    with jax.enable_x64(True):
        array = jax.dlpack.from_dlpack(source, copy=True)
    return from_array(array, CPU if kind == HOST else resolve_device(int(index)))


def _shared(source: Any) -> np.ndarray | None:
    """An array of numpy in the memory of the source, unless numpy lacks the dtype."""
    try:
        return np.from_dlpack(source)
    except BufferError:
        return None
