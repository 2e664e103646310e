"""Process groups: none, or the group of one process."""

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ClassVar, NoReturn, TypeAlias

_UNSET = (
    "Default process group has not been initialized, please make sure to call "
    "init_process_group."
)


class ReduceOp:
    """Reduction operations."""

    SUM, PRODUCT, MIN, MAX, BAND, BOR, BXOR, AVG, PREMUL_SUM = (
        *("SUM", "PRODUCT", "MIN", "MAX", "BAND", "BOR", "BXOR", "AVG", "PREMUL_SUM"),
    )
    RedOpType: ClassVar[Any]


ReduceOp.RedOpType = ReduceOp


class Backend(str):
    """Name of a backend; with one process any is accepted."""

    __slots__ = ()

    UNDEFINED = "undefined"
    GLOO = "gloo"
    NCCL = "nccl"
    UCC = "ucc"
    MPI = "mpi"
    XCCL = "xccl"
    backend_list: ClassVar[list[str]] = [UNDEFINED, GLOO, NCCL, XCCL, UCC, MPI]

    def __new__(cls, name: str) -> "Backend":
        if not isinstance(name, str):
            raise ValueError("Backend constructor parameter must be string-ish")
        return super().__new__(cls, name.lower())

    @classmethod
    def register_backend(
        cls, name: str, func: Callable[..., object], **more: object
    ) -> NoReturn:
        """Raise NotImplementedError: one process sends no messages."""
        raise NotImplementedError(
            "torch.distributed: there is one process, whose messages nothing carries."
        )


class ProcessGroup:
    """Process group of this one process."""

    def __init__(self, backend: str = "gloo", name: str = "0") -> None:
        self._backend = Backend(backend)
        self.group_name = name
        self.group_desc = "default_pg" if name == "0" else "undefined"

    def rank(self) -> int:
        """Return 0."""
        return 0

    def size(self) -> int:
        """Return 1."""
        return 1

    def name(self) -> str:
        """Return the backend's name."""
        return str(self._backend)


Group: TypeAlias = ProcessGroup | int | None
"""What a group is given as: itself, "not in it" as a number, or None: the default."""


class GroupMember:
    """Default group, and the mark of groups that a process is not in."""

    WORLD: ClassVar[Any] = None
    NON_GROUP_MEMBER: ClassVar[Any] = -100


class _World:
    @property
    def WORLD(self) -> Any:  # noqa: N802 - PyTorch's name
        """The default group, or None."""
        return GroupMember.WORLD


group = _World()


def is_available() -> bool:
    """Return True: a group of one process is supported."""
    return True


def is_initialized() -> bool:
    """Return whether there is a default group."""
    return GroupMember.WORLD is not None


def init_process_group(
    backend: str | None = None,
    init_method: str | None = None,
    timeout: timedelta | float | None = None,
    world_size: int = -1,
    rank: int = -1,
    store: object = None,
    group_name: str = "",
    pg_options: object = None,
    device_id: object = None,
) -> None:
    """Initialize the default group of one process, with any backend.

    Without `world_size` and `rank` they are taken from the environment, as launchers
    set it.

    Raises:
        ValueError: there is a default group already, or the size is not known.
        NotImplementedError: there are more processes.
    """
    if is_initialized():
        raise ValueError("trying to initialize the default process group twice!")
    if store is not None and not (world_size > 0 and rank >= 0):
        raise AssertionError(
            "world_size must be positive if using store"
            if rank >= 0
            else "rank must be non-negative if using store"
        )
    size = world_size if world_size > 0 else _from_environment("WORLD_SIZE")
    if size > 1:
        raise NotImplementedError(
            f"torch.distributed: {size} processes are asked for, and there is only a "
            "group of one so far. Start one process: python script.py, or torchrun "
            "--nproc-per-node=1. Several devices of one process are used by JAX's "
            "jax.sharding; see funcnet.distributed."
        )
    result = rank if rank >= 0 else _from_environment("RANK", 0)
    if result != 0:
        raise ValueError(f"rank {result} is not below the world size {size}")
    GroupMember.WORLD = ProcessGroup(backend or "gloo")


def _from_environment(name: str, default: int | None = None) -> int:
    result = os.environ.get(name)
    if result is not None:
        return int(result)
    if default is not None:
        return default
    raise ValueError(
        "Error initializing torch.distributed using env:// rendezvous: environment "
        f"variable {name} expected, but not set"
    )


def destroy_process_group(group: Group = None) -> None:
    """Destroy the default group; do nothing for another."""
    if group == GroupMember.NON_GROUP_MEMBER:
        return
    if not is_initialized():
        raise AssertionError("Process group cannot be None")
    if group is None or group is GroupMember.WORLD:
        GroupMember.WORLD = None


def member(group: Group = None) -> ProcessGroup | None:
    """Return the group or the default one; None for one that this process is not in.

    Raises:
        ValueError: it is the default group, and there is none.
    """
    if group is GroupMember.NON_GROUP_MEMBER:
        return None
    if group is not None:
        return group  # type: ignore[return-value]
    if GroupMember.WORLD is None:
        raise ValueError(_UNSET)
    return GroupMember.WORLD


def get_rank(group: Group = None) -> int:
    """Return 0, or -1 in a group that this process is not in."""
    return -1 if member(group) is None else 0


def get_world_size(group: Group = None) -> int:
    """Return 1, or -1 in a group that this process is not in."""
    return -1 if member(group) is None else 1


def get_backend(group: Group = None) -> Backend:
    """Return the backend of a group."""
    result = member(group)
    if result is None:
        raise ValueError("Invalid process group specified")
    return result._backend


def get_backend_config(group: Group = None) -> str:
    """Return the backend of each device type."""
    return f"cpu:{get_backend(group)},cuda:{get_backend(group)}"


def get_node_local_rank(fallback_rank: int | None = None) -> int:
    """Return the rank of the process on its machine, as set by the launcher."""
    result = os.environ.get("LOCAL_RANK")
    if result is not None:
        return int(result)
    if fallback_rank is not None:
        return int(fallback_rank)
    raise RuntimeError(
        "LOCAL_RANK is not in the environment. Consider passing fallback_rank to allow "
        "`get_node_local_rank` to work, assuming you are not running in a multi-device "
        "context and want the code to run locally instead."
    )


def new_group(
    ranks: Sequence[int] | None = None,
    timeout: timedelta | float | None = None,
    backend: str | None = None,
    pg_options: object = None,
    use_local_synchronization: bool = False,
    group_desc: str | None = None,
    device_id: object = None,
) -> Any:
    """Make a group of ranks, of which there is only 0."""
    default = member()
    assert default is not None, "it was asked for"
    wanted = [0] if ranks is None else list(ranks)
    if len(wanted) > 1:
        raise ValueError(
            "the new group's world size should be less or equal to the world size set "
            "by init_process_group"
        )
    if any(rank != 0 for rank in wanted):
        raise ValueError(
            "The new group's rank should be within the world_size set by "
            "init_process_group"
        )
    if not wanted:
        return GroupMember.NON_GROUP_MEMBER
    return ProcessGroup(backend or default._backend, "1")


def new_subgroups(
    group_size: int | None = None,
    group: Group = None,
    **more: object,
) -> tuple[Any, list[Any]]:
    """Split the default group into groups of `group_size`, which must be 1."""
    if (group_size or 1) > get_world_size(group):
        raise ValueError(
            f"The arg 'group_size' ({group_size}) must not exceed the world size (1)"
        )
    result = new_group([0])
    return result, [result]


def new_subgroups_by_enumeration(
    ranks_per_subgroup_list: Sequence[Sequence[int]], **more: object
) -> tuple[Any, list[Any]]:
    """Make groups of the given ranks."""
    result = [new_group(ranks) for ranks in ranks_per_subgroup_list]
    return (result[0] if result else None), result


def get_group_rank(group: ProcessGroup | int, global_rank: int) -> int:
    """Return the rank in a group of a global rank."""
    if global_rank != 0:
        raise ValueError(f"Global rank {global_rank} is not part of group {group}")
    return 0


def get_global_rank(group: ProcessGroup | int, group_rank: int) -> int:
    """Return the global rank of a rank in a group."""
    if group_rank != 0:
        raise ValueError(f"Group rank {group_rank} is not part of group {group}")
    return 0


def get_process_group_ranks(group: ProcessGroup | int) -> list[int]:
    """Return the global ranks of a group."""
    return [] if member(group) is None else [0]


def is_gloo_available() -> bool:
    """Return True: with one process any backend is accepted."""
    return True


def is_nccl_available() -> bool:
    """Return False: there are no messages between GPUs."""
    return False


is_mpi_available = is_ucc_available = is_xccl_available = is_nccl_available


def is_backend_available(backend: str) -> bool:
    """Return whether a backend is available."""
    return backend.lower() == "gloo"


def is_torchelastic_launched() -> bool:
    """Return whether a launcher of PyTorch has started this process."""
    return "TORCHELASTIC_RUN_ID" in os.environ


def supports_complex(reduce_op: object) -> bool:
    """Return whether an operation reduces complex numbers."""
    return reduce_op not in ("MAX", "MIN", "PRODUCT", "BAND", "BOR", "BXOR")
