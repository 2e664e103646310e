"""The fastest device there is, as `torch.accelerator`."""

from typing import Any

from funcnet.compat import cuda
from funcnet.compat._devices import device


def is_available() -> bool:
    """Tell whether there is anything faster than the CPU."""
    return cuda.is_available()


def current_accelerator(check_available: bool = False) -> device | None:
    """The kind of device, or None."""
    return device("cuda") if cuda.is_available() else None


def device_count() -> int:
    """How many there are."""
    return cuda.device_count()


def current_device_index() -> int:
    """The one that is meant when no number is named."""
    return cuda.current_device()


def set_device_index(index: Any) -> None:
    """Accepted for the first one."""
    cuda.set_device(index)


def synchronize(device: Any = None) -> None:
    """Run what is recorded and wait for it."""
    cuda.synchronize(device)
