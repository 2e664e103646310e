"""Intel's GPUs, as `torch.xpu` answers where there is none."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, NoReturn

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tensor.tensor import Tensor

default_generators: tuple[Any, ...] = ()


def is_available() -> bool:
    """Return False."""
    return False


def device_count() -> int:
    """Return 0."""
    return 0


def _none(name: str) -> Any:
    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise AssertionError("Torch not compiled with XPU enabled")

    refuse.__name__ = refuse.__qualname__ = name
    refuse.__doc__ = "Raise AssertionError, as PyTorch does without a GPU of Intel's."
    return refuse


_WITHOUT = (
    *("can_device_access_peer", "current_device", "current_stream", "get_rng_state"),
    *("get_device_capability", "get_device_name", "get_device_properties", "init"),
    *("get_per_process_memory_fraction", "initial_seed", "mem_get_info", "set_device"),
    *("reset_accumulated_memory_stats", "reset_peak_memory_stats", "set_rng_state"),
    *("set_per_process_memory_fraction", "set_stream", "synchronize"),
)
globals().update({name: _none(name) for name in _WITHOUT})


def is_current_stream_capturing() -> bool:
    """Return False."""
    return False


def is_initialized() -> bool:
    """Return False."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Return False."""
    return False


def is_tf32_supported() -> bool:
    """Return False."""
    return False


def empty_cache() -> None:
    """Do nothing."""


def get_arch_list() -> list[str]:
    """Return an empty list."""
    return []


def get_gencode_flags() -> str:
    """Return an empty text."""
    return ""


def manual_seed(seed: int) -> None:
    """Do nothing: there is no generator."""


def manual_seed_all(seed: int) -> None:
    """Do nothing: there is no generator."""


def seed() -> None:
    """Do nothing: there is no generator."""


def seed_all() -> None:
    """Do nothing: there is no generator."""


def get_rng_state_all() -> list[Tensor]:
    """Return an empty list."""
    return []


def set_rng_state_all(new_states: Iterable[Tensor]) -> None:
    """Do nothing if there are no states.

    Raises:
        AssertionError: there is a state, and no generator for it.
    """
    for _ in new_states:
        _none("set_rng_state")()


def memory_allocated(device: DeviceLike | None = None) -> int:
    """Return 0."""
    return 0


def max_memory_allocated(device: DeviceLike | None = None) -> int:
    """Return 0."""
    return 0


def memory_reserved(device: DeviceLike | None = None) -> int:
    """Return 0."""
    return 0


def max_memory_reserved(device: DeviceLike | None = None) -> int:
    """Return 0."""
    return 0


def memory_stats(device: DeviceLike | None = None) -> OrderedDict[str, Any]:
    """Return an empty dictionary."""
    return OrderedDict()


def memory_stats_as_nested_dict(device: DeviceLike | None = None) -> dict[str, Any]:
    """Return an empty dictionary."""
    return {}


def memory_snapshot(mempool_id: object = None) -> list[dict[str, Any]]:
    """Return an empty list."""
    return []


class device:  # noqa: N801 - PyTorch's name
    """Select a GPU in a `with` block: nothing for None or a number below 0.

    Raises:
        AssertionError: on entering with another one.
    """

    def __init__(self, device: object) -> None:
        self.wanted = device

    def __enter__(self) -> None:
        none = self.wanted is None
        if not none and not (isinstance(self.wanted, int) and self.wanted < 0):
            _none("set_device")()

    def __exit__(self, *error: object) -> None:
        return


class device_of(device):  # noqa: N801 - PyTorch's name
    """Select the GPU of a tensor in a `with` block; none of these has one."""

    def __init__(self, obj: object) -> None:
        super().__init__(None)


class Stream:
    """A stream of a GPU: to make one raises AssertionError."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        _none("Stream")()


class Event(Stream):
    """An event of a stream: to make one raises AssertionError."""


class StreamContext:
    """Select a stream in a `with` block; None selects none."""

    def __init__(self, stream: Stream | None) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        return

    def __exit__(self, *error: object) -> None:
        return


def stream(stream: Stream | None) -> StreamContext:
    """Select a stream in a `with` block; None selects none."""
    return StreamContext(stream)


streams = show_as(
    f"{__name__}.streams",
    {"Event": Event, "Stream": Stream, "StreamContext": StreamContext},
)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "xpu")


__all__ = [
    *_WITHOUT,
    "Event",
    "Stream",
    "StreamContext",
    "default_generators",
    "device",
    "device_count",
    "device_of",
    "empty_cache",
    "get_arch_list",
    "get_gencode_flags",
    "get_rng_state_all",
    "is_available",
    "is_bf16_supported",
    "is_current_stream_capturing",
    "is_initialized",
    "is_tf32_supported",
    "manual_seed",
    "manual_seed_all",
    "max_memory_allocated",
    "max_memory_reserved",
    "memory_allocated",
    "memory_reserved",
    "memory_snapshot",
    "memory_stats",
    "memory_stats_as_nested_dict",
    "seed",
    "seed_all",
    "set_rng_state_all",
    "stream",
]
