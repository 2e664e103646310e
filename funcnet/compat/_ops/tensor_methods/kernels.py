"""Kernels of `torch.ops.aten` that stand below what PyTorch offers by name."""

from collections.abc import Sequence
from typing import Any

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.dtype import dtype
from funcnet.compat._core.memory_format import layout, memory_format, preserve_format
from funcnet.compat._messages.refused import refused_function
from funcnet.compat._ops.registry import FUNCTIONS, register_kernel
from funcnet.compat._tensor.tensor import Tensor


@register_kernel("_to_copy")
def to_copy(
    self: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    pin_memory: bool = False,
    non_blocking: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Return a copy with another dtype or order in memory, dense and not pinned."""
    wanted = memory_format or preserve_format
    return self.to(device, dtype, non_blocking, True, memory_format=wanted)


@register_kernel("slice")
def slice_of(
    self: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    """Return a view of a slice of one dimension."""
    at: list[Any] = [slice(None)] * (self.dim() if dim < 0 else dim + 1)
    at[dim] = slice(start, end, step)
    return self[tuple(at)]


@register_kernel("index")
def index(self: Tensor, indices: Sequence[Tensor | None]) -> Tensor:
    """Return what tensors of indices pick; None takes a whole dimension."""
    return self[tuple([slice(None) if at is None else at for at in indices])]


@register_kernel("alias")
def alias(self: Tensor) -> Tensor:
    """Return a view of the whole tensor."""
    return self.view(self.shape)


@register_kernel("lift_fresh")
def lift_fresh(self: Tensor) -> Tensor:
    """Return the tensor."""
    return self


@register_kernel("_pin_memory")
def pin_memory(self: Tensor, device: DeviceLike | None = None) -> Tensor:
    """Return the tensor: XLA looks after its memory itself."""
    return self


@register_kernel("_sparse_addmm")
def sparse_addmm(*args: Any, **kwargs: Any) -> Any:
    """As `torch.addmm`."""
    return FUNCTIONS["addmm"](*args, **kwargs)


register_kernel("_sparse_mm_reduce_impl")(
    refused_function(
        "ops.aten._sparse_mm_reduce_impl",
        "use torch.sparse.mm, or scatter_reduce of the gathered rows",
    )
)
