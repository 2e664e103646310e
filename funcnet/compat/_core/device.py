"""Devices: PyTorch's names for the ones JAX has."""

import contextlib
import functools
import re
from typing import Any, Final

import jax

from funcnet.compat._core.context import thread
from funcnet.compat._core.device_errors import NoGPUError
from funcnet.data import get_worker_info


class device:  # noqa: N801 - PyTorch's name
    """Where a tensor lies, as `torch.device`: "cpu", "cuda" or "cuda:1"."""

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __new__(cls, type: "device | str | int", index: int | None = None) -> "device":
        if isinstance(type, device):
            return type
        if isinstance(type, int):
            index, type = type, "cuda"
        if not isinstance(type, str):
            raise TypeError(
                f"device(): argument 'type' must be str, not {type.__class__.__name__}"
            )
        result = re.fullmatch(r"([a-z]+)(?::(\d+))?", type)
        if result is None:
            raise RuntimeError(f"Invalid device string: {type!r}")
        device_type, ordinal = result.groups()
        if device_type not in _TYPES:
            raise RuntimeError(
                f"Expected one of {', '.join(_TYPES)} device type at start of device "
                f"string: {device_type}"
            )
        return _interned(device_type, int(ordinal) if ordinal else index)

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type={self.type!r}{index})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __reduce__(self) -> Any:
        return device, (self.type, self.index)

    def __deepcopy__(self, memo: dict[int, Any]) -> "device":
        return self

    def __enter__(self) -> "device":
        thread.context.default_devices.append(self)
        return self

    def __exit__(self, *error: object) -> None:
        thread.context.default_devices.pop()


_TYPES = ("cpu", "cuda", "meta", "mps", "xpu", "xla", "hpu")


@functools.cache
def _interned(device_type: str, index: int | None) -> device:
    result = object.__new__(device)
    result.type, result.index = device_type, index
    return result


CPU = device("cpu")
# Of tensors that have a shape and a dtype but no values: nothing is computed there.
META = device("meta")
# Of arrays that are no tensors: they go where the tensors are that they are used with.
ANYWHERE = _interned("any", None)


def get_default_device() -> device:
    """Where tensors are made when no device is named."""
    chosen = thread.context.default_devices
    return chosen[-1] if chosen else CPU


def set_default_device(device: "device | str | int | None") -> None:
    """Make tensors of this thread lie on this device when no other is named."""
    chosen = thread.context.default_devices
    chosen[-1:] = [CPU if device is None else resolve_device(device)]


class Registry:
    """The devices that JAX has, for which it is asked when one is needed.

    Attributes:
        known_gpus: what JAX has said; None before it was asked.
        on_cpu: the context in which programs run where there is no GPU.
    """

    def __init__(self) -> None:
        self.known_gpus: tuple[jax.Device, ...] | None = None
        self.on_cpu: contextlib.AbstractContextManager[Any] = contextlib.nullcontext()

    @property
    def gpus(self) -> tuple[jax.Device, ...]:
        """The GPUs."""
        if self.known_gpus is None:
            try:
                self.known_gpus = tuple(jax.devices("gpu"))
            except RuntimeError:
                self.known_gpus = ()
        return self.known_gpus

    @functools.cached_property
    def cpu(self) -> jax.Device:
        """The processor."""
        return jax.devices("cpu")[0]


registry: Final = Registry()


def gpus() -> tuple[jax.Device, ...]:
    """The GPUs that JAX has."""
    return registry.gpus


def jax_device(target: device) -> jax.Device:
    """JAX's object for a device; what may go anywhere begins on the CPU."""
    return gpus()[target.index or 0] if target.type == "cuda" else registry.cpu


def on_device(target: device) -> contextlib.AbstractContextManager[Any]:
    """Let JAX compute there what is not bound to a device.

    Where there is a GPU, JAX would take it for tensors of the CPU, too.
    """
    return jax.default_device(jax_device(target)) if gpus() else registry.on_cpu


def resolve_device(target: Any) -> device:
    """The device meant by a name, an index, a device or None; it must exist."""
    if target is None:
        return get_default_device()
    if isinstance(target, int):
        target = device("cuda", target)
    target = device(target)
    if target.type == "cpu":
        return CPU
    if target.type == "meta":
        return META
    if target.type == "cuda":
        result = len(gpus())
        index = target.index or 0
        if index < result:
            return device("cuda", index)
        if not result:
            if get_worker_info() is not None:
                raise NoGPUError(
                    "Workers of a DataLoader compute on the processor: let the dataset "
                    'give tensors of the CPU and move each batch, x.to("cuda"), or use '
                    "num_workers=0."
                )
            raise NoGPUError(
                "This JAX has no GPU backend: Torch not compiled with CUDA enabled. "
                'Install it with pip install "funcnet[cuda]", or use '
                'device = "cuda" if torch.cuda.is_available() else "cpu".'
            )
        raise RuntimeError(
            f"CUDA error: invalid device ordinal {index}; there are {result} GPUs."
        )
    raise RuntimeError(
        f"The device type {target.type!r} does not exist here; there are "
        f"{'cpu and cuda' if gpus() else 'cpu'} devices."
    )
