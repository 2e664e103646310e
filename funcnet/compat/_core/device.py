"""Devices: PyTorch's names for the ones JAX has."""

import contextlib
import functools
import re
from typing import Any, Final

import jax

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
        found = re.fullmatch(r"([a-z]+)(?::(\d+))?", type)
        if found is None:
            raise RuntimeError(f"Invalid device string: {type!r}")
        kind, number = found.groups()
        if kind not in _TYPES:
            raise RuntimeError(
                f"Expected one of {', '.join(_TYPES)} device type at start of device "
                f"string: {kind}"
            )
        return _interned(kind, int(number) if number else index)

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
        _defaults.append(self)
        return self

    def __exit__(self, *error: object) -> None:
        _defaults.pop()


_TYPES = ("cpu", "cuda", "meta", "mps", "xpu", "xla", "hpu")


@functools.cache
def _interned(kind: str, index: int | None) -> device:
    made = object.__new__(device)
    made.type, made.index = kind, index
    return made


CPU = device("cpu")
# Of tensors that have a shape and a dtype but no numbers: nothing is computed there.
META = device("meta")
# Of arrays that are no tensors: they go where the tensors are that they are used with.
ANYWHERE = _interned("any", None)
_defaults: list[device] = [CPU]


def get_default_device() -> device:
    """Where tensors are made when no device is named."""
    return _defaults[-1]


def set_default_device(where: "device | str | int | None") -> None:
    """Make tensors lie on this device when no other is named."""
    _defaults[-1] = CPU if where is None else placed(where)


@functools.cache
def gpus() -> tuple[jax.Device, ...]:
    """The GPUs that JAX has."""
    try:
        return tuple(jax.devices("gpu"))
    except RuntimeError:
        return ()


@functools.cache
def jax_device(where: device) -> jax.Device:
    """JAX's object for a device; what may go anywhere begins on the CPU."""
    if where.type == "cuda":
        return gpus()[where.index or 0]
    return jax.devices("cpu")[0]


_HERE: Final = contextlib.nullcontext()


def computing(where: device) -> contextlib.AbstractContextManager[Any]:
    """Let JAX compute there what is not bound to a device.

    Where there is a GPU, JAX would take it for tensors of the CPU, too.
    """
    return jax.default_device(jax_device(where)) if gpus() else _HERE


def placed(where: Any) -> device:
    """The device meant by a name, an index, a device or None; it must exist."""
    if where is None:
        return _defaults[-1]
    if isinstance(where, int):
        where = device("cuda", where)
    where = device(where)
    if where.type == "cpu":
        return CPU
    if where.type == "meta":
        return META
    if where.type == "cuda":
        found = len(gpus())
        index = where.index or 0
        if index < found:
            return device("cuda", index)
        if not found:
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
            f"CUDA error: invalid device ordinal {index}; there are {found} GPUs."
        )
    raise RuntimeError(
        f"The device type {where.type!r} does not exist here; there are "
        f"{'cpu and cuda' if gpus() else 'cpu'} devices."
    )
