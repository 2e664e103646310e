"""Point-to-point messages, for which a group of one has no other process."""

from collections.abc import Callable
from typing import Any, NoReturn

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributed._group import Group, member

_SELF = (
    "Invalid {what} rank: {what} rank should not be the same as the rank of the "
    "current process."
)


def _refuse(rank: int | None, what: str, group: Group) -> NoReturn:
    member(group)
    if rank in (0, None):
        raise ValueError(_SELF.format(what=what))
    raise ValueError(f"rank {rank} is not in a group of one process")


def send(
    tensor: Tensor,
    dst: int | None = None,
    group: Group = None,
    tag: int = 0,
    group_dst: int | None = None,
) -> NoReturn:
    """Raise ValueError: there is no other process."""
    _refuse(dst if dst is not None else group_dst, "destination", group)


isend = send


def recv(
    tensor: Tensor,
    src: int | None = None,
    group: Group = None,
    tag: int = 0,
    group_src: int | None = None,
) -> NoReturn:
    """Raise ValueError: there is no other process."""
    _refuse(src if src is not None else group_src, "source", group)


irecv = recv


def send_object_list(
    object_list: list[Any],
    dst: int | None = None,
    group: Group = None,
    **more: object,
) -> NoReturn:
    """Raise ValueError: there is no other process."""
    _refuse(dst, "destination", group)


def recv_object_list(
    object_list: list[Any],
    src: int | None = None,
    group: Group = None,
    **more: object,
) -> NoReturn:
    """Raise ValueError: there is no other process."""
    _refuse(src, "source", group)


class P2POp:
    """Message for `batch_isend_irecv`."""

    def __init__(
        self,
        op: Callable[..., object],
        tensor: Tensor,
        peer: int | None = None,
        group: Group = None,
        tag: int = 0,
        group_peer: int | None = None,
    ) -> None:
        self.op = op
        self.tensor = tensor
        self.peer = peer if peer is not None else group_peer
        self.group = group
        self.tag = tag


def batch_isend_irecv(p2p_op_list: list[P2POp]) -> list[Any]:
    """Send and receive messages; raises for each."""
    return [op.op(op.tensor, op.peer, op.group, op.tag) for op in p2p_op_list]
