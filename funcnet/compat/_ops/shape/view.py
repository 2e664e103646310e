"""Views of the same memory in another shape, or in another order of dimensions."""

import functools
import math
import sys
from collections.abc import Sequence
from typing import Any

from funcnet.compat._core.annotations import Dims, PerDim, ShapeLike
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._core.strides import Layout
from funcnet.compat._engine.op import Op
from funcnet.compat._messages.suggestions import tell_once
from funcnet.compat._messages.translate import refusal
from funcnet.compat._ops.checks import as_tuple, dimension
from funcnet.compat._ops.elementwise.complex import conj
from funcnet.compat._ops.keywords import canonical_kwargs
from funcnet.compat._ops.registry import register, register_attribute
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import (
    BITS,
    PERMUTE,
    SQUEEZE,
    SQUEEZE_ONE,
    SQUEEZE_SOME,
    TRANSPOSE,
    UNSQUEEZE,
    VIEW,
    T,
)
from funcnet.compat._tensor.views import view_of


def varargs_shape(given: tuple[Any, ...]) -> tuple[int, ...]:
    """Numbers given one by one, or in one sequence."""
    if len(given) == 1 and isinstance(given[0], (tuple, list)):
        given = tuple(given[0])
    return tuple([n if type(n) is int or _is_free(n) else int(n) for n in given])


def _is_free(size: object) -> bool:
    """Return whether a size is left open by `jax.export`; whoever does imported it."""
    export = sys.modules.get("jax.export")
    return export is not None and export.is_symbolic_dim(size)


def _whole_shape(x: Tensor, size: tuple[int, ...]) -> tuple[int, ...]:
    """A shape with its -1 filled in; it must have as many elements as the tensor."""
    count, unknown = math.prod(x._spec.shape), size.count(-1)
    # Sizes that an export leaves free have no least one.
    free = type(count) is not int
    if not unknown and math.prod(size) == count and (free or min(size, default=0) >= 0):
        return size
    if unknown > 1:
        raise RuntimeError("only one dimension can be inferred")
    if any(n < -1 for n in size):
        raise RuntimeError(f"invalid shape dimension {min(size)}")
    known = math.prod(n for n in size if n != -1)
    if unknown and not known and not count:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {list(size)} because the "
            "unspecified dimension size -1 can be any value and is ambiguous"
        )
    fits = known and count % known == 0 if unknown else known == count
    if not fits:
        raise RuntimeError(f"shape '{list(size)}' is invalid for input of size {count}")
    return tuple([count // known if n == -1 else n for n in size])


def _can_view(x: Tensor, shape: tuple[int, ...]) -> bool:
    if not x._steps and x._storage.host is None:
        return True
    return _fits(x._layout(), shape)


@functools.lru_cache(4096)
def _fits(layout: Layout, shape: tuple[int, ...]) -> bool:
    """Return whether elements that lie so can be seen in a shape."""
    try:
        VIEW.numpy_view(layout.blank(), shape)
    except ValueError:
        return False
    return True


_VIEW_NAMES = frozenset(("size", "dtype"))
_RESHAPE_NAMES = frozenset(("shape",))
_PERMUTE_NAMES = frozenset(("dims",))


@register("Tensor.view")
def view(self: Tensor, *size: Any, **named: object) -> Tensor:
    """The same memory in another shape or dtype, as `Tensor.view`."""
    given = size
    if named:
        given += tuple(canonical_kwargs("view", named, _VIEW_NAMES).values())
    if len(given) == 1 and isinstance(given[0], DType):
        return _view_dtype(self, given[0])
    shape = _whole_shape(self, varargs_shape(given))
    if not _can_view(self, shape):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least "
            "one dimension spans across two contiguous subspaces). Use .reshape(...) "
            "instead."
        )
    return view_of(self, VIEW, shape)


def _view_dtype(x: Tensor, dtype: DType) -> Tensor:
    if dtype is x.dtype:
        return view_of(x, VIEW, x._spec.shape)
    old, new = x.dtype.itemsize, dtype.itemsize
    last = x._spec.shape[-1] if x.ndim else 0
    if old < new and (not x.ndim or last * old % new):
        names = [kind.type_name for kind in (x.dtype, dtype)]
        raise RuntimeError(
            f"self.size(-1) must be divisible by {new // old} to view {names[0]} as "
            f"{names[1]} (different element sizes), but got {last}"
        )
    return view_of(x, BITS, dtype)


_RESHAPE = Op("reshape", lambda x, shape: x.reshape(shape), "UnsafeViewBackward0")


@register("reshape")
def reshape(input: Tensor, *shape: int | Sequence[int], **named: object) -> Tensor:
    """Another shape: a view where possible, else a copy, as `torch.reshape`."""
    given = shape
    if named:
        given += tuple(canonical_kwargs("reshape", named, _RESHAPE_NAMES).values())
    size = _whole_shape(input, varargs_shape(given))
    if _can_view(input, size):
        return view_of(input, VIEW, size)
    return record_op(_RESHAPE, (input, size))


@register("Tensor.view_as")
def view_as(self: Tensor, other: Tensor) -> Tensor:
    """The same memory in the shape of another tensor, as `Tensor.view_as`."""
    return view(self, other._spec.shape)


@register("Tensor.reshape_as")
def reshape_as(self: Tensor, other: Tensor) -> Tensor:
    """The elements in the shape of another tensor, as `Tensor.reshape_as`."""
    return reshape(self, other._spec.shape)


@register("flatten")
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Make one dimension of several, as `torch.flatten`."""
    shape = input._spec.shape
    if not shape:
        return reshape(input, 1)
    start, end = dimension(start_dim, len(shape)), dimension(end_dim, len(shape))
    if start > end:
        facts = {"input": shape, "start_dim": start_dim, "end_dim": end_dim}
        raise refusal("flatten.order", name="flatten", **facts)
    if start == end:
        return input
    joined = math.prod(shape[start : end + 1])
    return reshape(input, (*shape[:start], joined, *shape[end + 1 :]))


@register("ravel")
def ravel(input: Tensor) -> Tensor:
    """One dimension of all, as `torch.ravel`."""
    return reshape(input, input.shape.numel())


@register("unflatten")
def unflatten(input: Tensor, dim: int, sizes: ShapeLike) -> Tensor:
    """Make several dimensions of one, as `torch.unflatten`."""
    shape, sizes = input._spec.shape, [int(n) for n in sizes]
    if not sizes:
        raise RuntimeError("unflatten: sizes must be non-empty")
    dim = dimension(dim, len(shape))
    if sizes.count(-1) == 1:
        known = math.prod(n for n in sizes if n != -1)
        sizes[sizes.index(-1)] = shape[dim] // known if known else 0
    if math.prod(sizes) != shape[dim]:
        facts = {"input": shape, "dim": dim, "size": shape[dim], "sizes": tuple(sizes)}
        raise refusal("unflatten.sizes", name="unflatten", **facts)
    return reshape(input, (*shape[:dim], *sizes, *shape[dim + 1 :]))


@register("squeeze")
def squeeze(input: Tensor, dim: Dims | None = None) -> Tensor:
    """Leave out dimensions of size 1, as `torch.squeeze`."""
    shape = input._spec.shape
    dims = range(len(shape)) if dim is None else as_tuple(dim)
    chosen = {dimension(d, len(shape)) for d in dims}
    kept = tuple([n for d, n in enumerate(shape) if d not in chosen or n != 1])
    named = SQUEEZE_ONE if isinstance(dim, int) else SQUEEZE_SOME
    return view_of(input, SQUEEZE if dim is None else named, kept)


@register("unsqueeze")
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """Put in a dimension of size 1, as `torch.unsqueeze`."""
    shape = input._spec.shape
    dim = dimension(dim, len(shape) + 1)
    return view_of(input, UNSQUEEZE, (*shape[:dim], 1, *shape[dim:]))


# --- dimensions in another order -----------------------------------------------------


@register("permute")
def permute(input: Tensor, *dims: int | Sequence[int], **named: object) -> Tensor:
    """The dimensions in another order, as `torch.permute`."""
    given = (*dims, *canonical_kwargs("permute", named, _PERMUTE_NAMES).values())
    order = varargs_shape(given)
    if len(order) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not "
            "match the length of the desired ordering of dimensions i.e. input.dim() = "
            f"{input.ndim} is not equal to len(dims) = {len(order)}"
        )
    order = tuple([dimension(d, input.ndim) for d in order])
    if len(set(order)) != len(order):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return view_of(input, PERMUTE, order)


@register("transpose", "swapaxes", "swapdims")
def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two dimensions exchanged, as `torch.transpose`."""
    order = list(range(input.ndim))
    first, second = dimension(dim0, input.ndim), dimension(dim1, input.ndim)
    if order:
        order[first], order[second] = order[second], order[first]
    return view_of(input, TRANSPOSE, tuple(order))


@register("t")
def t(input: Tensor) -> Tensor:
    """The transpose of a matrix, as `torch.t`; vectors stay as they are."""
    if input.ndim > 2:
        raise RuntimeError(
            f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D"
        )
    return view_of(input, T, tuple(range(input.ndim))[::-1])


@register("adjoint")
def adjoint(input: Tensor) -> Tensor:
    """The conjugate transpose of matrices, as `torch.adjoint`."""
    turned = transpose(input, -2, -1)
    return conj(turned) if input.dtype.is_complex else turned


@register("movedim", "moveaxis")
def movedim(input: Tensor, source: PerDim, destination: PerDim) -> Tensor:
    """Dimensions moved to other positions, as `torch.movedim`."""
    ndim = input.ndim
    given = [list(as_tuple(dims)) for dims in (source, destination)]
    if len(given[0]) != len(given[1]):
        raise RuntimeError(
            f"movedim: Invalid source or destination dims: source ({given[0]} dims) "
            "should contain the same number of dims as destination "
            f"({given[1]} dims)"
        )
    sources, targets = ([dimension(d, ndim) for d in dims] for dims in given)
    for name, dims, said in (
        ("source", sources, given[0]),
        ("destination", targets, given[1]),
    ):
        if len({*dims}) < len(dims):
            raise RuntimeError(f"movedim: repeated dim in `{name}` ({said})")
    order = [d for d in range(ndim) if d not in sources]
    for target, source in sorted(zip(targets, sources, strict=True)):
        order.insert(target, source)
    return view_of(input, PERMUTE, tuple(order[:ndim]))  # of a number, none


def _turned(x: Tensor) -> Tensor:
    return view_of(x, PERMUTE, tuple(range(x.ndim))[::-1])


def _attribute_t(self: Tensor) -> Tensor:
    if self.ndim not in (0, 2):
        tell_once(
            "The use of `x.T` on tensors of dimension other than 2 to reverse their "
            "shape is deprecated and it will throw an error in a future release. "
            "Consider `x.mT` to transpose batches of matrices or "
            "`x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions "
            "of a tensor."
        )
    return _turned(self)


def _matrices(x: Tensor, name: str) -> Tensor:
    if x.ndim < 2:
        raise RuntimeError(
            f"tensor.{name} is only supported on matrices or batches of matrices. Got "
            f"{x.ndim}-D tensor."
        )
    return x


def _attribute_h(self: Tensor) -> Tensor:
    if self.ndim not in (0, 2):
        raise RuntimeError(
            f"tensor.H is only supported on matrices (2-D tensors). Got {self.ndim}-D "
            "tensor."
            + " For batches of matrices, consider using tensor.mH"
            * (self.ndim > 2)
        )
    return adjoint(self) if self.ndim else conj(self)


register_attribute("T", _attribute_t)
register_attribute("H", _attribute_h)
register_attribute("mT", lambda self: transpose(_matrices(self, "mT"), -2, -1))
register_attribute("mH", lambda self: adjoint(_matrices(self, "mH")))
