"""Where the tensors of a file are put: `map_location`."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from funcnet.checkpoint.pth import Storage
from funcnet.checkpoint.pth._errors import DamagedError
from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.device import CPU, device, gpus, resolve_device
from funcnet.compat._messages.words.files import NoDeviceError

MapLocation: TypeAlias = (
    Callable[[Any, str], Any] | device | str | Mapping[str, str] | None
)


class LocatedStorage:
    """What a function given as `map_location` gets: memory, and where it shall be."""

    def __init__(self, storage: Storage, target: device = CPU) -> None:
        self._storage, self.device = storage, target

    def cpu(self) -> "LocatedStorage":
        """The same in the memory of the host."""
        return LocatedStorage(self._storage)

    def cuda(self, device: DeviceLike | None = None) -> "LocatedStorage":
        """The same on a GPU."""
        target = "cuda" if device is None else device
        return LocatedStorage(self._storage, resolve_device(target))

    def to(self, *, device: DeviceLike) -> "LocatedStorage":
        """The same on a device."""
        return LocatedStorage(self._storage, resolve_device(device))

    def nbytes(self) -> int:
        """How many bytes it has."""
        return self._storage.size


class DeviceMap:
    """The device of each storage, as `map_location` says."""

    def __init__(self, map_location: MapLocation) -> None:
        self.chosen = map_location
        self.known: dict[int, device] = {}

    def of(self, storage: Storage) -> device:
        """The device to which a storage goes."""
        if id(storage) not in self.known:
            self.known[id(storage)] = self._find(storage)
        return self.known[id(storage)]

    def _find(self, storage: Storage) -> device:
        chosen, location = self.chosen, storage.location
        if chosen is None:
            return _saved(location)
        if isinstance(chosen, str | device | int):
            return resolve_device(chosen)
        if isinstance(chosen, Mapping):
            return _saved(str(chosen.get(location, location)))
        if not callable(chosen):
            raise TypeError(
                "map_location is a device, its name, a dict of names or a function, "
                f"but got {type(chosen).__name__}"
            )
        result = chosen(LocatedStorage(storage), location)
        return _saved(location) if result is None else resolve_device(result.device)


def _saved(location: str) -> device:
    """The device from which a storage was saved; it must exist here."""
    device_type = location.partition(":")[0]
    if device_type == "cpu":
        return CPU
    if not re.fullmatch(r"[a-z]+(:\d{1,3})?", location):
        raise DamagedError(f"a storage was saved from {ascii(location)[:40]}.")
    if device_type != "cuda" or not gpus():
        raise NoDeviceError(
            f"Attempting to deserialize object on a {device_type.upper()} device but "
            f"torch.{device_type}.is_available() is False. Use torch.load with "
            "map_location=torch.device('cpu') to put the tensors on the CPU."
        )
    return resolve_device(location)
