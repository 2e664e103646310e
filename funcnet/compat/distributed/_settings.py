"""Settings and errors of process groups, and calls that a group of one answers."""

import contextlib
import datetime
import enum
from collections.abc import Iterator, Sequence
from typing import Any, Final, NewType

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributed._collectives import all_reduce
from funcnet.compat.distributed._group import (
    ProcessGroup,
    ReduceOp,
    get_rank,
    is_initialized,
)
from funcnet.compat.distributed._stores import DistError

default_pg_timeout: Final = datetime.timedelta(seconds=1800)
GroupName = NewType("GroupName", str)


class DistBackendError(DistError):
    """The error of a backend; nothing raises it here."""


class DistNetworkError(DistError):
    """The error of a network; nothing raises it here."""


class DistStoreError(DistError):
    """The error of a store."""


class QueueEmptyError(DistStoreError):
    """The error of taking from a queue in a store that is empty."""


class DebugLevel(enum.Enum):
    """How much is said about collectives."""

    OFF = 0
    INFO = 1
    DETAIL = 2


_level = DebugLevel.OFF


def get_debug_level() -> DebugLevel:
    """Return what was set; it has no effect."""
    return _level


def set_debug_level(level: DebugLevel) -> None:
    """Accepted: a group of one has nothing to say."""
    global _level
    _level = level


def set_debug_level_from_env() -> None:
    """Accepted: a group of one has nothing to say."""


class _Options:
    """Settings of a collective, which a group of one needs none of."""

    facts: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.timeout = datetime.timedelta(milliseconds=-1)
        self.asyncOp = True
        for name in self.facts:
            setattr(self, name, _DEFAULTS[name]())


_DEFAULTS: Final[dict[str, Any]] = {
    "reduceOp": lambda: ReduceOp.SUM,
    "rootRank": int,
    "rootTensor": int,
    "device_ids": list,
    "device": lambda: None,
}


class AllToAllOptions(_Options):
    """Settings of `all_to_all`."""


class AllreduceOptions(_Options):
    """Settings of `all_reduce`."""

    facts = ("reduceOp",)


class AllreduceCoalescedOptions(AllreduceOptions):
    """Settings of `all_reduce_coalesced`."""


class BarrierOptions(_Options):
    """Settings of `barrier`."""

    facts = ("device_ids", "device")


class BroadcastOptions(_Options):
    """Settings of `broadcast`."""

    facts = ("rootRank", "rootTensor")


class GatherOptions(_Options):
    """Settings of `gather`."""

    facts = ("rootRank",)


class ReduceOptions(_Options):
    """Settings of `reduce`."""

    facts = ("reduceOp", "rootRank", "rootTensor")


class ReduceScatterOptions(_Options):
    """Settings of `reduce_scatter`."""

    facts = ("reduceOp",)


class ScatterOptions(_Options):
    """Settings of `scatter`."""

    facts = ("rootRank",)


class BackendConfig:
    """Which backend serves which kind of device."""

    def __init__(self, backend: str) -> None:
        text = str(backend)
        if ":" in text:
            pairs = dict(one.split(":") for one in text.split(","))
        else:
            pairs = dict.fromkeys(("cpu", "cuda"), text)
        self.device_backend_map = pairs

    def get_device_backend_map(self) -> dict[str, str]:
        """Return the backends by device."""
        return self.device_backend_map

    def __repr__(self) -> str:
        return ",".join(f"{a}:{b}" for a, b in self.device_backend_map.items())


class _reduce_op:  # noqa: N801 - PyTorch's name
    """The old names of `ReduceOp`."""

    def __getattr__(self, name: str) -> Any:
        return getattr(ReduceOp, name)


reduce_op = _reduce_op()


def get_pg_count() -> int:
    """Return how many groups there are."""
    return int(is_initialized())


def get_default_backend_for_device(device: object) -> str:
    """Return the backend that PyTorch takes for a device."""
    kind = str(getattr(device, "type", device)).partition(":")[0]
    backends = {"cpu": "gloo", "cuda": "nccl", "xpu": "xccl"}
    if kind not in backends:
        raise ValueError(f"Default backend not registered for device : {kind}")
    return backends[kind]


@contextlib.contextmanager
def record_comm(name: str) -> Iterator[None]:
    """Accepted for a `with` block: collectives of one process take no time."""
    yield


def all_reduce_coalesced(
    tensors: Sequence[Tensor] | Tensor,
    op: object = ReduceOp.SUM,
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
) -> Any:
    """Reduce several tensors over the processes."""
    several = [tensors] if isinstance(tensors, Tensor) else tensors
    works = [all_reduce(one, op, group, async_op) for one in several]
    return works[-1] if works and async_op else None


def breakpoint(rank: int = 0, skip: int = 0, timeout_s: int = 3600) -> None:
    """Enter the debugger on one process."""
    if get_rank() == rank:
        import pdb

        pdb.set_trace()
