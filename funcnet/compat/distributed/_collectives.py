"""Collectives of a group of one process: each receives what it sends."""

import copy
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.context import no_grad
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributed._group import Group, member
from funcnet.compat.distributed._work import Work, done


def _enter(
    group: Group, *ranks: int | None, **tensors: Tensor | Sequence[Tensor]
) -> None:
    """Check the arguments of a collective.

    Args:
        group: must be there.
        ranks: of the root, in all processes or in the group: the one that is given.
        tensors: tensors, or lists of them, by the names of their parameters.
    """
    for name, given in tensors.items():
        is_list = isinstance(given, list | tuple)
        if not all(isinstance(x, Tensor) for x in (given if is_list else [given])):
            wanted = "List[torch.Tensor]" if is_list else "torch.Tensor"
            raise TypeError(
                f"Invalid function argument. Expected parameter `{name}` of type "
                f"{wanted}\n             but got {type(given)} instead."
            )
    member(group)
    root = next((rank for rank in ranks if rank is not None), 0)
    if root != 0:
        raise ValueError(f"rank {root} is not in a group of one process")


def _only(items: Sequence[Any], name: str) -> Any:
    """Return the only entry of a list, one for each process."""
    if len(items) != 1:
        raise ValueError(f"{name} has {len(items)} entries, for a group of one process")
    return items[0]


def _copy_into(target: Tensor, x: Tensor) -> None:
    with no_grad():
        target.copy_(x.detach().view(target.shape))


def _deliver(target: Tensor, x: Tensor, async_op: bool) -> Work | None:
    """Finish a collective whose only result is `target`."""
    _copy_into(target, x)
    return done([target], async_op)


def _unchanged(
    tensor: Tensor, group: Group, async_op: bool, *ranks: int | None
) -> Work | None:
    """Finish a collective that leaves the tensor of a single process as it is."""
    _enter(group, *ranks, tensor=tensor)
    return done([tensor], async_op)


def all_reduce(
    tensor: Tensor, op: object = "SUM", group: Group = None, async_op: bool = False
) -> Work | None:
    """Reduce a tensor across all processes, in place: with one it stays as it is."""
    return _unchanged(tensor, group, async_op)


def reduce(
    tensor: Tensor,
    dst: int | None = None,
    op: object = "SUM",
    group: Group = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """Reduce a tensor to one process, in place: with one it stays as it is."""
    return _unchanged(tensor, group, async_op, dst, group_dst)


def broadcast(
    tensor: Tensor,
    src: int | None = None,
    group: Group = None,
    async_op: bool = False,
    group_src: int | None = None,
) -> Work | None:
    """Broadcast a tensor to all processes: with one it stays as it is."""
    return _unchanged(tensor, group, async_op, src, group_src)


def all_gather(
    tensor_list: list[Tensor],
    tensor: Tensor,
    group: Group = None,
    async_op: bool = False,
) -> Work | None:
    """Gather the tensors of all processes in a list."""
    _enter(group, tensor_list=tensor_list, tensor=tensor)
    _copy_into(_only(tensor_list, "tensor_list"), tensor)
    return done(tensor_list, async_op)


def all_gather_into_tensor(
    output_tensor: Tensor,
    input_tensor: Tensor,
    group: Group = None,
    async_op: bool = False,
) -> Work | None:
    """Gather the tensors of all processes in one tensor."""
    _enter(group, output_tensor=output_tensor, input_tensor=input_tensor)
    return _deliver(output_tensor, input_tensor, async_op)


def gather(
    tensor: Tensor,
    gather_list: list[Tensor] | None = None,
    dst: int | None = None,
    group: Group = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """Gather the tensors of all processes in a list of the destination."""
    _enter(group, dst, group_dst, tensor=tensor)
    if not gather_list:
        raise ValueError(
            "Argument ``gather_list`` must be specified on destination rank."
        )
    _copy_into(_only(gather_list, "gather_list"), tensor)
    return done(gather_list, async_op)


def scatter(
    tensor: Tensor,
    scatter_list: list[Tensor] | None = None,
    src: int | None = None,
    group: Group = None,
    async_op: bool = False,
    group_src: int | None = None,
) -> Work | None:
    """Scatter the tensors in a list of the source, one to each process."""
    _enter(group, src, group_src, tensor=tensor)
    if not scatter_list:
        raise ValueError("Argument ``scatter_list`` must be specified on source rank.")
    return _deliver(tensor, _only(scatter_list, "scatter_list"), async_op)


def reduce_scatter(
    output: Tensor,
    input_list: list[Tensor],
    op: object = "SUM",
    group: Group = None,
    async_op: bool = False,
) -> Work | None:
    """Reduce lists of tensors, then scatter the result, one to each process."""
    _enter(group, output=output, input_list=input_list)
    return _deliver(output, _only(input_list, "input_list"), async_op)


def reduce_scatter_tensor(
    output: Tensor,
    input: Tensor,
    op: object = "SUM",
    group: Group = None,
    async_op: bool = False,
) -> Work | None:
    """Reduce tensors, then scatter the result, a part to each process."""
    _enter(group, output=output, input=input)
    return _deliver(output, input, async_op)


def all_to_all(
    output_tensor_list: list[Tensor],
    input_tensor_list: list[Tensor],
    group: Group = None,
    async_op: bool = False,
) -> Work | None:
    """Scatter a list of tensors to all processes, and gather one from each."""
    member(group)
    inner = _only(input_tensor_list, "input_tensor_list")
    _copy_into(_only(output_tensor_list, "output_tensor_list"), inner)
    return done(output_tensor_list, async_op)


def all_to_all_single(
    output: Tensor,
    input: Tensor,
    output_split_sizes: Sequence[int] | None = None,
    input_split_sizes: Sequence[int] | None = None,
    group: Group = None,
    async_op: bool = False,
) -> Work | None:
    """Scatter the parts of a tensor to all processes, and gather one from each."""
    _enter(group, output=output, input=input)
    return _deliver(output, input, async_op)


def barrier(
    group: Group = None, async_op: bool = False, device_ids: Sequence[int] | None = None
) -> Work | None:
    """Wait for all processes: with one, return at once."""
    member(group)
    return done(None, async_op)


def monitored_barrier(
    group: Group = None,
    timeout: timedelta | float | None = None,
    wait_all_ranks: bool = False,
) -> None:
    """Wait for all processes: with one, return at once."""
    member(group)


# --- objects --------------------------------------------------------------------------


def all_gather_object(object_list: list[Any], obj: object, group: Group = None) -> None:
    """Gather the objects of all processes in a list."""
    member(group)
    _only(object_list, "object_list")
    object_list[0] = copy.deepcopy(obj)


def gather_object(
    obj: object,
    object_gather_list: list[Any] | None = None,
    dst: int | None = None,
    group: Group = None,
    group_dst: int | None = None,
) -> None:
    """Gather the objects of all processes in a list of the destination."""
    _enter(group, dst, group_dst)
    if not object_gather_list:
        raise ValueError(
            "Argument ``object_gather_list`` must be specified on destination rank."
        )
    _only(object_gather_list, "object_gather_list")
    object_gather_list[0] = copy.deepcopy(obj)


def broadcast_object_list(
    object_list: list[Any],
    src: int | None = None,
    group: Group = None,
    device: DeviceLike | None = None,
    group_src: int | None = None,
) -> None:
    """Broadcast a list of objects to all processes: with one it stays as it is."""
    _enter(group, src, group_src)


def scatter_object_list(
    scatter_object_output_list: list[Any],
    scatter_object_input_list: list[Any] | None = None,
    src: int | None = None,
    group: Group = None,
    group_src: int | None = None,
) -> None:
    """Scatter the objects in a list of the source, one to each process."""
    _enter(group, src, group_src)
    if not isinstance(scatter_object_output_list, list) or not (
        scatter_object_output_list
    ):
        raise ValueError(
            "Expected argument scatter_object_output_list to be a list of size at "
            "least 1."
        )
    given = _only(scatter_object_input_list or [], "scatter_object_input_list")
    scatter_object_output_list[0] = copy.deepcopy(given)
