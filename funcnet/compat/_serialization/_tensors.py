"""Tensors of a file: those that shared memory share it again."""

import jax
import numpy as np

from funcnet.checkpoint.pth import Storage, StoredTensor
from funcnet.checkpoint.pth._dtypes import HALVES
from funcnet.checkpoint.pth._tensors import is_contiguous
from funcnet.compat._core.context import no_grad
from funcnet.compat._core.device import CPU, jax_device
from funcnet.compat._serialization._locations import DeviceMap
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.views import alias


class Loaded:
    """The memory of a file's tensors.

    The first tensor of a storage holds it; what else lies there is a view of that one.
    The values may not be there until the file is loaded, unless `at_once`: for
    classes of the user's, whose constructors may read the values.
    """

    def __init__(self, devices: DeviceMap, at_once: bool) -> None:
        self.devices, self.at_once = devices, at_once
        self.first: dict[tuple[int, np.dtype], Tensor] = {}
        self.storages: list[Storage] = []  # identities are compared: let none go

    def tensor(self, stored: StoredTensor) -> Tensor:
        """The tensor that is described."""
        if stored.conj or stored.neg or not stored.size:
            return self._to_device(stored.array(), stored.storage)
        key = (id(stored.storage), stored.dtype)
        if key not in self.first:
            shape = stored.shape if stored.is_whole else (-1,)
            near = self.devices.of(stored.storage) == CPU and not self.at_once
            near = near and stored.dtype != HALVES  # which is made wide at once
            memory = stored.storage.room() if near else stored.storage.bytes()
            array = memory.view(stored.dtype).reshape(shape)
            self.first[key] = self._to_device(array, stored.storage)
            self.storages.append(stored.storage)
        base = self.first[key]
        if stored.is_whole and base.shape == stored.shape:
            return alias(base)
        with no_grad():
            return alias(_view(base, stored))

    def read_at_once(self) -> None:
        """Have the values there from now on: what is made of them looks at them."""
        self.at_once = True
        for storage in self.storages:
            storage.bytes()

    def _to_device(self, array: np.ndarray, storage: Storage) -> Tensor:
        target = self.devices.of(storage)
        if target == CPU:
            return from_array(array)
        if array.dtype == HALVES:
            return from_array(array).to(target)
        with jax.enable_x64(True):
            return from_array(jax.device_put(array, jax_device(target)), target)


def _view(base: Tensor, stored: StoredTensor) -> Tensor:
    """The part of a storage that a tensor shows."""
    shape, stride, offset = stored.shape, stored.stride, stored.offset
    order = sorted(range(len(shape)), key=lambda d: (-stride[d], shape[d] == 1, d))
    dense = tuple(shape[d] for d in order)
    if not is_contiguous(dense, tuple(stride[d] for d in order)):
        return base.reshape(-1).as_strided(shape, stride, offset)
    flat = base.view(-1)
    if stored.size != flat.shape[0]:
        flat = flat[offset : offset + stored.size]
    shown = flat.view(dense)
    if order == sorted(order):
        return shown
    back = sorted(range(len(order)), key=order.__getitem__)
    return shown.permute(back)
