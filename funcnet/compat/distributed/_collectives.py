"""Collectives of a group of one process: what it gives, it gets."""

import copy
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.context import no_grad
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributed._group import ProcessGroup, member
from funcnet.compat.distributed._work import Work, done


def _check(tensors: Any, name: str) -> None:
    count = tensors if isinstance(tensors, list | tuple) else [tensors]
    if not all(isinstance(x, Tensor) for x in count):
        kind = "List[torch.Tensor]" if count is tensors else "torch.Tensor"
        raise TypeError(
            f"Invalid function argument. Expected parameter `{name}` of type {kind}\n"
            f"             but got {type(tensors)} instead."
        )


def _root(rank: int | None, more: Any = None) -> None:
    """Raise where a rank is meant that there is not."""
    result = rank if rank is not None else more if more is not None else 0
    if result != 0:
        raise ValueError(f"rank {result} is not in a group of one process")


def _one(tensors: Sequence[Any], name: str) -> Any:
    if len(tensors) != 1:
        raise ValueError(
            f"{name} has {len(tensors)} entries, for a group of one process"
        )
    return tensors[0]


def _put(place: Tensor, x: Tensor) -> None:
    with no_grad():
        place.copy_(x.detach().view(place.shape))


def all_reduce(
    tensor: Tensor,
    op: object = "SUM",
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
) -> Work | None:
    """Reduce over all processes, in place: the tensor as it is."""
    _check(tensor, "tensor")
    member(group)
    return done([tensor], async_op)


def reduce(
    tensor: Tensor,
    dst: int | None = None,
    op: object = "SUM",
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """Reduce to one process, in place: the tensor as it is."""
    _check(tensor, "tensor")
    member(group)
    _root(dst, group_dst)
    return done([tensor], async_op)


def broadcast(
    tensor: Tensor,
    src: int | None = None,
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
    group_src: int | None = None,
) -> Work | None:
    """Send a tensor to all processes: it stays as it is."""
    _check(tensor, "tensor")
    member(group)
    _root(src, group_src)
    return done([tensor], async_op)


def all_gather(
    tensor_list: list[Tensor],
    tensor: Tensor,
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
) -> Work | None:
    """Put the tensors of all processes into a list of tensors."""
    _check(tensor_list, "tensor_list")
    _check(tensor, "tensor")
    member(group)
    _put(_one(tensor_list, "tensor_list"), tensor)
    return done(tensor_list, async_op)


def all_gather_into_tensor(
    output_tensor: Tensor,
    input_tensor: Tensor,
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
) -> Work | None:
    """Put the tensors of all processes into one tensor."""
    _check(output_tensor, "output_tensor")
    _check(input_tensor, "input_tensor")
    member(group)
    _put(output_tensor, input_tensor)
    return done([output_tensor], async_op)


def gather(
    tensor: Tensor,
    gather_list: list[Tensor] | None = None,
    dst: int | None = None,
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """Put the tensors of all processes into a list of one of them."""
    _check(tensor, "tensor")
    member(group)
    _root(dst, group_dst)
    if not gather_list:
        raise ValueError(
            "Argument ``gather_list`` must be specified on destination rank."
        )
    _put(_one(gather_list, "gather_list"), tensor)
    return done(gather_list, async_op)


def scatter(
    tensor: Tensor,
    scatter_list: list[Tensor] | None = None,
    src: int | None = None,
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
    group_src: int | None = None,
) -> Work | None:
    """Send each process a tensor of a list of one of them."""
    _check(tensor, "tensor")
    member(group)
    _root(src, group_src)
    if not scatter_list:
        raise ValueError("Argument ``scatter_list`` must be specified on source rank.")
    _put(tensor, _one(scatter_list, "scatter_list"))
    return done([tensor], async_op)


def reduce_scatter(
    output: Tensor,
    input_list: list[Tensor],
    op: object = "SUM",
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
) -> Work | None:
    """Reduce lists of tensors, and give each process one."""
    _check(output, "output")
    _check(input_list, "input_list")
    member(group)
    _put(output, _one(input_list, "input_list"))
    return done([output], async_op)


def reduce_scatter_tensor(
    output: Tensor,
    input: Tensor,
    op: object = "SUM",
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
) -> Work | None:
    """Reduce tensors, and give each process a part."""
    _check(output, "output")
    _check(input, "input")
    member(group)
    _put(output, input)
    return done([output], async_op)


def all_to_all(
    output_tensor_list: list[Tensor],
    input_tensor_list: list[Tensor],
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
) -> Work | None:
    """Send each process a tensor of the list, and get one of each."""
    member(group)
    inner = _one(input_tensor_list, "input_tensor_list")
    _put(_one(output_tensor_list, "output_tensor_list"), inner)
    return done(output_tensor_list, async_op)


def all_to_all_single(
    output: Tensor,
    input: Tensor,
    output_split_sizes: Sequence[int] | None = None,
    input_split_sizes: Sequence[int] | None = None,
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
) -> Work | None:
    """Send each process a part of a tensor, and get one of each."""
    _check(output, "output")
    _check(input, "input")
    member(group)
    _put(output, input)
    return done([output], async_op)


def barrier(
    group: ProcessGroup | int | None = None,
    async_op: bool = False,
    device_ids: Sequence[int] | None = None,
) -> Work | None:
    """Wait for all processes: for none."""
    member(group)
    return done(None, async_op)


def monitored_barrier(
    group: ProcessGroup | int | None = None,
    timeout: timedelta | float | None = None,
    wait_all_ranks: bool = False,
) -> None:
    """Wait for all processes: for none."""
    member(group)


# --- objects --------------------------------------------------------------------------


def all_gather_object(
    object_list: list[Any], obj: object, group: ProcessGroup | int | None = None
) -> None:
    """Put the objects of all processes into a list."""
    member(group)
    _one(object_list, "object_list")
    object_list[0] = copy.deepcopy(obj)


def gather_object(
    obj: object,
    object_gather_list: list[Any] | None = None,
    dst: int | None = None,
    group: ProcessGroup | int | None = None,
    group_dst: int | None = None,
) -> None:
    """Put the objects of all processes into a list of one of them."""
    member(group)
    _root(dst, group_dst)
    if not object_gather_list:
        raise ValueError(
            "Argument ``object_gather_list`` must be specified on destination rank."
        )
    _one(object_gather_list, "object_gather_list")
    object_gather_list[0] = copy.deepcopy(obj)


def broadcast_object_list(
    object_list: list[Any],
    src: int | None = None,
    group: ProcessGroup | int | None = None,
    device: DeviceLike | None = None,
    group_src: int | None = None,
) -> None:
    """Send objects to all processes: they stay as they are."""
    member(group)
    _root(src, group_src)


def scatter_object_list(
    scatter_object_output_list: list[Any],
    scatter_object_input_list: list[Any] | None = None,
    src: int | None = None,
    group: ProcessGroup | int | None = None,
    group_src: int | None = None,
) -> None:
    """Send each process an object of a list of one of them."""
    member(group)
    _root(src, group_src)
    if not isinstance(scatter_object_output_list, list) or not (
        scatter_object_output_list
    ):
        raise ValueError(
            "Expected argument scatter_object_output_list to be a list of size at "
            "least 1."
        )
    given = _one(scatter_object_input_list or [], "scatter_object_input_list")
    scatter_object_output_list[0] = copy.deepcopy(given)
