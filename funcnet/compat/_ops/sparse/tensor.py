"""Sparse tensors of coordinates: indices, values, and what can be done with them.

They are objects of a subclass of `Tensor` whose operations work on the values, which
are dense tensors in the gradient graph; anything else refuses.
"""

import inspect
import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn, SupportsIndex

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core import overriding as _overriding
from funcnet.compat._core.annotations import Dims, DType, Scalar, ShapeLike
from funcnet.compat._core.memory_format import layout, sparse_coo
from funcnet.compat._engine.op import TensorSpec, tensor_spec
from funcnet.compat._ops.registry import FUNCTIONS
from funcnet.compat._ops.sparse.text import text
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.attributes import with_fields
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.views import alias

_UNARY = (
    *("abs", "neg", "negative", "sign", "sgn", "sqrt", "square", "sin", "tan", "tanh"),
    *("asin", "atan", "asinh", "sinh", "expm1", "log1p", "relu", "floor", "ceil"),
    *("round", "trunc", "erf", "erfinv", "deg2rad", "rad2deg", "isnan", "isinf"),
)
"""What leaves zeros zero, and so works on the values."""


_METHODS: dict[str, Callable[..., Any]] = {}
"""What the files beside this one add, by the name of the method."""


OF_SEVERAL: dict[str, Callable[..., Any]] = {}
"""What they add that takes a list of sparse tensors."""


def method(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have a function be a method of sparse tensors, told its name if it asks."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        told = "name" in inspect.signature(function).parameters
        for name in names:
            _METHODS[name] = partial(function, name=name) if told else function
        return function

    return add


def call(name: str, *args: object, **kwargs: object) -> Any:
    """Call a function of dense tensors."""
    return FUNCTIONS[name](*args, **kwargs)


@with_fields
class SparseTensor(Tensor):
    """A tensor of which the elements that are not zero are listed."""

    is_sparse = _sparse = True
    layout: layout = sparse_coo

    _indices_of: Tensor
    _values_of: Tensor
    _size: Size
    _unique: bool
    _source: "Tensor | None" = None
    """The dense tensor of which it lists the elements, if it was made of one."""

    # --- what it is -------------------------------------------------------------------

    @property
    def _spec(self) -> TensorSpec:
        known = self._values_of._spec
        return tensor_spec(tuple(self._size), known.dtype, known.device)

    def _value(self) -> NoReturn:
        raise _refusal("this operation")

    _array = _refresh_view = _layout = _value

    @property
    def requires_grad(self) -> bool:
        """Whether gradients reach the values."""
        return self._values_of.requires_grad

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        self.requires_grad_(value)

    @property
    def is_leaf(self) -> bool:
        """Whether nothing that is differentiated computed the values."""
        return self._values_of.is_leaf

    @property
    def grad_fn(self) -> Any:
        """What computed the values."""
        return self._values_of.grad_fn

    @property
    def grad(self) -> Any:
        """The gradient of the values, at their indices."""
        values: Any = self._values_of
        result = values.grad
        return None if result is None else self._with(result)

    @grad.setter
    def grad(self, value: Any) -> None:
        values: Any = self._values_of
        values.grad = None if value is None else value._values_of

    @property
    def data(self) -> "SparseTensor":
        """The same numbers outside the gradient graph."""
        return self.detach()

    def requires_grad_(self, requires_grad: bool = True) -> "SparseTensor":
        """Make the values require gradients, or not."""
        if requires_grad and not self.requires_grad:  # not those it was made of
            self._values_of = alias(self._values_of)
        self._values_of.requires_grad_(requires_grad)
        return self

    def detach(self) -> "SparseTensor":
        """The same numbers outside the gradient graph."""
        return self._with(alias(self._values_of))

    def _with(self, values: Tensor, unique: bool | None = None) -> "SparseTensor":
        """Other values at the same indices."""
        known = self._unique if unique is None else unique
        return sparse(self._indices_of, values, self._size, known)

    # --- its parts --------------------------------------------------------------------

    @property
    def _indexed(self) -> int:
        """How many dimensions have coordinates."""
        return int(self._indices_of.shape[0])

    def _indices(self) -> Tensor:
        """The indices, also of what is not coalesced."""
        return self._indices_of

    def _values(self) -> Tensor:
        """The values, also of what is not coalesced."""
        return self._values_of

    def _nnz(self) -> int:
        """The number of indices."""
        return int(self._indices_of.shape[1])

    def indices(self) -> Tensor:
        """The indices `(sparse_dim, nnz)`."""
        self._check_unique("indices")
        return self._indices_of

    def values(self) -> Tensor:
        """The values `(nnz, *dense)`."""
        self._check_unique("values")
        return self._values_of

    def _check_unique(self, what: str) -> None:
        if not self._unique:
            raise RuntimeError(
                f"Cannot get {what} on an uncoalesced tensor, please call .coalesce() "
                "first"
            )

    def sparse_dim(self) -> int:
        """How many dimensions are indexed."""
        return self._indexed

    def dense_dim(self) -> int:
        """How many dimensions the values have."""
        return self._values_of.ndim - 1

    def is_coalesced(self) -> bool:
        """Whether each index is there once, in order."""
        return self._unique

    def _merged(self) -> "SparseTensor":
        """Each element listed once, so that any function may work on the values."""
        return self.coalesce()

    def coalesce(self) -> "SparseTensor":
        """Each index once, in order, with the sum of its values."""
        if self._unique:
            return self
        places, back = np.unique(self._flat(), return_inverse=True)
        shape = tuple(self._size[: self._indexed])
        indices = np.stack(np.unravel_index(places, shape)).astype(np.int64)
        values = self._summed(back, len(places))
        return sparse(from_array(indices, self.device), values, self._size, True)

    def _flat(self) -> np.ndarray:
        """The flat indices."""
        indices = np.asarray(self._indices_of._array())
        shape = tuple(self._size[: self._indexed])
        if not indices.shape[1]:
            return np.zeros(0, np.int64)
        return np.ravel_multi_index(tuple(indices), shape).astype(np.int64)

    def _summed(self, indices: np.ndarray, count: int) -> Tensor:
        """The values added up by index."""
        values = self._values_of
        zeros = values.new_zeros((count, *values.shape[1:]))
        if values.dtype is _dtypes.bool_:
            summed = zeros.to(_dtypes.int64).index_add(
                0, from_array(indices.reshape(-1)), values.to(_dtypes.int64)
            )
            return summed.to(_dtypes.bool_)
        return zeros.index_add(0, from_array(indices.reshape(-1)), values)

    def to_dense(
        self, dtype: DType | None = None, *, masked_grad: bool | None = None
    ) -> Tensor:
        """The same tensor with its zeros."""
        count = math.prod(self._size[: self._indexed])
        result = self._summed(self._flat(), count).reshape(tuple(self._size))
        return result if dtype is None else result.to(dtype)

    # --- shapes -----------------------------------------------------------------------

    def t(self) -> "SparseTensor":
        """The transpose of a matrix."""
        return self.transpose(0, 1)

    @property
    def T(self) -> "SparseTensor":  # noqa: N802
        """The transpose of a matrix."""
        return self.t()

    def transpose(self, dim0: int, dim1: int) -> "SparseTensor":
        """Exchange two of the dimensions that are indexed."""
        count = self.sparse_dim()
        order = list(range(count))
        first, second = dim0 % self.ndim, dim1 % self.ndim
        if max(first, second) >= count:
            raise _refusal("transpose of dense dimensions")
        order[first], order[second] = order[second], order[first]
        indices = self._indices_of[order]
        size = [self._size[i] for i in order] + list(self._size[count:])
        result = sparse(indices, self._values_of, Size(size), False)
        if self._source is not None:
            result._source = self._source.transpose(dim0, dim1)
        return result

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, int):
            raise _refusal("indexing with other than a number")
        index = index + self._size[0] if index < 0 else index
        if not 0 <= index < self._size[0]:
            raise IndexError(
                f"index {index} is out of bounds for dimension 0 with size "
                f"{self._size[0]}"
            )
        at = np.flatnonzero(np.asarray(self._indices_of._array())[0] == index)
        chosen = from_array(at)
        values = self._values_of.index_select(0, chosen)
        if self.sparse_dim() == 1:
            return values.sum(0)
        indices = self._indices_of[1:].index_select(1, chosen)
        return sparse(indices, values, Size(self._size[1:]), self._unique)

    # --- arithmetic -------------------------------------------------------------------

    def clone(self, *args: object, **kwargs: object) -> "SparseTensor":
        """A copy."""
        return self._with(self._values_of.clone())

    def to(self, *args: Any, **kwargs: Any) -> "SparseTensor":
        """The values in another dtype or on another device."""
        return self._with(self._values_of.to(*args, **kwargs))

    def float(self) -> "SparseTensor":
        """The values in float32."""
        return self.to(_dtypes.float32)

    def double(self) -> "SparseTensor":
        """The values in float64."""
        return self.to(_dtypes.float64)

    def add(self, other: Any, *, alpha: Scalar = 1) -> "SparseTensor":
        """The sum of two sparse tensors."""
        if not isinstance(other, SparseTensor):
            raise RuntimeError(
                "add(sparse, dense) is not supported. Use add(dense, sparse) instead."
            )
        if other._size != self._size:
            raise RuntimeError(
                "add: expected sizes of 'self' and 'other' to match, but "
                f"{list(self._size)} != {list(other._size)}"
            )
        indices = call("cat", [self._indices_of, other._indices_of], 1)
        scaled = other._values_of if alpha == 1 else other._values_of * alpha
        values = call("cat", [self._values_of, scaled], 0)
        result = sparse(indices, values, self._size, False)
        return result.coalesce() if self._unique and other._unique else result

    def zero_(self) -> "SparseTensor":
        """List nothing any more."""
        indices = np.zeros((self.sparse_dim(), 0), np.int64)
        self._indices_of = from_array(indices, self.device)
        self._values_of = self._values_of.detach()[:0]
        self._unique = True
        return self

    def sub(self, other: Any, *, alpha: Scalar = 1) -> "SparseTensor":
        """The difference of two sparse tensors."""
        return self.add(other, alpha=-alpha)

    def mul(self, other: Any) -> "SparseTensor":
        """The product with a number, or with a tensor of the same shape."""
        if not isinstance(other, Tensor) or not other.ndim:
            return self._with(self._values_of * other)
        mine = self._merged()
        if isinstance(other, SparseTensor):
            other = other.to_dense()
        if other.shape != self.shape:
            other = other.expand(self.shape)
        count = math.prod(self._size[: self._indexed])
        rows = other.reshape((count, *self._size[self._indexed :]))
        return mine._with(mine._values_of * rows[from_array(mine._flat())])

    def div(self, other: Any, *, rounding_mode: str | None = None) -> "SparseTensor":
        """The quotient by a number."""
        if isinstance(other, Tensor) and other.ndim:
            raise _refusal("division by a tensor")
        mine = self if rounding_mode is None else self._merged()
        return mine._with(
            call("div", mine._values_of, other, rounding_mode=rounding_mode)
        )

    def pow(self, exponent: TensorLike) -> "SparseTensor":
        """A power of the values."""
        mine = self._merged()
        return mine._with(mine._values_of**exponent)

    def matmul(self, other: Any) -> Any:
        """The product with a matrix or a vector."""
        source = self._source
        if source is not None and source.requires_grad:
            return source.matmul(_dense(other))  # a gradient for all elements
        return self._product(other)

    def _product(self, other: Any) -> Any:
        """The product, with a gradient at the listed elements only."""
        if isinstance(other, SparseTensor):
            return self._product(other.to_dense()).to_sparse()
        if self.ndim != 2 or other.ndim not in (1, 2):
            raise _refusal("a product of more than two dimensions")
        if self.shape[1] != other.shape[0]:
            raise RuntimeError(
                f"mat1 and mat2 shapes cannot be multiplied ({self.shape[0]}x"
                f"{self.shape[1]} and {'x'.join(map(str, other.shape))})"
            )
        rows, columns = self._indices_of[0], self._indices_of[1]
        values = self._values_of
        chosen = other.index_select(0, columns)
        parts = chosen * (values if other.ndim == 1 else values.unsqueeze(-1))
        zeros = parts.new_zeros((self.shape[0], *other.shape[1:]))
        return zeros.index_add(0, rows, parts)

    mm = mv = matmul  # type: ignore[assignment]

    def sum(self, dim: Dims | None = None, *, dtype: DType | None = None) -> Any:
        """The sum of all elements, or over dimensions."""
        if dim is None:
            return self._values_of.sum(dtype=dtype)
        result = self.to_dense().sum(dim, dtype=dtype)
        return result.to_sparse() if result.ndim else result

    def norm(self, p: Any = 2, *args: object, **kwargs: object) -> Tensor:
        """The norm of all elements."""
        return self._merged()._values_of.norm(p)

    def backward(self, *args: object, **kwargs: object) -> None:
        """Refuse: a gradient begins at a number."""
        raise RuntimeError("grad can be implicitly created only for scalar outputs")

    __add__ = add
    __sub__ = sub
    __mul__ = __rmul__ = mul
    __truediv__ = div
    __pow__ = pow
    __matmul__ = matmul

    def __neg__(self) -> "SparseTensor":
        return self._with(-self._values_of)

    def __radd__(self, other: Any) -> Any:
        return call("add", other, self)

    def __rmatmul__(self, other: Any) -> Any:
        return self.t().matmul(other.mT).mT

    # --- not supported ---------------------------------------------------------------

    def numpy(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse: arrays of numpy are dense."""
        raise TypeError(
            "can't convert Sparse layout tensor to numpy. Use Tensor.to_dense() first."
        )

    __array__ = numpy

    def item(self) -> Any:
        """The number of a tensor of one element."""
        if self.numel() != 1:
            raise RuntimeError(
                f"a Tensor with {self.numel()} elements cannot be converted to Scalar"
            )
        return self.to_dense().item()

    def tolist(self) -> Any:
        """The numbers as lists, with the zeros."""
        return self.to_dense().tolist()

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        facts = (self._indices_of, self._values_of, tuple(self._size), self._unique)
        return _restored, facts

    def __deepcopy__(self, memo: dict[int, Any]) -> "SparseTensor":
        result = self._with(self._values_of.__deepcopy__(memo))
        memo[id(self)] = result
        return result

    def __repr__(self, *, tensor_contents: object = None) -> str:
        parts = {"indices": self._indices_of, "values": self._values_of}
        return text(self, parts, self._nnz(), below=True)

    @classmethod
    def _own(cls, name: str) -> Any:
        """A method of sparse tensors; None where only dense ones have it."""
        for one in cls.__mro__[: cls.__mro__.index(SparseTensor) + 1]:
            if name in one.__dict__:
                return one.__dict__[name]
        return None

    @staticmethod
    def _added(name: str) -> Any:
        """A method that a file beside this one adds."""
        return _METHODS.get(name)

    @classmethod
    def __torch_function__(
        cls,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        name, kwargs = func.__name__.rpartition(".")[2], kwargs or {}
        first = args[0] if args else None
        if isinstance(first, SparseTensor):
            if name in _UNARY:
                mine = first._merged()
                return mine._with(call(name, mine._values_of))
            own = first._own(name) or first._added(name)
            if callable(own):
                return own(*args, **kwargs)
            if name == "sparse_mask":
                return first.to_dense().sparse_mask(args[1])
            with _overriding_off():
                if name == "__get__" or name in _AS_THEY_ARE:
                    return func(*args, **kwargs)
        elif name in ("add", "__add__", "add_", "__iadd__") and len(args) == 2:
            scale = kwargs.get("alpha", 1)
            dense = args[1].to_dense()
            return func(first, dense if scale == 1 else dense * scale)
        elif name in ("sub", "__sub__") and len(args) == 2:
            return func(first, args[1].to_dense())
        elif name in ("mul", "__mul__") and len(args) == 2:
            return args[1].mul(first)
        elif name in ("mm", "matmul", "__matmul__"):
            return args[1].__rmatmul__(first)
        elif name == "linear":
            return _linear(*args, **kwargs)
        elif name in ("cat", "concat"):
            return _joined(*args, **kwargs)
        elif name in OF_SEVERAL:
            return OF_SEVERAL[name](*args, **kwargs)
        elif name == "sparse_mask":
            with _overriding_off():
                return func(*args, **kwargs)
        elif name == "addmm":
            return func(first, *[_dense(x) for x in args[1:]], **kwargs)
        raise _refusal(f"aten::{name}", args)


_AS_THEY_ARE = (
    *(
        "is_tensor",
        "is_floating_point",
        "is_complex",
        "numel",
        "size",
        "dim",
        "ndimension",
    ),
    *("to_sparse", "to_sparse_coo", "to_sparse_csr", "to_sparse_csc", "to_sparse_bsr"),
    *("to_sparse_bsc", "crow_indices", "col_indices", "ccol_indices", "row_indices"),
    *(
        "native_norm",
        "smm",
        "sspaddmm",
        "saddmm",
        "hspmm",
        "hsmm",
        "dsmm",
        "sparse_resize_",
    ),
    *("sparse_resize_and_clear_", "resize_as_sparse_"),
    *("type", "cpu", "element_size", "register_hook", "nelement", "is_same_size"),
)


def _linear(input: Any, weight: Any, bias: Any = None) -> Any:
    """`torch.nn.functional.linear` with a sparse weight."""
    rows = input.reshape(-1, input.shape[-1])
    result = weight.matmul(rows.t()).t().reshape(*input.shape[:-1], weight.shape[0])
    return result if bias is None else result + bias


def _dense(x: Any) -> Any:
    return x.to_dense() if isinstance(x, SparseTensor) else x


class _overriding_off:  # noqa: N801 - a context
    """Call functions without `__torch_function__` of their arguments."""

    def __enter__(self) -> None:
        _overriding.state.classes_off += 1

    def __exit__(self, *error: object) -> None:
        _overriding.state.classes_off -= 1


def _refusal(what: str, args: Sequence[Any] = ()) -> NotImplementedError:
    title, *_ = [*(x._kind.title for x in args if hasattr(x, "_kind")), "Sparse"]
    return NotImplementedError(
        f"Could not run '{what}' with arguments from the '{title}CPU' backend. Use "
        "x.to_dense(), or the operations on x.indices() and x.values()."
    )


def _joined(tensors: Sequence[Any], dim: int = 0) -> SparseTensor:
    """Sparse tensors one after the other, along a dimension that is indexed."""
    if not all(isinstance(x, SparseTensor) for x in tensors):
        raise _refusal("aten::cat of dense and sparse tensors")
    dim %= tensors[0].ndim
    if dim >= tensors[0].sparse_dim():
        raise _refusal("aten::cat along a dense dimension")
    start, indices = 0, []
    for x in tensors:
        shift = np.zeros((x.sparse_dim(), 1), np.int64)
        shift[dim] = start
        indices.append(x._indices_of + from_array(shift))
        start += x._size[dim]
    size = list(tensors[0]._size)
    size[dim] = start
    values = call("cat", [x._values_of for x in tensors], 0)
    return sparse(call("cat", indices, 1), values, Size(size), False)


def sparse(
    indices: Tensor, values: Tensor, size: ShapeLike, unique: bool
) -> SparseTensor:
    """A sparse tensor of these parts."""
    result: Any = object.__new__(SparseTensor)
    result._indices_of, result._values_of = indices, values
    result._size, result._unique = Size(size), unique
    _overriding.note_instance(SparseTensor)
    return result


def _restored(
    indices: Tensor, values: Tensor, size: ShapeLike, unique: bool
) -> SparseTensor:
    return sparse(indices, values, size, unique)


def coordinates(x: Tensor, dims: int) -> SparseTensor:
    """The elements of a dense tensor that are not zero."""
    numbers = np.asarray(x._array())
    filled = (numbers != 0).reshape(*numbers.shape[:dims], -1).any(-1)
    indices = np.stack(np.nonzero(filled)) if dims else np.zeros((0, 1), np.int64)
    at = from_array(indices.astype(np.int64), x.device)
    values = x[tuple(from_array(row.astype(np.int64)) for row in indices)]
    result = sparse(at, values, x.shape, True)
    result._source = x if x.requires_grad else None
    return result
