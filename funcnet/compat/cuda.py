"""GPUs under the names of `torch.cuda`, answered for the devices that JAX has."""

from typing import Any

import jax

from funcnet.compat import _dtypes, amp  # noqa: F401 - torch.cuda.amp
from funcnet.compat._devices import device as Device
from funcnet.compat._devices import gpus, jax_device, placed
from funcnet.compat.random import manual_seed as _manual_seed


def is_available() -> bool:
    """Tell whether JAX has a GPU."""
    return bool(gpus())


def device_count() -> int:
    """How many GPUs JAX has."""
    return len(gpus())


def current_device() -> int:
    """The index of the GPU that "cuda" means."""
    placed("cuda")
    return 0


def set_device(device: Any) -> None:
    """Accepted for the first GPU; name the others in `to`."""
    if Device(device if not isinstance(device, int) else f"cuda:{device}").index:
        raise RuntimeError('There is no current device here: write x.to("cuda:1").')


def get_device_name(device: Any = None) -> str:
    """What a GPU is called."""
    return jax_device(placed("cuda" if device is None else device)).device_kind


def get_device_capability(device: Any = None) -> tuple[int, int]:
    """The compute capability of a GPU."""
    major, minor = jax_device(placed(device or "cuda")).compute_capability.split(".")
    return int(major), int(minor)


def synchronize(device: Any = None) -> None:
    """Run what is recorded and wait for it."""
    from funcnet.compat import _program

    _program.flush()
    jax.effects_barrier()


def empty_cache() -> None:
    """Accepted: XLA looks after its memory itself."""


def memory_allocated(device: Any = None) -> int:
    """Bytes in use on a GPU; 0 without one."""
    if not gpus():
        return 0
    stats = jax_device(placed(device or "cuda")).memory_stats() or {}
    return int(stats.get("bytes_in_use", 0))


def max_memory_allocated(device: Any = None) -> int:
    """The most bytes that were in use on a GPU; 0 without one."""
    if not gpus():
        return 0
    stats = jax_device(placed(device or "cuda")).memory_stats() or {}
    return int(stats.get("peak_bytes_in_use", 0))


def manual_seed(seed: int) -> None:
    """Seed what is drawn on a GPU: the same generator draws for all devices."""
    _manual_seed(seed)


manual_seed_all = manual_seed


def is_bf16_supported() -> bool:
    """Tell whether the GPU computes with bfloat16."""
    return is_available()


def __getattr__(name: str) -> Any:
    """`torch.cuda.FloatTensor` and the like make tensors on the GPU."""
    from funcnet.compat._ops import FUNCTIONS

    kind = name.removesuffix("Tensor").lower()
    if name.endswith("Tensor") and kind in _dtypes.ALIASES | {"byte": 0, "char": 0}:
        return lambda *data: FUNCTIONS[name](*data).cuda()
    raise AttributeError(f"module 'torch.cuda' has no attribute {name!r}")
