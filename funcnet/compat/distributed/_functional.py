"""Collectives that return what they give, with gradients, of a group of one process.

They are shown as `torch.distributed._functional_collectives` and as
`torch.distributed.nn.functional`. One process receives what it sends, and its gradients
come back as they are.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.refused import refused
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributed._collectives import _enter, _only
from funcnet.compat.distributed._group import Group

_PACKAGE: Final = "funcnet.compat.distributed"


def _received(x: Tensor, group: Group, *ranks: int | None) -> Tensor:
    """The tensor as the only process of a group receives it: a copy."""
    _enter(group, *ranks, tensor=x)
    return x.clone()


def wait_tensor(tensor: Tensor) -> Tensor:
    """Return the tensor: a collective of one process has ended when it returns."""
    return tensor


def _reduces(tensor: Tensor, reduceOp: object, group: Group, tag: str = "") -> Tensor:
    """Return the tensor reduced across all processes."""
    return _received(tensor, group)


def _gathers(tensor: Tensor, gather_dim: int, group: Group, tag: str = "") -> Tensor:
    """Return the tensors of all processes, joined along `gather_dim`."""
    return _received(tensor, group)


def _reduces_and_scatters(
    tensor: Tensor, reduceOp: object, scatter_dim: int, group: Group, tag: str = ""
) -> Tensor:
    """Return this process's part of the sum of all tensors."""
    return _received(tensor, group)


def _exchanges(
    tensor: Tensor,
    output_split_sizes: Sequence[int] | None,
    input_split_sizes: Sequence[int] | None,
    group: Group,
    tag: str = "",
) -> Tensor:
    """Return what all processes sent to this one, joined along the first dimension."""
    return _received(tensor, group)


def _broadcasts(tensor: Tensor, src: int, group: Group, tag: str = "") -> Tensor:
    """Return the tensor of the process `src`."""
    return _received(tensor, group, src)


def _reduce(tensor: Tensor, op: object = "SUM", group: Group = None) -> Tensor:
    """Return the tensor reduced across all processes."""
    return _received(tensor, group)


def _gather(tensor: Tensor, dst: int = 0, group: Group = None) -> tuple[Tensor, ...]:
    """Return the tensors of all processes."""
    return (_received(tensor, group, dst),)


def _all_gather(tensor: Tensor, group: Group = None) -> tuple[Tensor, ...]:
    """Return the tensors of all processes."""
    return (_received(tensor, group),)


def _broadcast(tensor: Tensor, src: int, group: Group = None) -> Tensor:
    """Return the tensor of the process `src`."""
    return _received(tensor, group, src)


def _scatter(tensors: Sequence[Tensor], src: int = 0, group: Group = None) -> Tensor:
    """Return this process's entry of the list of the process `src`."""
    return _received(_only(tensors, "tensors"), group, src)


def _reduce_to(
    tensor: Tensor, dst: int, op: object = "SUM", group: Group = None
) -> Tensor:
    """Return the tensor reduced across all processes, to the process `dst`."""
    return _received(tensor, group, dst)


def _reduce_scatter(
    output: Tensor,
    input_list: Sequence[Tensor],
    op: object = "SUM",
    group: Group = None,
) -> Tensor:
    """Return this process's entry of the sum of all lists."""
    return _received(_only(input_list, "input_list"), group)


def _all_to_all(
    output_tensor_list: Sequence[Tensor],
    input_tensor_list: Sequence[Tensor],
    group: Group = None,
) -> tuple[Tensor, ...]:
    """Return what all processes sent to this one."""
    return (_received(_only(input_tensor_list, "input_tensor_list"), group),)


_FUNCTIONAL: Final[dict[str, Callable[..., Any]]] = {
    "wait_tensor": wait_tensor,
    "all_reduce": _reduces,
    "all_gather_tensor": _gathers,
    "all_gather_tensor_autograd": _gathers,
    "reduce_scatter_tensor": _reduces_and_scatters,
    "reduce_scatter_tensor_autograd": _reduces_and_scatters,
    "all_to_all_single": _exchanges,
    "all_to_all_single_autograd": _exchanges,
    "broadcast": _broadcasts,
}
_WITH_GRADIENTS: Final[dict[str, Callable[..., Any]]] = {
    "all_reduce": _reduce,
    "all_gather": _all_gather,
    "all_to_all": _all_to_all,
    "broadcast": _broadcast,
    "gather": _gather,
    "reduce": _reduce_to,
    "reduce_scatter": _reduce_scatter,
    "scatter": _scatter,
}


def show_functions() -> None:
    """Show the functions, and PyTorch's constants, under PyTorch's module names."""
    show_as(f"{_PACKAGE}._functional_collectives", _FUNCTIONAL)
    remote = refused("distributed.nn", "there is one process so far", "RemoteModule")
    nn = show_as(f"{_PACKAGE}.nn", _WITH_GRADIENTS | remote)
    nn.__path__ = []
    show_as(f"{_PACKAGE}.nn.functional", _WITH_GRADIENTS)
    show_as(
        f"{_PACKAGE}.constants",
        {"default_pg_timeout": timedelta(minutes=30), "default_pg_nccl_timeout": None},
    )
