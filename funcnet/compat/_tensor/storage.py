"""The memory of a tensor, which views share and numpy may share."""

import sys
from typing import Any, ClassVar, Final

import numpy as np

from funcnet.compat._core.context import Context, thread
from funcnet.compat._core.conversion import in_memory
from funcnet.compat._core.dtype import complex32
from funcnet.compat._engine import executor
from funcnet.compat._engine.graph import Value, constant
from funcnet.compat._tensor.transform_levels import Logical, array_of, check_written


class Counter:
    """Counts the writes through `.data`, of which other tensors are not to know."""

    __slots__ = ("version",)

    def __init__(self, version: int = 0) -> None:
        self.version = version


class Storage:
    """A cell that holds a value; writing puts another value into it.

    `version` counts the writes that PyTorch counts, but for those through tensors that
    have a `Counter` of their own; `content_version` counts whatever makes a view look
    again, also what was written through numpy. `host` is an array of numpy that
    a caller holds too: then the values live there, are read anew each time and
    written in place.
    """

    __slots__ = (
        "__weakref__",
        "address",
        "content_version",
        "host",
        "mirror",
        "value",
        "version",
    )

    address: int  # once it is asked for
    mirror: tuple[np.ndarray, int]  # a copy for those who read by address; its version
    is_inference = False

    def __init__(self, value: Value) -> None:
        self.value = value
        self.version = self.content_version = 0
        self.host: np.ndarray | None = None
        if Context.inference_ever and thread.context.inference:
            self.__class__ = InferenceStorage
            InferenceStorage.any_made = True

    def read(self) -> Value:
        return self.value if self.host is None else self._read_host()

    def write(self, value: Value) -> None:
        """Replace the value; the caller counts the write."""
        if thread.context.levels:
            check_written(self.value, value)
        self.content_version += 1
        if self.host is not None and self._is_shared():
            if value.spec.shape != self.host.shape:
                raise RuntimeError("Trying to resize storage that is not resizable")
            executor.evaluate([value])
            np.copyto(self.host, in_memory(value.spec.dtype, value.array))
            return
        self.host = None
        self.value = value

    def share(self) -> np.ndarray:
        """The numbers as a new array that shares this memory."""
        if type(self.value) is Logical and not self.value.settled:
            raise RuntimeError(
                "Cannot access data pointer of Tensor that doesn't have storage: "
                "inside a function that torch.func transforms a tensor has no memory "
                "that numpy could share. Use tolist(), or take it to numpy outside."
            )
        levels = thread.context.levels
        if levels and levels[-1].has_tangent(self.value):
            copy = np.array(self.array())  # in shared memory its tangent would be lost
            copy.flags.writeable = False
            return copy
        if self.host is None:
            self.host = np.array(self.array(), order="C").view()
        return self.host.view()

    def adopt(self, array: np.ndarray) -> None:
        """Move the values into the memory of a caller's array."""
        self.host = array.view(np.ndarray)

    def array(self) -> Any:
        """The numbers as an array of JAX, or of numpy; not to be written."""
        if self.host is not None:
            return self.host
        dtype = self.value.spec.dtype
        array = array_of(self.value)
        return in_memory(dtype, array) if dtype is complex32 else array

    def _read_host(self) -> Value:
        assert self.host is not None, "read a storage that is not on the host"
        snapshot = constant(np.array(self.host), self.value.spec.device)
        if not self._is_shared():
            self.host, self.value = None, snapshot
            self.content_version += 1
        return snapshot

    def _is_shared(self) -> bool:
        """Return whether a caller can still see the values on the host.

        The host array is a view. If numpy owns the memory, all arrays that see it
        refer to the same owner, and the last one is known. An array that is not
        contiguous stays where it is: JAX's arrays have no strides.
        """
        host = self.host
        assert host is not None, "asked of a storage that is not on the host"
        movable = _is_of_numpy(host.base) and host.flags.c_contiguous
        return not movable or _references(host) > _ALONE


class InferenceStorage(Storage):
    """Made in `inference_mode`: what lies in it has no part in gradients.

    `any_made` says whether there ever was one, so that it must be looked for.
    """

    __slots__ = ()
    is_inference = True
    any_made: ClassVar[bool] = False


def _is_of_numpy(owner: object) -> bool:
    return type(owner) is np.ndarray and owner.flags.owndata


def _references(view: np.ndarray) -> int:
    return sys.getrefcount(view.base)


_ALONE: Final = _references(np.empty(1).view())
