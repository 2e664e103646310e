"""Properties of GPUs."""

from typing import Any, NamedTuple, Self


class DeviceProperties(NamedTuple):
    """Properties of a GPU, as PyTorch's `_CudaDeviceProperties`.

    `total_memory` is what JAX may use of it.
    """

    name: str
    major: int
    minor: int
    total_memory: int
    multi_processor_count: int

    @classmethod
    def of(cls, found: Any) -> Self:
        """Return the properties of one of JAX's devices."""
        major, _, minor = str(getattr(found, "compute_capability", "0.0")).partition(
            "."
        )
        stats = found.memory_stats() or {}
        return cls(
            str(found.device_kind),
            int(major),
            int(minor or 0),
            int(stats.get("bytes_limit", 0)),
            int(getattr(found, "core_count", 0)),
        )
