"""Views that are rarer: diagonals, windows, strides, parts of complex numbers."""

from collections.abc import Callable

from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._core.context import is_grad_recorded
from funcnet.compat._ops.checks import dimension
from funcnet.compat._ops.registry import METHODS, register, register_attribute
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import (
    AS_COMPLEX,
    AS_REAL,
    AS_STRIDED,
    DIAGONAL,
    IMAG,
    REAL,
    UNFOLD,
    VIEW,
    ViewOp,
)
from funcnet.compat._tensor.views import alias, view_of


@register("diagonal")
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonals of matrices, as `torch.diagonal`."""
    first, second = dimension(dim1, input.ndim), dimension(dim2, input.ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    return view_of(input, DIAGONAL, offset, first, second)


@register("linalg.diagonal")
def linalg_diagonal(
    A: Tensor, *, offset: int = 0, dim1: int = -2, dim2: int = -1
) -> Tensor:
    """The diagonals of matrices, as `torch.linalg.diagonal`."""
    return diagonal(A, offset, dim1, dim2)


@register("Tensor.unfold")
def unfold(self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """All windows along a dimension, as `Tensor.unfold`."""
    if step <= 0:
        raise RuntimeError(f"step is {step} but must be > 0")
    dim = _dimension(dimension, self.ndim)
    length = self._spec.shape[dim] if self.ndim else 1
    if not 0 <= size <= length:
        raise RuntimeError(
            f"maximum size for tensor at dimension {dim} is {length} but size is {size}"
        )
    if not self.ndim:
        return view_of(self, VIEW, (1,)) if size else view_of(self, VIEW, (1,))[:0]
    return view_of(self, UNFOLD, dim, size, step)


_dimension = dimension  # which the arguments of `unfold` hide


@register("as_strided")
def as_strided(
    input: Tensor, size: ShapeLike, stride: ShapeLike, storage_offset: int | None = None
) -> Tensor:
    """Elements of the memory at given strides, as `torch.as_strided`."""
    offset = input._layout().offset if storage_offset is None else storage_offset
    size, stride = tuple(size), tuple(stride)
    last = offset + sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    memory = _own_elements(input)
    if memory is not None:
        start = input._layout().offset
        if start <= offset and last < start + memory.shape.numel():
            return view_of(memory, AS_STRIDED, size, stride, offset - start)
    memory = whole_memory(input)
    if 0 not in size and not 0 <= last < memory.shape.numel():
        bytes_, needed = memory.dtype.itemsize, last + 1
        raise RuntimeError(
            f"setStorage: sizes {list(size)}, strides {list(stride)}, storage offset "
            f"{offset}, and itemsize {bytes_} requiring a storage size of "
            f"{needed * bytes_} are out of bounds for storage of size "
            f"{memory.shape.numel() * bytes_}"
        )
    return view_of(memory, AS_STRIDED, size, stride, offset)


def _own_elements(x: Tensor) -> Tensor | None:
    """The elements in one dimension of what `whole_memory` refuses, if it can be."""
    if x._base is None and x._steps and x.requires_grad and is_grad_recorded():
        return view_of(x, VIEW, (x.shape.numel(),)) if x.is_contiguous() else None
    return None


def whole_memory(x: Tensor) -> Tensor:
    """The tensor that shows all the memory in which this one lies."""
    while x._base is not None:
        x = x._base
    if x._steps:
        if x.requires_grad and is_grad_recorded():
            raise RuntimeError(
                "as_strided: the shape of this tensor was changed in place, and its "
                "gradient would be lost. Take as_strided of its clone()."
            )
        x = alias(x)
        x._show(x._storage)
    return x


@register("Tensor.fill_diagonal_")
def fill_diagonal_(self: Tensor, fill_value: float, wrap: bool = False) -> Tensor:
    """Set the elements whose indices are all equal, as `Tensor.fill_diagonal_`."""
    shape = self._spec.shape
    if len(shape) < 2:
        raise RuntimeError("dimensions must larger than 1")
    if len(shape) > 2 and len(set(shape)) > 1:
        raise RuntimeError("all dimensions of input must be of equal length")
    layout = self._layout()
    step, count = sum(layout.stride), min(shape)
    if wrap and len(shape) == 2 and shape[0] > shape[1] + 1:
        count = -(-shape[0] * shape[1] // (shape[1] + 1))
    line = as_strided(self, (count,), (step,), layout.offset)
    METHODS["fill_"](line, fill_value)
    return self


# --- complex numbers -----------------------------------------------------------------


@register("view_as_real")
def view_as_real(input: Tensor) -> Tensor:
    """Real and imaginary parts in a dimension at the end, as `torch.view_as_real`."""
    if not input.dtype.is_complex:
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return view_of(input, AS_REAL)


@register("view_as_complex")
def view_as_complex(input: Tensor) -> Tensor:
    """Complex numbers of a dimension of two at the end, as `torch.view_as_complex`."""
    if not input.dtype.is_floating_point:
        raise RuntimeError(
            "view_as_complex is only supported for half, float and double tensors, but "
            f"got a tensor of scalar type: {input.dtype.name}"
        )
    if not input.ndim or input._spec.shape[-1] != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    return view_of(input, AS_COMPLEX)


def _part(name: str, op: ViewOp, of_real: Callable[[Tensor], Tensor]) -> None:
    def public(input: Tensor) -> Tensor:
        return view_of(input, op) if input.dtype.is_complex else of_real(input)

    def put(self: Tensor, value: TensorLike) -> None:
        METHODS["copy_"](public(self), value)

    doc = f"The {name} parts of complex numbers, sharing memory, as `torch.{name}`."
    register(name, method=False, doc=doc)(public)
    register_attribute(name, public, put)


def _no_imaginary(x: Tensor) -> Tensor:
    raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")


_part("real", REAL, lambda x: x)
_part("imag", IMAG, _no_imaginary)
