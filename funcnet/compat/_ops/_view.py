"""Views: other shapes of the same memory."""

from typing import Any

import numpy as np

from funcnet.compat._dtypes import dtype as DType
from funcnet.compat._graph import Op
from funcnet.compat._ops._convert import attribute, method
from funcnet.compat._ops._table import FUNCTIONS, METHODS, check_writable
from funcnet.compat._tensor import Tensor, apply_op, view_of
from funcnet.compat._views import (
    AS_COMPLEX,
    AS_REAL,
    AS_STRIDED,
    BITS,
    DIAGONAL,
    EXPAND,
    IMAG,
    INDEX,
    PERMUTE,
    REAL,
    UNFOLD,
    VIEW,
    Step,
)


def both(*names: str) -> Any:
    """Enter a function of a tensor as a function and as a method."""

    def enter(public: Any) -> Any:
        for name in names:
            METHODS[name] = FUNCTIONS[name] = public
        return public

    return enter


def place(dim: int, ndim: int) -> int:
    """A dimension counted from the front."""
    most = max(ndim, 1)
    if not -most <= dim < most:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-most}, {most - 1}], "
            f"but got {dim})"
        )
    return dim % most


def flat_sizes(size: tuple[Any, ...]) -> tuple[int, ...]:
    if len(size) == 1 and isinstance(size[0], tuple | list):
        size = tuple(size[0])
    return tuple(int(n) for n in size)


def shape_for(x: Tensor, size: tuple[int, ...]) -> tuple[int, ...]:
    """A shape with its -1 filled in; it must have as many elements as the tensor."""
    count = x.shape.numel()
    if -1 in size:
        if size.count(-1) > 1:
            raise RuntimeError("only one dimension can be inferred")
        known = int(np.prod([n for n in size if n != -1], dtype=np.int64))
        if known == 0 and count == 0:
            raise RuntimeError(
                f"cannot reshape tensor of 0 elements into shape {list(size)} because the "
                "unspecified dimension size -1 can be any value and is ambiguous"
            )
        if known and count % known == 0:
            size = tuple(count // known if n == -1 else n for n in size)
    if any(n < -1 for n in size):
        raise RuntimeError(f"invalid shape dimension {min(size)}")
    if int(np.prod(size, dtype=np.int64)) != count or -1 in size:
        raise RuntimeError(f"shape '{list(size)}' is invalid for input of size {count}")
    return size


_COPY_IN_SHAPE = Op(
    "reshape", lambda x, shape: x.reshape(shape), "UnsafeViewBackward0"
)


def _can_view(x: Tensor, shape: tuple[int, ...]) -> bool:
    if not x._steps and x._storage.host is None:
        return True
    try:
        VIEW.look(x._layout().blank(), shape)
    except ValueError:
        return False
    return True


@method("view")
def view(self: Tensor, *size: Any, **named: Any) -> Tensor:
    """The same memory in another shape or dtype, as `Tensor.view`."""
    kind = named.get("dtype") or (size[0] if size and isinstance(size[0], DType) else None)
    if kind is not None:
        return _view_dtype(self, kind)
    shape = shape_for(self, flat_sizes(size or (named["size"],)))
    if not _can_view(self, shape):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least "
            "one dimension spans across two contiguous subspaces). Use .reshape(...) "
            "instead."
        )
    return view_of(self, VIEW, shape)


def _view_dtype(x: Tensor, kind: DType) -> Tensor:
    if kind is x.dtype:
        return view_of(x, VIEW, x._aval.shape)
    old, new = x.dtype.itemsize, kind.itemsize
    if old < new and (not x.ndim or x.shape[-1] * old % new):
        raise RuntimeError(
            f"self.size(-1) must be divisible by {new // old} to view {x.dtype} as {kind} "
            "(different element sizes)"
        )
    return view_of(x, BITS, kind)


@both("reshape")
def reshape(input: Tensor, *shape: Any, **named: Any) -> Tensor:
    """Another shape: a view where possible, else a copy, as `torch.reshape`."""
    size = shape_for(input, flat_sizes(shape or (named["shape"],)))
    if _can_view(input, size):
        return view_of(input, VIEW, size)
    return apply_op(_COPY_IN_SHAPE, (input, size))


@both("view_as", "reshape_as")
def view_as(input: Tensor, other: Tensor) -> Tensor:
    """The tensor in the shape of another."""
    return reshape(input, other._aval.shape)


@both("flatten")
def flatten(input: Tensor, start_dim: int = 0, end_dim: int = -1) -> Tensor:
    """Make one dimension of several, as `torch.flatten`."""
    shape = input._aval.shape
    if not shape:
        return reshape(input, (1,))
    start, end = place(start_dim, len(shape)), place(end_dim, len(shape))
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if start == end:
        return input
    joined = int(np.prod(shape[start : end + 1], dtype=np.int64))
    return reshape(input, (*shape[:start], joined, *shape[end + 1 :]))


@both("ravel")
def ravel(input: Tensor) -> Tensor:
    """One dimension of all, as `torch.ravel`."""
    return reshape(input, (-1,)) if input.shape.numel() else reshape(input, (0,))


@both("unflatten")
def unflatten(input: Tensor, dim: int, sizes: Any) -> Tensor:
    """Make several dimensions of one, as `torch.unflatten`."""
    shape = input._aval.shape
    dim = place(dim, len(shape))
    sizes = list(sizes)
    if -1 in sizes:
        known = int(np.prod([n for n in sizes if n != -1], dtype=np.int64))
        sizes[sizes.index(-1)] = shape[dim] // known if known else 0
    if int(np.prod(sizes, dtype=np.int64)) != shape[dim]:
        raise RuntimeError(
            f"unflatten: Provided sizes {sizes} don't multiply up to the size of dim "
            f"{dim} ({shape[dim]}) in the input tensor"
        )
    return reshape(input, (*shape[:dim], *sizes, *shape[dim + 1 :]))


@both("squeeze")
def squeeze(input: Tensor, dim: Any = None) -> Tensor:
    """Leave out dimensions of size 1, as `torch.squeeze`."""
    shape = input._aval.shape
    if dim is None:
        chosen = set(range(len(shape)))
    else:
        dims = (dim,) if isinstance(dim, int) else tuple(dim)
        chosen = {place(d, len(shape)) for d in dims}
    kept = tuple(n for d, n in enumerate(shape) if d not in chosen or n != 1)
    return view_of(input, VIEW, kept)


@both("unsqueeze")
def unsqueeze(input: Tensor, dim: int) -> Tensor:
    """Put in a dimension of size 1, as `torch.unsqueeze`."""
    shape = input._aval.shape
    dim = place(dim, len(shape) + 1)
    return view_of(input, VIEW, (*shape[:dim], 1, *shape[dim:]))


@both("permute")
def permute(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """The dimensions in another order, as `torch.permute`."""
    order = flat_sizes(dims or (named["dims"],))
    if len(order) != input.ndim:
        raise RuntimeError(
            "permute(sparse_coo): number of dimensions in the tensor input does not match "
            f"the length of the desired ordering of dimensions i.e. input.dim() = "
            f"{input.ndim} is not equal to len(dims) = {len(order)}"
        )
    order = tuple(place(d, input.ndim) for d in order)
    if len(set(order)) != len(order):
        raise RuntimeError("permute(): duplicate dims are not allowed.")
    return view_of(input, PERMUTE, order)


@both("transpose", "swapaxes", "swapdims")
def transpose(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """Two dimensions exchanged, as `torch.transpose`."""
    ndim = input.ndim
    first, second = place(dim0, ndim), place(dim1, ndim)
    order = list(range(ndim))
    if ndim:
        order[first], order[second] = order[second], order[first]
    return view_of(input, PERMUTE, tuple(order))


@both("t")
def t(input: Tensor) -> Tensor:
    """The transpose of a matrix, as `torch.t`."""
    if input.ndim > 2:
        raise RuntimeError(
            f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D"
        )
    return transpose(input, 0, 1) if input.ndim == 2 else view_of(input, VIEW, input._aval.shape)


@both("adjoint")
def adjoint(input: Tensor) -> Tensor:
    """The conjugate transpose of matrices, as `torch.adjoint`."""
    turned = transpose(input, -2, -1)
    return METHODS["conj"](turned) if input.dtype.is_complex else turned


def _reversed(x: Tensor) -> Tensor:
    return view_of(x, PERMUTE, tuple(range(x.ndim))[::-1])


def _matrices(x: Tensor, what: str) -> Tensor:
    if x.ndim < 2:
        raise RuntimeError(
            f"tensor.{what} is only supported on matrices or batches of matrices. Got "
            f"{x.ndim}-D tensor."
        )
    return x


attribute("T", _reversed)
attribute("mT", lambda self: transpose(_matrices(self, "mT"), -2, -1))
attribute("H", lambda self: adjoint(self) if self.ndim == 2 else _matrices(self, "H"))
attribute("mH", lambda self: adjoint(_matrices(self, "mH")))


@both("movedim", "moveaxis")
def movedim(input: Tensor, source: Any, destination: Any) -> Tensor:
    """Dimensions moved to other places, as `torch.movedim`."""
    sources = (source,) if isinstance(source, int) else tuple(source)
    targets = (destination,) if isinstance(destination, int) else tuple(destination)
    ndim = input.ndim
    sources = tuple(place(d, ndim) for d in sources)
    targets = tuple(place(d, ndim) for d in targets)
    order = [d for d in range(ndim) if d not in sources]
    for target, one in sorted(zip(targets, sources, strict=True)):
        order.insert(target, one)
    return view_of(input, PERMUTE, tuple(order))


@both("expand")
def expand(input: Tensor, *size: Any, implicit: bool = False, **named: Any) -> Tensor:
    """Dimensions of size 1 repeated without copying, as `Tensor.expand`."""
    wanted = flat_sizes(size or (named["size"],))
    shape = input._aval.shape
    if len(wanted) < len(shape):
        raise RuntimeError(
            f"expand({input.dtype}{list(shape)}, size={list(wanted)}): the number of sizes "
            f"provided ({len(wanted)}) must be greater or equal to the number of "
            f"dimensions in the tensor ({len(shape)})"
        )
    padded = (None,) * (len(wanted) - len(shape)) + shape
    found = []
    for d, (n, old) in enumerate(zip(wanted, padded, strict=True)):
        if n == -1:
            if old is None:
                raise RuntimeError(
                    "The expanded size of the tensor (-1) isn't allowed in a leading, "
                    f"non-existing dimension {d}"
                )
            n = old
        if old not in (None, 1, n):
            raise RuntimeError(
                f"The expanded size of the tensor ({n}) must match the existing size "
                f"({old}) at non-singleton dimension {d}.  Target sizes: {list(wanted)}.  "
                f"Tensor sizes: {list(shape)}"
            )
        found.append(n)
    return view_of(input, EXPAND, tuple(found))


@both("expand_as")
def expand_as(input: Tensor, other: Tensor) -> Tensor:
    """The tensor expanded to the shape of another."""
    return expand(input, other._aval.shape)


FUNCTIONS["broadcast_to"] = METHODS["broadcast_to"] = lambda input, size: expand(input, size)


def _part(x: Tensor, dim: int, part: Any) -> Tensor:
    return view_of(x, INDEX, *((0, n, 1) for n in x._aval.shape[:dim]), part)


@both("narrow")
def narrow(input: Tensor, dim: int, start: Any, length: int) -> Tensor:
    """Some neighbours along a dimension, as `torch.narrow`."""
    dim = place(dim, input.ndim)
    start = int(start)
    size = input._aval.shape[dim]
    start = start + size if start < 0 else start
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if start + length > size:
        raise RuntimeError(
            f"start ({start}) + length ({length}) exceeds dimension size ({size})."
        )
    return _part(input, dim, (start, length, 1))


@both("select")
def select(input: Tensor, dim: int, index: Any) -> Tensor:
    """One element along a dimension, as `torch.select`."""
    if not input.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim = place(dim, input.ndim)
    size, index = input._aval.shape[dim], int(index)
    if not -size <= index < size:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size "
            f"{list(input._aval.shape)} at dimension {dim}"
        )
    return _part(input, dim, index % size)


@both("unbind")
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """All elements along a dimension, as `torch.unbind`."""
    dim = place(dim, input.ndim)
    return tuple(_part(input, dim, i) for i in range(input._aval.shape[dim]))


def _cut(x: Tensor, lengths: Any, dim: int) -> tuple[Tensor, ...]:
    parts, start = [], 0
    for length in lengths:
        parts.append(_part(x, dim, (start, length, 1)))
        start += length
    return tuple(parts)


@both("split", "unsafe_split")
def split(tensor: Tensor, split_size_or_sections: Any = None, dim: int = 0, **named: Any) -> Any:
    """Parts of a size, or of given sizes, as `torch.split`."""
    given = split_size_or_sections
    if given is None:
        given = named["split_size"]
    dim = place(dim, tensor.ndim)
    size = tensor._aval.shape[dim]
    if not isinstance(given, int):
        return split_with_sizes(tensor, given, dim)
    if given < 0 or (given == 0 and size):
        raise RuntimeError(f"split expects split_size be non-negative, but got split_size={given}")
    whole = [given] * (size // given) if given else []
    rest = size - sum(whole)
    return _cut(tensor, whole + [rest] * bool(rest or not whole), dim)


@both("split_with_sizes", "unsafe_split_with_sizes")
def split_with_sizes(input: Tensor, split_sizes: Any, dim: int = 0) -> Any:
    """Parts of given sizes, as `torch.split_with_sizes`."""
    dim = place(dim, input.ndim)
    lengths, size = [int(n) for n in split_sizes], input._aval.shape[dim]
    if sum(lengths) != size:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {size} (input "
            f"tensor's size at dimension {dim}), but got split_sizes={lengths}"
        )
    return _cut(input, lengths, dim)


@both("chunk", "unsafe_chunk")
def chunk(input: Tensor, chunks: int, dim: int = 0) -> Any:
    """At most so many parts, as equal as can be, as `torch.chunk`."""
    if chunks <= 0:
        raise RuntimeError("chunk expects `chunks` to be greater than 0, got: " + str(chunks))
    dim = place(dim, input.ndim)
    size = input._aval.shape[dim]
    if not size:
        return _cut(input, [0] * chunks, dim)
    return split(input, -(-size // chunks), dim)


@both("tensor_split")
def tensor_split(
    input: Tensor, indices_or_sections: Any = None, dim: int = 0, **named: Any
) -> Any:
    """Parts cut at places, or so many parts, as `torch.tensor_split`."""
    given = indices_or_sections
    if given is None:
        given = named.get("sections", named.get("indices"))
    if isinstance(given, Tensor):
        given = given.tolist()  # type: ignore[attr-defined]
    dim = place(dim, input.ndim)
    size = input._aval.shape[dim]
    if isinstance(given, int):
        whole, rest = divmod(size, given)
        return _cut(input, [whole + (i < rest) for i in range(given)], dim)
    ends = [0, *given, size]
    parts = []
    for start, end in zip(ends, ends[1:], strict=False):
        low, high, _ = slice(start, end).indices(size)
        parts.append(_part(input, dim, (low, max(high - low, 0), 1)))
    return tuple(parts)


def _split_along(name: str, least: int, dim: int) -> None:
    def public(input: Tensor, indices_or_sections: Any) -> Any:
        if input.ndim < least:
            raise RuntimeError(
                f"torch.{name} requires a tensor with at least {least} dimension, but got "
                f"a tensor with {input.ndim} dimensions!"
            )
        along = 0 if name == "hsplit" and input.ndim == 1 else dim
        return tensor_split(input, indices_or_sections, along)

    public.__name__ = public.__qualname__ = name
    public.__doc__ = f"Parts along dimension {dim}, as `torch.{name}`."
    METHODS[name] = FUNCTIONS[name] = public


_split_along("hsplit", 1, 1)
_split_along("vsplit", 2, 0)
_split_along("dsplit", 3, 2)


@both("diagonal")
def diagonal(input: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Tensor:
    """The diagonals of matrices, as `torch.diagonal`."""
    first, second = place(dim1, input.ndim), place(dim2, input.ndim)
    if first == second:
        raise RuntimeError(
            f"diagonal dimensions cannot be identical {dim1}, {dim2}"
        )
    return view_of(input, DIAGONAL, offset, first, second)


@method("unfold")
def unfold(self: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """All windows along a dimension, as `Tensor.unfold`."""
    if not self.ndim:
        return view_of(self, VIEW, (1,))
    dim = place(dimension, self.ndim)
    if size > self._aval.shape[dim]:
        raise RuntimeError(
            f"maximum size for tensor at dimension {dim} is {self._aval.shape[dim]} but "
            f"size is {size}"
        )
    return view_of(self, UNFOLD, dim, size, step)


@both("as_strided")
def as_strided(
    input: Tensor, size: Any, stride: Any, storage_offset: int | None = None
) -> Tensor:
    """Elements of the memory at given strides, as `torch.as_strided`."""
    offset = input._layout().offset if storage_offset is None else storage_offset
    base = input
    if input._steps:  # strides count in the memory of the base
        base = input._base if input._base is not None else input
    return view_of(base, AS_STRIDED, tuple(size), tuple(stride), offset)


def _complex_part(name: str, op: Any, others: Any) -> None:
    def public(input: Tensor) -> Tensor:
        if not input.dtype.is_complex:
            return others(input)
        return view_of(input, op)

    public.__name__ = public.__qualname__ = name
    public.__doc__ = f"The {name} parts, sharing memory, as `torch.{name}`."
    FUNCTIONS[name] = public
    attribute(name, public, lambda self, value: METHODS["copy_"](public(self), value))


def _no_imaginary(x: Tensor) -> Tensor:
    raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")


_complex_part("real", REAL, lambda x: x)
_complex_part("imag", IMAG, _no_imaginary)


@both("view_as_real")
def view_as_real(input: Tensor) -> Tensor:
    """Real and imaginary parts in a dimension at the end, as `torch.view_as_real`."""
    if not input.dtype.is_complex:
        raise RuntimeError("view_as_real is only supported for complex tensors")
    return view_of(input, AS_REAL)


@both("view_as_complex")
def view_as_complex(input: Tensor) -> Tensor:
    """Complex numbers of a dimension of two at the end, as `torch.view_as_complex`."""
    if not input.ndim or input._aval.shape[-1] != 2:
        raise RuntimeError("Tensor must have a last dimension of size 2")
    return view_of(input, AS_COMPLEX)


def _in_place(name: str) -> None:
    look = METHODS[name]

    def public(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        check_writable(self)
        shown = look(self, *args, **kwargs)
        if self._base is None:
            self._base = None
        self._steps, self._taken = shown._steps, shown._taken
        self._taken_at, self._fn = shown._taken_at, shown._fn
        self._output = shown._output
        return self

    public.__name__ = public.__qualname__ = f"{name}_"
    public.__doc__ = f"`{name}`, in place."
    METHODS[f"{name}_"] = public


for _name in ("squeeze", "unsqueeze", "transpose", "swapaxes", "swapdims", "t"):
    _in_place(_name)


def _copied(name: str) -> None:
    look = FUNCTIONS.get(name) or METHODS[name]

    def public(input: Tensor, *args: Any, out: Any = None, **kwargs: Any) -> Any:
        from funcnet.compat._ops._table import write_out

        shown = look(input, *args, **kwargs)
        single = isinstance(shown, Tensor)
        copies = [METHODS["clone"](x) for x in ([shown] if single else shown)]
        found = copies[0] if single else tuple(copies)
        return found if out is None else write_out(found, out)

    FUNCTIONS[f"{name}_copy"] = public


for _name in (
    *("as_strided", "diagonal", "expand", "narrow", "permute", "select", "split"),
    *("split_with_sizes", "squeeze", "t", "transpose", "unbind", "unfold", "unsqueeze"),
    *("view", "view_as_real", "view_as_complex", "alias"),
):
    if _name == "alias":
        FUNCTIONS["alias_copy"] = lambda input: METHODS["clone"](input)
    else:
        _copied(_name)


def _at_least(count: int) -> None:
    def one(x: Any) -> Tensor:
        if x.ndim >= count:
            return x
        shape = x._aval.shape
        if count == 2:
            return view_of(x, VIEW, (1, *(shape or (1,))))
        if count == 3 and len(shape) == 2:
            return view_of(x, VIEW, (*shape, 1))
        if count == 3:
            return view_of(x, VIEW, (1, *(shape or (1,)), 1))
        return view_of(x, VIEW, (1,))

    def public(*tensors: Any) -> Any:
        if len(tensors) == 1 and isinstance(tensors[0], Tensor):
            return one(tensors[0])
        many = tensors[0] if len(tensors) == 1 else tensors
        return tuple(one(x) for x in many)

    public.__name__ = public.__qualname__ = f"atleast_{count}d"
    public.__doc__ = f"Views with {count} dimensions or more."
    FUNCTIONS[f"atleast_{count}d"] = public


for _count in (1, 2, 3):
    _at_least(_count)
