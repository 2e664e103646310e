"""Where the numbers of a tensor lie, how they are copied, and how they are set."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core.annotations import MemoryFormat
from funcnet.compat._core.context import is_grad_recorded
from funcnet.compat._core.conversion import check_fits, converted
from funcnet.compat._core.device import META
from funcnet.compat._core.memory_format import strided
from funcnet.compat._core.shapes import cannot_write, no_dimension
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._core.strides import is_contiguous as lies_in_order
from funcnet.compat._engine.graph import constant
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.checks import check_broadcast, dimension
from funcnet.compat._ops.random.draws import order_of
from funcnet.compat._ops.registry import operation, register, register_attribute
from funcnet.compat._ops.resize import resize
from funcnet.compat._ops.writing import check_writable
from funcnet.compat._tensor.recording import ScalarInput, record_op
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor, like, wrap
from funcnet.compat._tensor.views import alias


@register("Tensor.size")
def size(self: Tensor, dim: int | None = None) -> Any:
    """The sizes of all dimensions, or of one, as `Tensor.size`."""
    shape = self._spec.shape
    return Size(shape) if dim is None else shape[_along(dim, shape)]


def _along(dim: int, shape: tuple[int, ...]) -> int:
    if not shape:
        raise IndexError(no_dimension(dim, 0))
    return dimension(dim, len(shape))


@register("Tensor.dim", "Tensor.ndimension")
def dim(self: Tensor) -> int:
    """The number of dimensions, as `Tensor.dim`."""
    return len(self._spec.shape)


@register("numel")
def numel(input: Tensor) -> int:
    """The number of elements, as `torch.numel`."""
    return input.shape.numel()


@register("Tensor.element_size")
def element_size(self: Tensor) -> int:
    """The bytes of one element, as `Tensor.element_size`."""
    return self.dtype.itemsize


register("Tensor.nelement")(numel)
register_attribute("itemsize", element_size)
register_attribute("nbytes", lambda self: self.dtype.itemsize * self.shape.numel())
register_attribute("layout", lambda self: strided)


@register("Tensor.stride")
def stride(self: Tensor, dim: int | None = None) -> Any:
    """How far apart in memory the elements along each dimension are."""
    steps = self._layout().stride
    return steps if dim is None else steps[_along(dim, steps)]


@register("Tensor.storage_offset")
def storage_offset(self: Tensor) -> int:
    """Where in memory the first element is, as `Tensor.storage_offset`."""
    return self._layout().offset


# What lies last in memory, of the dimensions of an image.
_LAST = {"channels_last": (0, 2, 3, 1), "channels_last_3d": (0, 2, 3, 4, 1)}


@register("Tensor.is_contiguous")
def is_contiguous(self: Tensor, memory_format: MemoryFormat | None = None) -> bool:
    """Return whether the elements lie one behind the other."""
    order = _LAST.get(memory_format.name) if memory_format is not None else None
    if order is None:
        plain = not self._steps and self._storage.host is None
        return plain or lies_in_order(self._layout())
    if len(order) != self.ndim:
        return False
    shape, steps, offset = self._layout()
    turned = tuple(shape[d] for d in order), tuple(steps[d] for d in order), offset
    return lies_in_order(type(self._layout())(*turned))


@register("Tensor.contiguous")
def contiguous(self: Tensor, memory_format: MemoryFormat | None = None) -> Tensor:
    """The tensor, or a copy whose elements lie one behind the other."""
    if memory_format is not None:
        rank = len(_LAST.get(memory_format.name, self._spec.shape))
        if rank != self.ndim:
            raise RuntimeError(
                f"required rank {rank} tensor to use {memory_format.name} format"
            )
    if is_contiguous(self) and order_of(self) is None:
        return self
    known = self._numpy_data()
    if known is not None and not self.requires_grad:
        return like(self, np.ascontiguousarray(known))
    return record_op(_CONTIGUOUS, (self,))


@register("Tensor.pin_memory")
def itself(self: Tensor, *args: object) -> Tensor:
    """The tensor: there is nothing to be done here."""
    return self


@register("Tensor.share_memory_")
def share_memory_(self: Tensor) -> Tensor:
    """Move the numbers to memory that processes share, as `Tensor.share_memory_`."""
    from funcnet.compat._tensor.shared_memory import share  # multiprocessing with it

    return share(self)


@register("Tensor.is_shared")
def is_shared(self: Tensor) -> bool:
    """Return whether processes share the memory, as `Tensor.is_shared`."""
    if self._storage.host is None:
        return False
    from funcnet.compat._tensor import shared_memory as _shared_memory

    return _shared_memory.is_shared(self)


@register("Tensor.is_pinned")
def is_pinned(self: Tensor, *args: object) -> bool:
    """No: such memory is not told apart here."""
    return False


# --- copies --------------------------------------------------------------------------

_CLONE = Op("clone", lambda x: x, strides=ResultStrides.ELEMENTWISE)
_CONTIGUOUS = Op("contiguous", lambda x: x, "CloneBackward0")
_COPY = Op(
    "copy_",
    lambda x, shape, kind: jnp.broadcast_to(converted(x, kind), shape),
    "CopyBackwards",
)


_COPY_OVER = Op(
    "copy",
    lambda x, y: jnp.broadcast_to(y, x.shape).astype(x.dtype),
    "CopyBackwards",
)


@register("clone")
def clone(input: Tensor, *, memory_format: MemoryFormat | None = None) -> Tensor:
    """A copy with its own memory, as `torch.clone`."""
    if input.requires_grad and is_grad_recorded():
        return record_op(_CLONE, (input,))
    # Values never change: the copy holds the same one until either is written to.
    return wrap(input._value())


@register("Tensor.copy_")
def copy_(self: Tensor, src: Tensor, non_blocking: bool = False) -> Tensor:
    """Copy the numbers of another tensor, broadcast and cast, into this one."""
    if isinstance(src, bool | int | float | complex | np.generic):
        return fill_(self, src)
    check_writable(self)
    if not isinstance(src, Tensor):
        raise TypeError(
            "copy_(): argument 'other' (position 1) must be Tensor, not "
            f"{type(src).__name__}"
        )
    if self._spec.device is META:  # which holds no numbers
        check_broadcast(self, src)
        return self
    src = src.to(self.device)
    mine, theirs = self._spec, src._spec
    if mine is not theirs:
        check_broadcast(self, src)
        together = np.broadcast_shapes(mine.shape, theirs.shape)
        if together != mine.shape:
            raise RuntimeError(cannot_write(mine.shape, together))
    if self.requires_grad and is_grad_recorded():  # its gradient ends here, with 0
        src = record_op(_COPY_OVER, (self, src))
        self._write(src._value(), src._grad_fn, src._output_nr)
    elif mine is not theirs or (src.requires_grad and is_grad_recorded()):
        src = record_op(_COPY, (src, mine.shape, mine.dtype))
        self._write(src._value(), src._grad_fn, src._output_nr)
    else:
        self._write(src._value())
    return self


# --- numbers set ---------------------------------------------------------------------

# Up to this many bytes, numbers that are all equal are made on the host.
SMALL = 1 << 16
_FILL = Op("fill", lambda x, value: jnp.full_like(x, value))


def _check_filled(input: Tensor, value: Any) -> None:
    if not isinstance(value, Tensor):
        check_fits(value, input._spec.dtype)


@operation("fill", method=False, scalars_as_inputs=True, validate=_check_filled)
def fill(input: Array, value: Array) -> Any:
    """A tensor of one number in the shape of another, as `torch.fill`."""
    _check_number(value)
    return jnp.broadcast_to(jnp.asarray(value).astype(input.dtype), input.shape)


def _check_number(value: Array | Tensor) -> None:
    if value.ndim:
        raise RuntimeError(
            "fill_ only supports 0-dimension value tensor but got tensor with "
            f"{value.ndim} dimensions."
        )


@register("fill_")
def fill_(input: Tensor, value: Any) -> Tensor:
    """Set all elements to a number, as `Tensor.fill_`."""
    if isinstance(value, Tensor):
        _check_number(value)
        return copy_(input, value)
    check_writable(input, equal=True)
    check_fits(value, input.dtype)
    differentiable = input.requires_grad and is_grad_recorded()
    count, dtype = input.shape.numel(), input.dtype
    if not differentiable and (
        count * dtype.itemsize <= SMALL or input._numpy_data() is not None
    ):
        array = converted(np.full(input._spec.shape, value), dtype)
        input._write(constant(array, input.device))
        return input
    new = record_op(
        _FILL, (input if differentiable else alias(input), ScalarInput(value))
    )
    input._write(new._value(), new._grad_fn, new._output_nr)
    return input


@register("zero_")
def zero_(input: Tensor) -> Tensor:
    """Set all elements to zero, as `Tensor.zero_`."""
    return fill_(input, 0)


@register("Tensor.resize_")
def resize_(
    self: Tensor, *size: Any, memory_format: MemoryFormat | None = None
) -> Tensor:
    """Change the shape, keeping what elements there are, as `Tensor.resize_`."""
    if self.requires_grad:
        raise RuntimeError("cannot resize variables that require grad")
    given = size[0] if len(size) == 1 and isinstance(size[0], tuple | list) else size
    shape = tuple([int(n) for n in given])
    resize(self, shape)
    return self


@register("resize_as_")
def resize_as_(input: Tensor, the_template: Tensor) -> Tensor:
    """Change the shape to that of another tensor, as `Tensor.resize_as_`."""
    return resize_(input, the_template._spec.shape)


@register("is_same_size")
def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Return whether two tensors have the same shape."""
    return input._spec.shape == other._spec.shape


@register("Tensor.is_set_to")
def is_set_to(self: Tensor, tensor: Tensor) -> bool:
    """Return whether two tensors show the same elements of the same memory."""
    same = self._storage is tensor._storage
    return same and self._layout() == tensor._layout()
