"""The default group: none, or the one process that there is."""

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, ClassVar, NoReturn, TypeAlias

_UNSET = (
    "Default process group has not been initialized, please make sure to call "
    "init_process_group."
)


class ReduceOp:
    """How elements of several processes are put together."""

    SUM, PRODUCT, MIN, MAX, BAND, BOR, BXOR, AVG, PREMUL_SUM = (
        *("SUM", "PRODUCT", "MIN", "MAX", "BAND", "BOR", "BXOR", "AVG", "PREMUL_SUM"),
    )
    RedOpType: ClassVar[Any]


ReduceOp.RedOpType = ReduceOp


class Backend(str):
    """The name of what carries the messages; any will do for one process."""

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
        """Refuse: there is nothing to carry."""
        raise NotImplementedError(
            "torch.distributed: there is one process, whose messages nothing carries."
        )


class ProcessGroup:
    """Processes that compute together: this one."""

    def __init__(self, backend: str = "gloo", name: str = "0") -> None:
        self._backend = Backend(backend)
        self.group_name = name
        self.group_desc = "default_pg" if name == "0" else "undefined"

    def rank(self) -> int:
        """Zero."""
        return 0

    def size(self) -> int:
        """One."""
        return 1

    def name(self) -> str:
        """The backend's name."""
        return str(self._backend)


Group: TypeAlias = ProcessGroup | int | None
"""What a group is given as: itself, "not in it" as a number, or None: the default."""


class GroupMember:
    """Groups that a process belongs to, or does not."""

    WORLD: ClassVar[Any] = None
    NON_GROUP_MEMBER: ClassVar[Any] = -100


class _World:
    @property
    def WORLD(self) -> Any:  # noqa: N802 - PyTorch's name
        """The default group, or None."""
        return GroupMember.WORLD


group = _World()


def is_available() -> bool:
    """Yes: a group of one process."""
    return True


def is_initialized() -> bool:
    """Whether there is a default group."""
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
    """Make the default group, of one process; nothing is sent, whatever the backend.

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
    """Forget the default group, or do nothing for another."""
    if group == GroupMember.NON_GROUP_MEMBER:
        return
    if not is_initialized():
        raise AssertionError("Process group cannot be None")
    if group is None or group is GroupMember.WORLD:
        GroupMember.WORLD = None


def member(group: Group = None) -> ProcessGroup | None:
    """The group that is meant; None for one that this process is not in.

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
    """Zero, or -1 in a group that this process is not in."""
    return -1 if member(group) is None else 0


def get_world_size(group: Group = None) -> int:
    """One, or -1 in a group that this process is not in."""
    return -1 if member(group) is None else 1


def get_backend(group: Group = None) -> Backend:
    """The name that the group was made with."""
    result = member(group)
    if result is None:
        raise ValueError("Invalid process group specified")
    return result._backend


def get_backend_config(group: Group = None) -> str:
    """The backend of each kind of device."""
    return f"cpu:{get_backend(group)},cuda:{get_backend(group)}"


def get_node_local_rank(fallback_rank: int | None = None) -> int:
    """The number of the process on its machine, which the launcher has set."""
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
    """A group of these ranks, of which there is zero only."""
    default = member()
    assert default is not None, "it was asked for"
    wanted = [0] if ranks is None else list(ranks)
    if len(wanted) > 1:
        raise ValueError(
            "the new group's world size should be less or equal to the world size set "
            "by init_process_group"
        )
    if any(one != 0 for one in wanted):
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
    """Groups of so many processes: one of one."""
    if (group_size or 1) > get_world_size(group):
        raise ValueError(
            f"The arg 'group_size' ({group_size}) must not exceed the world size (1)"
        )
    result = new_group([0])
    return result, [result]


def new_subgroups_by_enumeration(
    ranks_per_subgroup_list: Sequence[Sequence[int]], **more: object
) -> tuple[Any, list[Any]]:
    """Groups of the given ranks."""
    result = [new_group(ranks) for ranks in ranks_per_subgroup_list]
    return (result[0] if result else None), result


def get_group_rank(group: ProcessGroup | int, global_rank: int) -> int:
    """The rank in a group of a rank in all."""
    if global_rank != 0:
        raise ValueError(f"Global rank {global_rank} is not part of group {group}")
    return 0


def get_global_rank(group: ProcessGroup | int, group_rank: int) -> int:
    """The rank in all of a rank in a group."""
    if group_rank != 0:
        raise ValueError(f"Group rank {group_rank} is not part of group {group}")
    return 0


def get_process_group_ranks(group: ProcessGroup | int) -> list[int]:
    """The ranks in a group."""
    return [] if member(group) is None else [0]


def is_gloo_available() -> bool:
    """Yes: for one process, any name will do."""
    return True


def is_nccl_available() -> bool:
    """No: there are no messages between GPUs."""
    return False


is_mpi_available = is_ucc_available = is_xccl_available = is_nccl_available


def is_backend_available(backend: str) -> bool:
    """Whether there is a backend of this name."""
    return backend.lower() == "gloo"


def is_torchelastic_launched() -> bool:
    """Whether a launcher of PyTorch has started this process."""
    return "TORCHELASTIC_RUN_ID" in os.environ


def supports_complex(reduce_op: object) -> bool:
    """Whether complex numbers can be reduced so."""
    return reduce_op not in ("MAX", "MIN", "PRODUCT", "BAND", "BOR", "BXOR")
