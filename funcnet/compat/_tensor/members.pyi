# Made by `make stubs` from the registry of operations; see tools/stubs.
# Do not edit: a test compares this file with what would be made anew.
# mypy: disable-error-code="override"

"""What the registry of operations gives to `Tensor`."""

from builtins import bool as _bool, float as _float, int as _int, type as _type
from collections.abc import Callable, Iterator, Sequence
import numpy as np
from typing import Any, Literal, Self, TypeVar, overload
from funcnet.compat import return_types
from funcnet.compat._core.annotations import DeviceLike, Scalar
from funcnet.compat._core.dtype import dtype as _dtype
from funcnet.compat._core.memory_format import layout as _layout, memory_format
from funcnet.compat._core.removable_handle import RemovableHandle
from funcnet.compat._tensor.annotations import Index, TensorLike
from funcnet.compat._tensor.base import TensorBase
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.random import Generator
from funcnet.compat.storage import TypedStorage, UntypedStorage
from funcnet.compat.types import Number

_T = TypeVar("_T")

class TensorMembers(TensorBase):
    """The methods, operators and properties of tensors."""
    @property
    def H(self) -> Tensor: ...
    @property
    def T(self) -> Tensor: ...
    def __abs__(self) -> Tensor:
        """Compute the magnitude, as `torch.abs`."""
    def __add__(self, other: TensorLike) -> Tensor: ...
    def __and__(self, other: TensorLike) -> Tensor: ...
    def __array__(
        self, dtype: np.dtype[Any] | None = None, copy: _bool | None = None
    ) -> np.ndarray[Any, Any]:
        """The numbers for numpy, in the tensor's own memory if `dtype` and `copy` allow."""
    def __array_wrap__(
        self,
        array: np.ndarray[Any, Any],
        context: object = None,
        return_scalar: _bool = False,
    ) -> Tensor:
        """What a function of numpy gives, as a tensor; PyTorch makes uint8 of booleans."""
    def __bool__(self) -> _bool:
        """Whether the one element is not zero."""
    def __complex__(self) -> complex:
        """The one element as a complex number."""
    def __contains__(self, element: object) -> _bool:
        """Return whether some element equals this one."""
    def __copy__(self) -> Self:
        """Another tensor of the same memory, a leaf of the gradient graph."""
    def __deepcopy__(self, memo: dict[_int, Any]) -> Self:
        """A copy with its own memory, and its own `grad`; of leaves only."""
    def __div__(self, other: TensorLike) -> Tensor: ...
    def __dlpack__(self, *, stream: _int | None = None, **options: object) -> object:
        """A capsule for another library, as `Tensor.__dlpack__`."""
    def __dlpack_device__(self) -> tuple[_int, _int]:
        """DLPack's numbers for the tensor's device."""
    def __eq__(self, other: object) -> Tensor: ...
    def __float__(self) -> _float:
        """The one element as a floating-point number."""
    def __floordiv__(self, other: TensorLike) -> Tensor: ...
    def __format__(self, spec: str) -> str:
        """The number of a tensor without dimensions, formatted; others as `str`."""
    def __ge__(self, other: TensorLike) -> Tensor: ...
    def __getitem__(self, index: Index) -> Tensor:
        """Some of the elements: a view for integers and slices, a copy for arrays."""
    def __gt__(self, other: TensorLike) -> Tensor: ...
    def __hash__(self) -> _int:
        """Return hash(self)."""
    def __iadd__(self, other: TensorLike) -> Self: ...
    def __iand__(self, other: TensorLike) -> Self: ...
    def __idiv__(self, other: TensorLike) -> Self: ...
    def __ifloordiv__(self, other: TensorLike) -> Self: ...
    def __ilshift__(self, other: TensorLike) -> Self: ...
    def __imod__(self, other: TensorLike) -> Self: ...
    def __imul__(self, other: TensorLike) -> Self: ...
    def __index__(self) -> _int:
        """The one integer, for `range`, for indexing lists."""
    def __int__(self) -> _int:
        """The one element as an integer, rounded towards zero."""
    def __invert__(self) -> Tensor:
        """Turn each bit over, or each truth value, as `torch.bitwise_not`."""
    def __ior__(self, other: TensorLike) -> Self: ...
    def __ipow__(self, other: TensorLike) -> Self: ...
    def __irshift__(self, other: TensorLike) -> Self: ...
    def __isub__(self, other: TensorLike) -> Self: ...
    def __iter__(self) -> Iterator[Tensor]:
        """The parts along the first dimension."""
    def __itruediv__(self, other: TensorLike) -> Self: ...
    def __ixor__(self, other: TensorLike) -> Self: ...
    def __le__(self, other: TensorLike) -> Tensor: ...
    def __len__(self) -> _int:
        """The size of the first dimension."""
    def __lshift__(self, other: TensorLike) -> Tensor: ...
    def __lt__(self, other: TensorLike) -> Tensor: ...
    def __matmul__(self, other: Tensor) -> Tensor:
        """Multiply matrices, vectors or batches of matrices, as `torch.matmul`."""
    def __mod__(self, other: TensorLike) -> Tensor: ...
    def __mul__(self, other: TensorLike) -> Tensor: ...
    def __ne__(self, other: object) -> Tensor: ...
    def __neg__(self) -> Tensor:
        """Compute `-input`, as `torch.neg`."""
    def __or__(self, other: TensorLike) -> Tensor: ...
    def __pos__(self) -> Tensor:
        """Give the input as it is, as `torch.positive`."""
    def __pow__(self, other: TensorLike) -> Tensor: ...
    def __radd__(self, other: TensorLike) -> Tensor: ...
    def __rand__(self, other: TensorLike) -> Tensor: ...
    def __rdiv__(self, other: TensorLike) -> Tensor: ...
    def __repr__(self, *, tensor_contents: str | None = None) -> str:
        """The tensor as PyTorch prints it."""
    def __reversed__(self) -> Tensor:
        """The tensor with its first dimension turned round."""
    def __rfloordiv__(self, other: TensorLike) -> Tensor: ...
    def __rlshift__(self, other: TensorLike) -> Tensor: ...
    def __rmatmul__(self, other: Tensor) -> Tensor: ...
    def __rmod__(self, other: TensorLike) -> Tensor: ...
    def __rmul__(self, other: TensorLike) -> Tensor: ...
    def __ror__(self, other: TensorLike) -> Tensor: ...
    def __rpow__(self, other: TensorLike) -> Tensor: ...
    def __rrshift__(self, other: TensorLike) -> Tensor: ...
    def __rshift__(self, other: TensorLike) -> Tensor: ...
    def __rsub__(self, other: TensorLike) -> Tensor: ...
    def __rtruediv__(self, other: TensorLike) -> Tensor: ...
    def __rxor__(self, other: TensorLike) -> Tensor: ...
    def __setitem__(
        self, index: Index, value: TensorLike | Sequence[Scalar] | np.ndarray[Any, Any]
    ) -> None:
        """Write a number or a tensor, which is broadcast, into some of the elements."""
    def __sub__(self, other: TensorLike) -> Tensor: ...
    def __truediv__(self, other: TensorLike) -> Tensor: ...
    def __xor__(self, other: TensorLike) -> Tensor: ...
    def _indices(self) -> Tensor:
        """Refuse: the tensor is dense."""
    def _is_view(self) -> _bool: ...
    @staticmethod
    def _make_subclass(cls: _type[_T], data: Tensor, require_grad: _bool = False) -> _T:
        """A tensor of a class with the memory of another, a leaf of the gradient graph."""
    @staticmethod
    def _make_wrapper_subclass(
        cls: _type[_T],
        size: Sequence[_int],
        *,
        strides: Sequence[_int] | None = None,
        storage_offset: _int | None = None,
        dtype: _dtype | None = None,
        layout: _layout | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        pin_memory: _bool = False,
    ) -> _T:
        """Refuse: such a class computes by `__torch_dispatch__`, which is not asked."""
    def _nnz(self) -> _int:
        """Refuse: the tensor is dense."""
    def _typed_storage(self) -> TypedStorage:
        """Return the storage as elements of the dtype, without a warning."""
    def _values(self) -> Tensor:
        """Refuse: the tensor is dense."""
    @property
    def _version(self) -> _int:
        """How often this tensor's memory was written to in place."""
    def abs(self) -> Tensor:
        """Compute the magnitude, as `torch.abs`."""
    def abs_(self) -> Self:
        """`abs`, written into this tensor, which is returned."""
    def absolute(self) -> Tensor:
        """Compute the magnitude, as `torch.abs`."""
    def absolute_(self) -> Self:
        """`absolute`, written into this tensor, which is returned."""
    def acos(self) -> Tensor:
        """Compute the inverse cosine, as `torch.acos`."""
    def acos_(self) -> Self:
        """`acos`, written into this tensor, which is returned."""
    def acosh(self) -> Tensor:
        """Compute the inverse hyperbolic cosine, as `torch.acosh`."""
    def acosh_(self) -> Self:
        """`acosh`, written into this tensor, which is returned."""
    def add(self, other: TensorLike, *, alpha: Scalar = 1) -> Tensor:
        """Compute `input + alpha * other`, as `torch.add`."""
    def add_(self, other: TensorLike, *, alpha: Scalar = 1) -> Self:
        """`add`, written into this tensor, which is returned."""
    def addbmm(
        self, batch1: Tensor, batch2: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Tensor:
        """Add the sum of the products of a batch, as `torch.addbmm`."""
    def addbmm_(
        self, batch1: Tensor, batch2: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Self:
        """`addbmm`, written into this tensor, which is returned."""
    def addcdiv(
        self, tensor1: Tensor, tensor2: Tensor, *, value: TensorLike = 1
    ) -> Tensor:
        """Compute `input + value * tensor1 / tensor2`, as `torch.addcdiv`."""
    def addcdiv_(
        self, tensor1: Tensor, tensor2: Tensor, *, value: TensorLike = 1
    ) -> Self:
        """`addcdiv`, written into this tensor, which is returned."""
    def addcmul(
        self, tensor1: Tensor, tensor2: Tensor, *, value: TensorLike = 1
    ) -> Tensor:
        """Compute `input + value * tensor1 * tensor2`, as `torch.addcmul`."""
    def addcmul_(
        self, tensor1: Tensor, tensor2: Tensor, *, value: TensorLike = 1
    ) -> Self:
        """`addcmul`, written into this tensor, which is returned."""
    def addmm(
        self, mat1: Tensor, mat2: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Tensor:
        """Compute `beta * input + alpha * mat1 @ mat2`, as `torch.addmm`."""
    def addmm_(
        self, mat1: Tensor, mat2: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Self:
        """`addmm`, written into this tensor, which is returned."""
    def addmv(
        self, mat: Tensor, vec: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Tensor:
        """Compute `beta * input + alpha * mat @ vec`, as `torch.addmv`."""
    def addmv_(
        self, mat: Tensor, vec: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Self:
        """`addmv`, written into this tensor, which is returned."""
    def addr(
        self, vec1: Tensor, vec2: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Tensor:
        """Compute `beta * input + alpha * outer(vec1, vec2)`, as `torch.addr`."""
    def addr_(
        self, vec1: Tensor, vec2: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Self:
        """`addr`, written into this tensor, which is returned."""
    def adjoint(self) -> Tensor:
        """The conjugate transpose of matrices, as `torch.adjoint`."""
    def all(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False
    ) -> Tensor:
        """Test whether all elements are not 0, as `torch.all`."""
    def allclose(
        self,
        other: Tensor,
        rtol: _float = 1e-05,
        atol: _float = 1e-08,
        equal_nan: _bool = False,
    ) -> _bool:
        """Return whether all elements are close, as `torch.allclose`."""
    def amax(self, dim: _int | Sequence[_int] = (), keepdim: _bool = False) -> Tensor:
        """Take the greatest elements along `dim`, as `torch.amax`."""
    def amin(self, dim: _int | Sequence[_int] = (), keepdim: _bool = False) -> Tensor:
        """Take the least elements along `dim`, as `torch.amin`."""
    def aminmax(
        self, *, dim: _int | None = None, keepdim: _bool = False
    ) -> return_types.aminmax:
        """Take the least and the greatest elements, as `torch.aminmax`."""
    def angle(self) -> Tensor:
        """Compute the angle of a complex number, as `torch.angle`."""
    def any(
        self, dim: _int | Sequence[_int] | None = None, keepdim: _bool = False
    ) -> Tensor:
        """Test whether some elements are not 0, as `torch.any`."""
    def apply_(self, callable: Callable[[_float], _float]) -> Self:
        """Replace each element by what a function gives for it, as `Tensor.apply_`."""
    def arccos(self) -> Tensor:
        """Compute the inverse cosine, as `torch.acos`."""
    def arccos_(self) -> Self:
        """`arccos`, written into this tensor, which is returned."""
    def arccosh(self) -> Tensor:
        """Compute the inverse hyperbolic cosine, as `torch.acosh`."""
    def arccosh_(self) -> Self:
        """`arccosh`, written into this tensor, which is returned."""
    def arcsin(self) -> Tensor:
        """Compute the inverse sine, as `torch.asin`."""
    def arcsin_(self) -> Self:
        """`arcsin`, written into this tensor, which is returned."""
    def arcsinh(self) -> Tensor:
        """Compute the inverse hyperbolic sine, as `torch.asinh`."""
    def arcsinh_(self) -> Self:
        """`arcsinh`, written into this tensor, which is returned."""
    def arctan(self) -> Tensor:
        """Compute the inverse tangent, as `torch.atan`."""
    def arctan2(self, other: Tensor) -> Tensor:
        """Compute the angle of the point `(other, input)`, as `torch.atan2`."""
    def arctan2_(self, other: Tensor) -> Self:
        """`arctan2`, written into this tensor, which is returned."""
    def arctan_(self) -> Self:
        """`arctan`, written into this tensor, which is returned."""
    def arctanh(self) -> Tensor:
        """Compute the inverse hyperbolic tangent, as `torch.atanh`."""
    def arctanh_(self) -> Self:
        """`arctanh`, written into this tensor, which is returned."""
    def argmax(self, dim: _int | None = None, keepdim: _bool = False) -> Tensor:
        """Find the first of the greatest elements, as `torch.argmax`."""
    def argmin(self, dim: _int | None = None, keepdim: _bool = False) -> Tensor:
        """Find the first of the least elements, as `torch.argmin`."""
    def argsort(
        self, dim: _int = -1, descending: _bool = False, stable: _bool = False
    ) -> Tensor:
        """Find the indices of the elements in order along `dim`, as `torch.argsort`."""
    def argwhere(self) -> Tensor:
        """The indices of what is not zero, a row for each, as `torch.argwhere`."""
    def as_strided(
        self,
        size: Sequence[_int],
        stride: Sequence[_int],
        storage_offset: _int | None = None,
    ) -> Tensor:
        """Elements of the memory at given strides, as `torch.as_strided`."""
    def as_strided_(
        self,
        size: Sequence[_int],
        stride: Sequence[_int],
        storage_offset: _int | None = None,
    ) -> Self:
        """`as_strided`, of this tensor itself."""
    def as_strided_scatter(
        self,
        src: Tensor,
        size: Sequence[_int],
        stride: Sequence[_int],
        storage_offset: _int | None = None,
    ) -> Tensor:
        """`input` with `src` at given strides, as `torch.as_strided_scatter`."""
    def as_subclass(self, cls: _type[_T]) -> _T:
        """The same memory as a tensor of another class, as `Tensor.as_subclass`."""
    def asin(self) -> Tensor:
        """Compute the inverse sine, as `torch.asin`."""
    def asin_(self) -> Self:
        """`asin`, written into this tensor, which is returned."""
    def asinh(self) -> Tensor:
        """Compute the inverse hyperbolic sine, as `torch.asinh`."""
    def asinh_(self) -> Self:
        """`asinh`, written into this tensor, which is returned."""
    def atan(self) -> Tensor:
        """Compute the inverse tangent, as `torch.atan`."""
    def atan2(self, other: Tensor) -> Tensor:
        """Compute the angle of the point `(other, input)`, as `torch.atan2`."""
    def atan2_(self, other: Tensor) -> Self:
        """`atan2`, written into this tensor, which is returned."""
    def atan_(self) -> Self:
        """`atan`, written into this tensor, which is returned."""
    def atanh(self) -> Tensor:
        """Compute the inverse hyperbolic tangent, as `torch.atanh`."""
    def atanh_(self) -> Self:
        """`atanh`, written into this tensor, which is returned."""
    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: _bool | None = None,
        create_graph: _bool = False,
        inputs: Tensor | Sequence[Tensor] | None = None,
        *,
        retain_variables: _bool | None = None,
    ) -> None:
        """Add the gradient of this tensor to the `grad` of the leaves it came from."""
    def baddbmm(
        self, batch1: Tensor, batch2: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Tensor:
        """Compute `beta * input + alpha * batch1 @ batch2`, as `torch.baddbmm`."""
    def baddbmm_(
        self, batch1: Tensor, batch2: Tensor, *, beta: Scalar = 1, alpha: Scalar = 1
    ) -> Self:
        """`baddbmm`, written into this tensor, which is returned."""
    def bernoulli(
        self, p: _float | None = None, *, generator: Generator | None = None
    ) -> Tensor:
        """Draw ones with the probabilities that `input` holds, as `torch.bernoulli`."""
    def bernoulli_(
        self, p: _float | Tensor = 0.5, *, generator: Generator | None = None
    ) -> Self:
        """Fill with ones and zeros; `p` is the probability of one, or of each."""
    def bfloat16(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.bfloat16, itself if it is that."""
    def bincount(self, weights: Tensor | None = None, minlength: _int = 0) -> Tensor:
        """Count how often 0, 1, 2, ... occur, as `torch.bincount`; or sum their weights."""
    def bitwise_and(self, other: TensorLike) -> Tensor:
        """Keep the bits that both have, as `torch.bitwise_and`."""
    def bitwise_and_(self, other: TensorLike) -> Self:
        """`bitwise_and`, written into this tensor, which is returned."""
    def bitwise_left_shift(self, other: TensorLike) -> Tensor:
        """Shift the bits up by `other` places, as `torch.bitwise_left_shift`."""
    def bitwise_left_shift_(self, other: TensorLike) -> Self:
        """`bitwise_left_shift`, written into this tensor, which is returned."""
    def bitwise_not(self) -> Tensor:
        """Turn each bit over, or each truth value, as `torch.bitwise_not`."""
    def bitwise_not_(self) -> Self:
        """`bitwise_not`, written into this tensor, which is returned."""
    def bitwise_or(self, other: TensorLike) -> Tensor:
        """Join the bits of both, as `torch.bitwise_or`."""
    def bitwise_or_(self, other: TensorLike) -> Self:
        """`bitwise_or`, written into this tensor, which is returned."""
    def bitwise_right_shift(self, other: TensorLike) -> Tensor:
        """Shift the bits down by `other` places, as `torch.bitwise_right_shift`."""
    def bitwise_right_shift_(self, other: TensorLike) -> Self:
        """`bitwise_right_shift`, written into this tensor, which is returned."""
    def bitwise_xor(self, other: TensorLike) -> Tensor:
        """Keep the bits that exactly one has, as `torch.bitwise_xor`."""
    def bitwise_xor_(self, other: TensorLike) -> Self:
        """`bitwise_xor`, written into this tensor, which is returned."""
    def bmm(self, mat2: Tensor) -> Tensor:
        """Multiply `(batch, n, k)` by `(batch, k, m)`, as `torch.bmm`."""
    def bool(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.bool, itself if it is that."""
    def broadcast_to(self, size: Sequence[_int]) -> Tensor:
        """The tensor expanded to a shape, as `torch.broadcast_to`."""
    def byte(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.uint8, itself if it is that."""
    def cauchy_(
        self,
        median: _float = 0.0,
        sigma: _float = 1.0,
        *,
        generator: Generator | None = None,
    ) -> Self:
        """Fill with Cauchy numbers, as `Tensor.cauchy_`."""
    def ccol_indices(self) -> Tensor:
        """Refuse: the tensor is not compressed."""
    def cdouble(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.complex128, itself if it is that."""
    def ceil(self) -> Tensor:
        """Round up, as `torch.ceil`."""
    def ceil_(self) -> Self:
        """`ceil`, written into this tensor, which is returned."""
    def celu(self, alpha: _float = 1.0) -> Tensor: ...
    def celu_(self, alpha: _float = 1.0) -> Self:
        """`celu`, written into this tensor, which is returned."""
    def cfloat(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.complex64, itself if it is that."""
    def chalf(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.complex32, itself if it is that."""
    def char(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.int8, itself if it is that."""
    def cholesky(self, upper: _bool = False) -> Tensor:
        """Factor a positive-definite matrix, as `torch.cholesky`."""
    def cholesky_inverse(self, upper: _bool = False) -> Tensor:
        """Invert `A`, given its Cholesky factor, as `torch.cholesky_inverse`."""
    def cholesky_solve(self, L: Tensor, upper: _bool = False) -> Tensor:
        """Solve `A X = B`, given the Cholesky factor of `A`, as `torch.cholesky_solve`."""
    def chunk(self, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """At most `chunks` parts, as equal as can be, as `torch.chunk`."""
    def clamp(
        self, min: TensorLike | None = None, max: TensorLike | None = None
    ) -> Tensor:
        """Keep the elements between two bounds, as `torch.clamp`."""
    def clamp_(
        self, min: TensorLike | None = None, max: TensorLike | None = None
    ) -> Self:
        """`clamp`, written into this tensor, which is returned."""
    def clamp_max(self, max: TensorLike) -> Tensor:
        """Keep the elements up to a bound, as `torch.clamp_max`."""
    def clamp_max_(self, max: TensorLike) -> Self:
        """`clamp_max`, written into this tensor, which is returned."""
    def clamp_min(self, min: TensorLike) -> Tensor:
        """Keep the elements from a bound on, as `torch.clamp_min`."""
    def clamp_min_(self, min: TensorLike) -> Self:
        """`clamp_min`, written into this tensor, which is returned."""
    def clip(
        self, min: TensorLike | None = None, max: TensorLike | None = None
    ) -> Tensor:
        """Keep the elements between two bounds, as `torch.clamp`."""
    def clip_(
        self, min: TensorLike | None = None, max: TensorLike | None = None
    ) -> Self:
        """`clip`, written into this tensor, which is returned."""
    def clone(self, *, memory_format: memory_format | None = None) -> Tensor:
        """A copy with its own memory, as `torch.clone`."""
    def coalesce(self) -> Tensor:
        """Refuse: the tensor is dense."""
    def col_indices(self) -> Tensor:
        """Refuse: the tensor is not compressed."""
    def combinations(self, r: _int = 2, with_replacement: _bool = False) -> Tensor:
        """All choices of `r` elements, a row for each, as `torch.combinations`."""
    def conj(self) -> Tensor:
        """The complex conjugate, as `torch.conj`; here it is computed at once."""
    def conj_(self) -> Self:
        """`conj`, written into this tensor, which is returned."""
    def conj_physical(self) -> Tensor:
        """The complex conjugate, as `torch.conj`; here it is computed at once."""
    def conj_physical_(self) -> Self:
        """`conj_physical`, written into this tensor, which is returned."""
    def const_data_ptr(self) -> _int:
        """The address of the first element, which is not to be written to."""
    def contiguous(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor, or a copy whose elements lie one behind the other."""
    def copy_(self, src: Tensor, non_blocking: _bool = False) -> Self:
        """Copy the numbers of another tensor, broadcast and cast, into this one."""
    def copysign(self, other: TensorLike) -> Tensor:
        """Give `input` the sign of `other`, as `torch.copysign`."""
    def copysign_(self, other: TensorLike) -> Self:
        """`copysign`, written into this tensor, which is returned."""
    def corrcoef(self) -> Tensor:
        """Compute the correlations of the rows, as `torch.corrcoef`: `(rows, rows)`."""
    def cos(self) -> Tensor:
        """Compute the cosine, as `torch.cos`."""
    def cos_(self) -> Self:
        """`cos`, written into this tensor, which is returned."""
    def cosh(self) -> Tensor:
        """Compute the hyperbolic cosine, as `torch.cosh`."""
    def cosh_(self) -> Self:
        """`cosh`, written into this tensor, which is returned."""
    def count_nonzero(self, dim: _int | Sequence[_int] | None = None) -> Tensor:
        """Count elements that are not 0, as `torch.count_nonzero`."""
    def cov(
        self,
        *,
        correction: _int = 1,
        fweights: Tensor | None = None,
        aweights: Tensor | None = None,
    ) -> Tensor:
        """Compute the covariances of the rows, as `torch.cov`: `(rows, rows)`."""
    def cpu(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor on the CPU, as `Tensor.cpu`."""
    def cross(self, other: Tensor, dim: _int | None = None) -> Tensor:
        """Compute the cross product, as `torch.cross`: `dim` is the first of length 3."""
    def crow_indices(self) -> Tensor:
        """Refuse: the tensor is not compressed."""
    def cuda(
        self,
        device: DeviceLike | None = None,
        non_blocking: _bool = False,
        memory_format: memory_format | None = None,
    ) -> Tensor:
        """The tensor on a GPU, as `Tensor.cuda`."""
    def cummax(self, dim: _int) -> return_types.cummax:
        """Compute running greatest elements and their indices, as `torch.cummax`."""
    def cummin(self, dim: _int) -> return_types.cummin:
        """Compute running least elements and their indices, as `torch.cummin`."""
    def cumprod(self, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
        """Compute running products, as `torch.cumprod`."""
    def cumprod_(self, dim: _int, *, dtype: _dtype | None = None) -> Self:
        """`cumprod`, written into this tensor, which is returned."""
    def cumsum(self, dim: _int, *, dtype: _dtype | None = None) -> Tensor:
        """Compute running sums, as `torch.cumsum`."""
    def cumsum_(self, dim: _int, *, dtype: _dtype | None = None) -> Self:
        """`cumsum`, written into this tensor, which is returned."""
    data: Tensor
    def data_ptr(self) -> _int:
        """Where the numbers begin in the host's memory, as `Tensor.data_ptr`."""
    def deg2rad(self) -> Tensor:
        """Compute the angle in radians of one in degrees, as `torch.deg2rad`."""
    def deg2rad_(self) -> Self:
        """`deg2rad`, written into this tensor, which is returned."""
    def dense_dim(self) -> _int:
        """All dimensions are dense."""
    def det(self) -> Tensor:
        """Compute the determinant, as `torch.linalg.det`."""
    def detach(self) -> Tensor:
        """The same memory, outside the gradient graph, as `Tensor.detach`."""
    def detach_(self) -> Self:
        """Take this tensor out of the gradient graph, as `Tensor.detach_`."""
    @property
    def device(self) -> _bool:
        """Where the tensor lies."""
    def diag(self, diagonal: _int = 0) -> Tensor:
        """The matrix of a diagonal, or the diagonal of a matrix, as `torch.diag`."""
    def diag_embed(self, offset: _int = 0, dim1: _int = -2, dim2: _int = -1) -> Tensor:
        """Matrices of the diagonals in the last dimension, as `torch.diag_embed`."""
    def diagflat(self, offset: _int = 0) -> Tensor:
        """The matrix with all elements on a diagonal, as `torch.diagflat`."""
    def diagonal(self, offset: _int = 0, dim1: _int = 0, dim2: _int = 1) -> Tensor:
        """The diagonals of matrices, as `torch.diagonal`."""
    def diagonal_scatter(
        self, src: Tensor, offset: _int = 0, dim1: _int = 0, dim2: _int = 1
    ) -> Tensor:
        """`input` with `src` on a diagonal, as `torch.diagonal_scatter`."""
    def diff(
        self,
        n: _int = 1,
        dim: _int = -1,
        prepend: Tensor | None = None,
        append: Tensor | None = None,
    ) -> Tensor:
        """Compute differences of neighbours, `n` times, as `torch.diff`."""
    def digamma(self) -> Tensor: ...
    def digamma_(self) -> Self:
        """`digamma`, written into this tensor, which is returned."""
    def dim(self) -> _int:
        """The number of dimensions, as `Tensor.dim`."""
    def dim_order(self, ambiguity_check: object = False) -> tuple[_int, ...]:
        """The dimensions from the outermost in memory to the innermost."""
    def dist(self, other: Tensor, p: _float = 2) -> Tensor:
        """Compute the p-norm of `input - other`, as `torch.dist`."""
    def div(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """Compute `input / other`, as `torch.div`: rounded if `rounding_mode` says so."""
    def div_(self, other: TensorLike, *, rounding_mode: str | None = None) -> Self:
        """`div`, written into this tensor, which is returned."""
    def divide(self, other: TensorLike, *, rounding_mode: str | None = None) -> Tensor:
        """Compute `input / other`, as `torch.div`: rounded if `rounding_mode` says so."""
    def divide_(self, other: TensorLike, *, rounding_mode: str | None = None) -> Self:
        """`divide`, written into this tensor, which is returned."""
    def dot(self, tensor: Tensor) -> Tensor:
        """Compute the inner product of two vectors, as `torch.dot`."""
    def double(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.float64, itself if it is that."""
    @overload
    def dsplit(
        self, indices_or_sections: _int | Sequence[_int] | Tensor
    ) -> tuple[Tensor, ...]:
        """Parts along dimension 2, as `torch.dsplit`."""
    @overload
    def dsplit(self, *, sections: _int) -> tuple[Tensor, ...]: ...
    @overload
    def dsplit(self, *, indices: Sequence[_int]) -> tuple[Tensor, ...]: ...
    @property
    def dtype(self) -> _bool:
        """The type of the elements."""
    def element_size(self) -> _int:
        """The bytes of one element, as `Tensor.element_size`."""
    def eq(self, other: TensorLike) -> Tensor:
        """Test where `input == other`, as `torch.eq`."""
    def eq_(self, other: TensorLike) -> Self:
        """`eq`, written into this tensor, which is returned."""
    def equal(self, other: Tensor) -> _bool:
        """Return whether shapes and all elements are equal, as `torch.equal`."""
    def erf(self) -> Tensor:
        """Compute the error function, as `torch.erf`."""
    def erf_(self) -> Self:
        """`erf`, written into this tensor, which is returned."""
    def erfc(self) -> Tensor:
        """Compute one minus the error function, as `torch.erfc`."""
    def erfc_(self) -> Self:
        """`erfc`, written into this tensor, which is returned."""
    def erfinv(self) -> Tensor:
        """Compute the inverse of the error function, as `torch.erfinv`."""
    def erfinv_(self) -> Self:
        """`erfinv`, written into this tensor, which is returned."""
    def exp(self) -> Tensor:
        """Compute `e ** input`, as `torch.exp`."""
    def exp2(self) -> Tensor:
        """Compute `2 ** input`, as `torch.exp2`."""
    def exp2_(self) -> Self:
        """`exp2`, written into this tensor, which is returned."""
    def exp_(self) -> Self:
        """`exp`, written into this tensor, which is returned."""
    @overload
    def expand(self, size: Sequence[_int], *, implicit: _bool = False) -> Tensor:
        """Dimensions of size 1 repeated without copying, as `Tensor.expand`."""
    @overload
    def expand(self, *size: _int, implicit: _bool = False) -> Tensor: ...
    def expand_as(self, other: Tensor) -> Tensor:
        """The tensor expanded to the shape of another, as `Tensor.expand_as`."""
    def expm1(self) -> Tensor:
        """Compute `exp(input) - 1`, also where `input` is small, as `torch.expm1`."""
    def expm1_(self) -> Self:
        """`expm1`, written into this tensor, which is returned."""
    def exponential_(
        self, lambd: _float = 1.0, *, generator: Generator | None = None
    ) -> Self:
        """Fill with exponential numbers of this rate, as `Tensor.exponential_`."""
    def fill_(self, value: TensorLike) -> Self:
        """Set all elements to a number, as `Tensor.fill_`."""
    def fill_diagonal_(self, fill_value: _float, wrap: _bool = False) -> Self:
        """Set the elements whose indices are all equal, as `Tensor.fill_diagonal_`."""
    def fix(self) -> Tensor:
        """Round towards 0, as `torch.trunc`."""
    def fix_(self) -> Self:
        """`fix`, written into this tensor, which is returned."""
    def flatten(self, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
        """Make one dimension of several, as `torch.flatten`."""
    @overload
    def flip(self, dims: Sequence[_int]) -> Tensor:
        """The elements in reverse order along dimensions, as `torch.flip`."""
    @overload
    def flip(self, *dims: _int) -> Tensor: ...
    def fliplr(self) -> Tensor:
        """The columns in reverse order, as `torch.fliplr`."""
    def flipud(self) -> Tensor:
        """The rows in reverse order, as `torch.flipud`."""
    def float(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.float32, itself if it is that."""
    def float_power(self, exponent: TensorLike) -> Tensor:
        """Compute `input ** exponent` in double precision, as `torch.float_power`."""
    def float_power_(self, exponent: TensorLike) -> Self:
        """`float_power`, written into this tensor, which is returned."""
    def floor(self) -> Tensor:
        """Round down, as `torch.floor`."""
    def floor_(self) -> Self:
        """`floor`, written into this tensor, which is returned."""
    def floor_divide(self, other: TensorLike) -> Tensor:
        """Compute the greatest integer below `input / other`, as `torch.floor_divide`."""
    def floor_divide_(self, other: TensorLike) -> Self:
        """`floor_divide`, written into this tensor, which is returned."""
    def fmax(self, other: Tensor) -> Tensor:
        """Take the greater of two elements, rather than a NaN, as `torch.fmax`."""
    def fmin(self, other: Tensor) -> Tensor:
        """Take the lesser of two elements, rather than a NaN, as `torch.fmin`."""
    def fmod(self, other: TensorLike) -> Tensor:
        """Compute `input % other` with the sign of `input`, as `torch.fmod`."""
    def fmod_(self, other: TensorLike) -> Self:
        """`fmod`, written into this tensor, which is returned."""
    def frac(self) -> Tensor:
        """Compute `input - trunc(input)`, as `torch.frac`."""
    def frac_(self) -> Self:
        """`frac`, written into this tensor, which is returned."""
    def frexp(self) -> return_types.frexp:
        """Split into mantissa and power of 2, as `torch.frexp`."""
    def gather(self, dim: _int, index: Tensor, *, sparse_grad: _bool = False) -> Tensor:
        """The elements of `input` at `index` along a dimension, as `torch.gather`."""
    def gcd(self, other: Tensor) -> Tensor:
        """Compute the greatest common divisor, as `torch.gcd`."""
    def gcd_(self, other: Tensor) -> Self:
        """`gcd`, written into this tensor, which is returned."""
    def ge(self, other: TensorLike) -> Tensor:
        """Test where `input >= other`, as `torch.ge`."""
    def ge_(self, other: TensorLike) -> Self:
        """`ge`, written into this tensor, which is returned."""
    def geometric_(self, p: _float, *, generator: Generator | None = None) -> Self:
        """Fill with the numbers of trials until a success, as `Tensor.geometric_`."""
    def geqrf(self) -> return_types.geqrf:
        """Factor as LAPACK does, into reflectors and their factors, as `torch.geqrf`."""
    def ger(self, vec2: Tensor) -> Tensor:
        """Multiply `(n,)` by `(m,)` to `(n, m)`, as `torch.outer`."""
    def get_device(self) -> _int:
        """The index of the tensor's GPU, -1 on the CPU."""
    grad: Tensor | None
    @property
    def grad_dtype(self) -> _bool: ...
    @property
    def grad_fn(self) -> _bool:
        """What computed this tensor, for the gradient; None for a leaf."""
    def greater(self, other: TensorLike) -> Tensor:
        """Test where `input > other`, as `torch.gt`."""
    def greater_(self, other: TensorLike) -> Self:
        """`greater`, written into this tensor, which is returned."""
    def greater_equal(self, other: TensorLike) -> Tensor:
        """Test where `input >= other`, as `torch.ge`."""
    def greater_equal_(self, other: TensorLike) -> Self:
        """`greater_equal`, written into this tensor, which is returned."""
    def gt(self, other: TensorLike) -> Tensor:
        """Test where `input > other`, as `torch.gt`."""
    def gt_(self, other: TensorLike) -> Self:
        """`gt`, written into this tensor, which is returned."""
    def half(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.float16, itself if it is that."""
    def hardshrink(self, lambd: _float = 0.5) -> Tensor:
        """Apply hard shrinkage: 0 for what lies in `-lambd..lambd`."""
    def hash_tensor(
        self, dim: _int | Sequence[_int] = (), *, keepdim: _bool = False, mode: _int = 0
    ) -> Tensor:
        """Join the bits of elements by exclusive or, as `torch.hash_tensor`."""
    def heaviside(self, values: Tensor) -> Tensor:
        """Compute 0 below 0, 1 above and `values` at 0, as `torch.heaviside`."""
    def heaviside_(self, values: Tensor) -> Self:
        """`heaviside`, written into this tensor, which is returned."""
    def histc(self, bins: _int = 100, min: _float = 0, max: _float = 0) -> Tensor:
        """Count the elements in `bins` equal parts of a range, as `torch.histc`."""
    def histogram(
        self,
        bins: _int | Tensor,
        *,
        range: tuple[_float, _float] | None = None,
        weight: Tensor | None = None,
        density: _bool = False,
    ) -> return_types.histogram:
        """Count the elements between edges: `(hist, bin_edges)`, as `torch.histogram`."""
    @overload
    def hsplit(
        self, indices_or_sections: _int | Sequence[_int] | Tensor
    ) -> tuple[Tensor, ...]:
        """Parts along dimension 1, as `torch.hsplit`."""
    @overload
    def hsplit(self, *, sections: _int) -> tuple[Tensor, ...]: ...
    @overload
    def hsplit(self, *, indices: Sequence[_int]) -> tuple[Tensor, ...]: ...
    def hypot(self, other: Tensor) -> Tensor:
        """Compute `sqrt(input ** 2 + other ** 2)`, as `torch.hypot`."""
    def hypot_(self, other: Tensor) -> Self:
        """`hypot`, written into this tensor, which is returned."""
    def i0(self) -> Tensor:
        """Compute the modified Bessel function of order 0, as `torch.i0`."""
    def i0_(self) -> Self:
        """`i0`, written into this tensor, which is returned."""
    def igamma(self, other: Tensor) -> Tensor:
        """Compute the regularised lower incomplete gamma function, as `torch.igamma`."""
    def igamma_(self, other: Tensor) -> Self:
        """`igamma`, written into this tensor, which is returned."""
    def igammac(self, other: Tensor) -> Tensor:
        """Compute the regularised upper incomplete gamma function, as `torch.igammac`."""
    def igammac_(self, other: Tensor) -> Self:
        """`igammac`, written into this tensor, which is returned."""
    imag: Tensor
    def index_add(
        self, dim: _int, index: Tensor, source: Tensor, *, alpha: Scalar = 1
    ) -> Tensor:
        """`input` with slices of `source` added at `index`, as `torch.index_add`."""
    def index_add_(
        self, dim: _int, index: Tensor, source: Tensor, *, alpha: Scalar = 1
    ) -> Self:
        """`index_add`, written into this tensor, which is returned."""
    def index_copy(self, dim: _int, index: Tensor, source: Tensor) -> Tensor:
        """`input` with slices of `source` written at `index`, as `torch.index_copy`."""
    def index_copy_(self, dim: _int, index: Tensor, source: Tensor) -> Self:
        """`index_copy`, written into this tensor, which is returned."""
    def index_fill(self, dim: _int, index: Tensor, value: TensorLike) -> Tensor:
        """`input` with a number written in the slices at `index`, as `torch.index_fill`."""
    def index_fill_(self, dim: _int, index: Tensor, value: TensorLike) -> Self:
        """`index_fill`, written into this tensor, which is returned."""
    def index_put(
        self,
        indices: Sequence[Tensor | None],
        values: Tensor,
        accumulate: _bool = False,
    ) -> Tensor:
        """`input` with `values` at `input[indices]`, as `torch.index_put`."""
    def index_put_(
        self,
        indices: Sequence[Tensor | None],
        values: Tensor,
        accumulate: _bool = False,
    ) -> Self:
        """`index_put`, written into this tensor, which is returned."""
    def index_reduce(
        self,
        dim: _int,
        index: Tensor,
        source: Tensor,
        reduce: str,
        *,
        include_self: _bool = True,
    ) -> Tensor:
        """Slices sent to the same index reduced to one, as `torch.index_reduce`."""
    def index_reduce_(
        self,
        dim: _int,
        index: Tensor,
        source: Tensor,
        reduce: str,
        *,
        include_self: _bool = True,
    ) -> Self:
        """`index_reduce`, written into this tensor, which is returned."""
    def index_select(self, dim: _int, index: Tensor) -> Tensor:
        """The slices at `index` along a dimension, as `torch.index_select`."""
    def indices(self) -> Tensor:
        """Refuse: the tensor is dense."""
    def inner(self, other: Tensor) -> Tensor:
        """Sum products over the last dimensions, as `torch.inner`."""
    def int(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.int32, itself if it is that."""
    def inverse(self) -> Tensor:
        """Invert a square matrix or a batch of them, as `torch.linalg.inv`."""
    def is_coalesced(self) -> _bool:
        """Refuse: the tensor is dense."""
    def is_complex(self) -> _bool:
        """Tell complex numbers apart."""
    def is_conj(self) -> _bool:
        """No: conjugation is not put off here."""
    def is_contiguous(self, memory_format: memory_format | None = None) -> _bool:
        """Return whether the elements lie one behind the other."""
    @property
    def is_cpu(self) -> _bool: ...
    @property
    def is_cuda(self) -> _bool: ...
    def is_distributed(self) -> _bool:
        """Return False: a tensor is whole."""
    def is_floating_point(self) -> _bool:
        """Tell reals apart."""
    def is_inference(self) -> _bool:
        """Made in `inference_mode`."""
    @property
    def is_ipu(self) -> _bool: ...
    @property
    def is_leaf(self) -> _bool:
        """Return whether nothing that is differentiated computed this tensor."""
    @property
    def is_maia(self) -> _bool: ...
    @property
    def is_meta(self) -> _bool: ...
    @property
    def is_mkldnn(self) -> _bool: ...
    @property
    def is_mps(self) -> _bool: ...
    @property
    def is_mtia(self) -> _bool: ...
    def is_neg(self) -> _bool:
        """No: negation is not put off here."""
    @property
    def is_nested(self) -> _bool: ...
    def is_nonzero(self) -> _bool:
        """Return whether the only element is not 0."""
    def is_pinned(self, device: DeviceLike | None = None) -> _bool:
        """No: such memory is not told apart here."""
    @property
    def is_quantized(self) -> _bool: ...
    def is_same_size(self, other: Tensor) -> _bool:
        """Return whether two tensors have the same shape."""
    def is_set_to(self, tensor: Tensor) -> _bool:
        """Return whether two tensors show the same elements of the same memory."""
    def is_shared(self) -> _bool:
        """Return whether processes share the memory, as `Tensor.is_shared`."""
    def is_signed(self) -> _bool:
        """Return whether it can be negative."""
    @property
    def is_sparse(self) -> _bool: ...
    @property
    def is_sparse_csr(self) -> _bool: ...
    @property
    def is_vulkan(self) -> _bool: ...
    @property
    def is_xla(self) -> _bool: ...
    @property
    def is_xpu(self) -> _bool: ...
    def isclose(
        self,
        other: Tensor,
        rtol: _float = 1e-05,
        atol: _float = 1e-08,
        equal_nan: _bool = False,
    ) -> Tensor:
        """Test where `|input - other| <= atol + rtol * |other|`, as `torch.isclose`."""
    def isfinite(self) -> Tensor:
        """Test where a number is neither NaN nor infinite, as `torch.isfinite`."""
    def isinf(self) -> Tensor:
        """Test where a number is infinite, as `torch.isinf`."""
    def isnan(self) -> Tensor:
        """Test where a number is NaN, as `torch.isnan`."""
    def isneginf(self) -> Tensor:
        """Test where a number is minus infinity, as `torch.isneginf`."""
    def isposinf(self) -> Tensor:
        """Test where a number is plus infinity, as `torch.isposinf`."""
    def isreal(self) -> Tensor:
        """Test where a number has no imaginary part, as `torch.isreal`."""
    def istft(
        self,
        n_fft: _int,
        hop_length: _int | None = None,
        win_length: _int | None = None,
        window: Tensor | None = None,
        center: _bool = True,
        normalized: _bool = False,
        onesided: _bool | None = None,
        length: _int | None = None,
        return_complex: _bool = False,
    ) -> Tensor:
        """Make the signal of the transforms of its frames, as `torch.istft`."""
    def item(self) -> Number:
        """The one element as a Python number, as `Tensor.item`."""
    @property
    def itemsize(self) -> _int:
        """The bytes of one element, as `Tensor.element_size`."""
    def kron(self, other: Tensor) -> Tensor:
        """Compute the Kronecker product, as `torch.kron`."""
    def kthvalue(
        self, k: _int, dim: _int = -1, keepdim: _bool = False
    ) -> return_types.kthvalue:
        """Find the `k`th least element of each row, as `torch.kthvalue`."""
    @property
    def layout(self) -> _layout: ...
    def lcm(self, other: Tensor) -> Tensor:
        """Compute the least common multiple, as `torch.lcm`."""
    def lcm_(self, other: Tensor) -> Self:
        """`lcm`, written into this tensor, which is returned."""
    def ldexp(self, other: TensorLike) -> Tensor:
        """Compute `input * 2 ** other`, as `torch.ldexp`."""
    def ldexp_(self, other: TensorLike) -> Self:
        """`ldexp`, written into this tensor, which is returned."""
    def le(self, other: TensorLike) -> Tensor:
        """Test where `input <= other`, as `torch.le`."""
    def le_(self, other: TensorLike) -> Self:
        """`le`, written into this tensor, which is returned."""
    def lerp(self, end: Tensor, weight: Tensor | _float) -> Tensor:
        """Compute `input + weight * (end - input)`, as `torch.lerp`."""
    def lerp_(self, end: Tensor, weight: Tensor | _float) -> Self:
        """`lerp`, written into this tensor, which is returned."""
    def less(self, other: TensorLike) -> Tensor:
        """Test where `input < other`, as `torch.lt`."""
    def less_(self, other: TensorLike) -> Self:
        """`less`, written into this tensor, which is returned."""
    def less_equal(self, other: TensorLike) -> Tensor:
        """Test where `input <= other`, as `torch.le`."""
    def less_equal_(self, other: TensorLike) -> Self:
        """`less_equal`, written into this tensor, which is returned."""
    def lgamma(self) -> Tensor: ...
    def lgamma_(self) -> Self:
        """`lgamma`, written into this tensor, which is returned."""
    def log(self) -> Tensor:
        """Compute the natural logarithm, as `torch.log`."""
    def log10(self) -> Tensor:
        """Compute the logarithm to base 10, as `torch.log10`."""
    def log10_(self) -> Self:
        """`log10`, written into this tensor, which is returned."""
    def log1p(self) -> Tensor:
        """Compute `log(1 + input)`, also where `input` is small, as `torch.log1p`."""
    def log1p_(self) -> Self:
        """`log1p`, written into this tensor, which is returned."""
    def log2(self) -> Tensor:
        """Compute the logarithm to base 2, as `torch.log2`."""
    def log2_(self) -> Self:
        """`log2`, written into this tensor, which is returned."""
    def log_(self) -> Self:
        """`log`, written into this tensor, which is returned."""
    def log_normal_(
        self,
        mean: _float = 1.0,
        std: _float = 2.0,
        *,
        generator: Generator | None = None,
    ) -> Self:
        """Fill with exponentials of normal numbers, as `Tensor.log_normal_`."""
    def log_softmax(self, dim: _int, dtype: _dtype | None = None) -> Tensor:
        """`torch.log_softmax` of this tensor."""
    def logaddexp(self, other: Tensor) -> Tensor:
        """Compute `log(exp(input) + exp(other))`, as `torch.logaddexp`."""
    def logaddexp2(self, other: Tensor) -> Tensor:
        """Compute `log2(2 ** input + 2 ** other)`, as `torch.logaddexp2`."""
    def logcumsumexp(self, dim: _int) -> Tensor:
        """Compute logarithms of running sums of exponentials, as `torch.logcumsumexp`."""
    def logdet(self) -> Tensor:
        """Compute the logarithm of the determinant, NaN below 0, as `torch.logdet`."""
    def logical_and(self, other: Tensor) -> Tensor:
        """Test where each of the two elements is not 0, as `torch.logical_and`."""
    def logical_and_(self, other: Tensor) -> Self:
        """`logical_and`, written into this tensor, which is returned."""
    def logical_not(self) -> Tensor:
        """Test where an element is 0 or false, as `torch.logical_not`."""
    def logical_not_(self) -> Self:
        """`logical_not`, written into this tensor, which is returned."""
    def logical_or(self, other: Tensor) -> Tensor:
        """Test where one of the two elements is not 0, as `torch.logical_or`."""
    def logical_or_(self, other: Tensor) -> Self:
        """`logical_or`, written into this tensor, which is returned."""
    def logical_xor(self, other: Tensor) -> Tensor:
        """Test where exactly one of the two elements is not 0, as `torch.logical_xor`."""
    def logical_xor_(self, other: Tensor) -> Self:
        """`logical_xor`, written into this tensor, which is returned."""
    def logit(self, eps: _float | None = None) -> Tensor:
        """Compute `log(x / (1 - x))`, as `torch.logit`; of `x` in `[eps, 1 - eps]`."""
    def logit_(self, eps: _float | None = None) -> Self:
        """`logit`, written into this tensor, which is returned."""
    def logsumexp(self, dim: _int | Sequence[_int], keepdim: _bool = False) -> Tensor:
        """Compute the logarithm of the sum of exponentials, as `torch.logsumexp`."""
    def long(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.int64, itself if it is that."""
    def lt(self, other: TensorLike) -> Tensor:
        """Test where `input < other`, as `torch.lt`."""
    def lt_(self, other: TensorLike) -> Self:
        """`lt`, written into this tensor, which is returned."""
    def lu(self, pivot: _bool = True, get_infos: _bool = False) -> tuple[Tensor, ...]:
        """Factor into one matrix of both factors and pivots, as `torch.lu`."""
    def lu_solve(self, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
        """Solve with what `torch.lu` gives, as `torch.lu_solve`."""
    @property
    def mH(self) -> Tensor: ...
    @property
    def mT(self) -> Tensor: ...
    def map2_(
        self, x: Tensor, y: Tensor, callable: Callable[[_float, _float, _float], _float]
    ) -> Self:
        """Replace each element by a function of it and of elements of two tensors."""
    def map_(
        self, tensor: Tensor, callable: Callable[[_float, _float], _float]
    ) -> Self:
        """Replace each element by a function of it and of another tensor's element."""
    def masked_fill(self, mask: Tensor, value: TensorLike) -> Tensor:
        """`input` with a number where the mask holds, as `torch.masked_fill`."""
    def masked_fill_(self, mask: Tensor, value: TensorLike) -> Self:
        """`masked_fill`, written into this tensor, which is returned."""
    def masked_scatter(self, mask: Tensor, source: Tensor) -> Tensor:
        """The elements of `source`, in order, where the mask holds."""
    def masked_scatter_(self, mask: Tensor, source: Tensor) -> Self:
        """`masked_scatter`, written into this tensor, which is returned."""
    def masked_select(self, mask: Tensor) -> Tensor:
        """The elements where the mask holds, in one dimension, as `torch.masked_select`."""
    def matmul(self, other: Tensor) -> Tensor:
        """Multiply matrices, vectors or batches of matrices, as `torch.matmul`."""
    def matrix_exp(self) -> Tensor:
        """Compute the exponential of a square matrix, as `torch.linalg.matrix_exp`."""
    def matrix_power(self, n: _int) -> Tensor:
        """Multiply a square matrix by itself `n` times, as `torch.matrix_power`."""
    @overload
    def max(self) -> Tensor:
        """Take the greatest element, as `torch.max`."""
    @overload
    def max(self, other: Tensor) -> Tensor: ...
    @overload
    def max(self, dim: _int, keepdim: _bool = False) -> return_types.max: ...
    def maximum(self, other: Tensor) -> Tensor:
        """Take the greater of two elements, NaN if one is, as `torch.maximum`."""
    def mean(
        self,
        dim: _int | Sequence[_int] | None = None,
        keepdim: _bool = False,
        *,
        dtype: _dtype | None = None,
    ) -> Tensor:
        """Average elements, as `torch.mean`."""
    @overload
    def median(self) -> Tensor:
        """Find the lower median of all, or along `dim`, as `torch.median`."""
    @overload
    def median(self, dim: _int, keepdim: _bool = False) -> return_types.median: ...
    @overload
    def min(self) -> Tensor:
        """Take the least element, as `torch.min`; see `max`."""
    @overload
    def min(self, other: Tensor) -> Tensor: ...
    @overload
    def min(self, dim: _int, keepdim: _bool = False) -> return_types.min: ...
    def minimum(self, other: Tensor) -> Tensor:
        """Take the lesser of two elements, NaN if one is, as `torch.minimum`."""
    def mm(self, mat2: Tensor) -> Tensor:
        """Multiply `(n, k)` by `(k, m)`, as `torch.mm`."""
    def mode(self, dim: _int = -1, keepdim: _bool = False) -> return_types.mode:
        """Find the most frequent element, the least of several, as `torch.mode`."""
    def module_load(self, other: Tensor, assign: _bool = False) -> Tensor:
        """What `load_state_dict` puts in place of this tensor: the other one's numbers."""
    def moveaxis(
        self, source: _int | Sequence[_int], destination: _int | Sequence[_int]
    ) -> Tensor:
        """Dimensions moved to other positions, as `torch.movedim`."""
    def movedim(
        self, source: _int | Sequence[_int], destination: _int | Sequence[_int]
    ) -> Tensor:
        """Dimensions moved to other positions, as `torch.movedim`."""
    def msort(self) -> Tensor:
        """Sort along the first dimension, as `torch.msort`."""
    def mul(self, other: TensorLike) -> Tensor:
        """Compute `input * other`, as `torch.mul`."""
    def mul_(self, other: TensorLike) -> Self:
        """`mul`, written into this tensor, which is returned."""
    def multinomial(
        self,
        num_samples: _int,
        replacement: _bool = False,
        *,
        generator: Generator | None = None,
    ) -> Tensor:
        """Draw indices by weight: `(rows, num_samples)`, as `torch.multinomial`."""
    def multiply(self, other: TensorLike) -> Tensor:
        """Compute `input * other`, as `torch.mul`."""
    def multiply_(self, other: TensorLike) -> Self:
        """`multiply`, written into this tensor, which is returned."""
    def mv(self, vec: Tensor) -> Tensor:
        """Multiply `(n, k)` by `(k,)`, as `torch.mv`."""
    def mvlgamma(self, p: _int) -> Tensor:
        """Compute the logarithm of the multivariate gamma function, as `torch.mvlgamma`."""
    def mvlgamma_(self, p: _int) -> Self:
        """`mvlgamma`, written into this tensor, which is returned."""
    @property
    def name(self) -> str | None: ...
    def nan_to_num(
        self,
        nan: _float | None = None,
        posinf: _float | None = None,
        neginf: _float | None = None,
    ) -> Tensor:
        """Replace what is NaN or infinite by finite numbers, as `torch.nan_to_num`."""
    def nan_to_num_(
        self,
        nan: _float | None = None,
        posinf: _float | None = None,
        neginf: _float | None = None,
    ) -> Self:
        """`nan_to_num`, written into this tensor, which is returned."""
    def nanmean(
        self,
        dim: _int | Sequence[_int] | None = None,
        keepdim: _bool = False,
        *,
        dtype: _dtype | None = None,
    ) -> Tensor:
        """Average elements that are not NaN, as `torch.nanmean`."""
    @overload
    def nanmedian(self) -> Tensor:
        """Find the lower median of what is not NaN, as `torch.nanmedian`."""
    @overload
    def nanmedian(
        self, dim: _int, keepdim: _bool = False
    ) -> return_types.nanmedian: ...
    def nanquantile(
        self,
        q: _float | Tensor,
        dim: _int | None = None,
        keepdim: _bool = False,
        *,
        interpolation: str = "linear",
    ) -> Tensor:
        """Find the quantiles `q` of what is not NaN, as `torch.nanquantile`."""
    def nansum(
        self,
        dim: _int | Sequence[_int] | None = None,
        keepdim: _bool = False,
        *,
        dtype: _dtype | None = None,
    ) -> Tensor:
        """Add up elements that are not NaN, as `torch.nansum`."""
    def narrow(self, dim: _int, start: _int | Tensor, length: _int) -> Tensor:
        """Some neighbours along a dimension, as `torch.narrow`."""
    def narrow_copy(self, dim: _int, start: _int | Tensor, length: _int) -> Tensor:
        """`narrow` with memory of its own."""
    @property
    def nbytes(self) -> _int: ...
    @property
    def ndim(self) -> _bool:
        """The number of dimensions."""
    def ndimension(self) -> _int:
        """The number of dimensions, as `Tensor.dim`."""
    def ne(self, other: TensorLike) -> Tensor:
        """Test where `input != other`, as `torch.ne`."""
    def ne_(self, other: TensorLike) -> Self:
        """`ne`, written into this tensor, which is returned."""
    def neg(self) -> Tensor:
        """Compute `-input`, as `torch.neg`."""
    def neg_(self) -> Self:
        """`neg`, written into this tensor, which is returned."""
    def negative(self) -> Tensor:
        """Compute `-input`, as `torch.neg`."""
    def negative_(self) -> Self:
        """`negative`, written into this tensor, which is returned."""
    def nelement(self) -> _int:
        """The number of elements, as `torch.numel`."""
    @overload
    def new(self, *size: _int, device: DeviceLike | None = None) -> Tensor:
        """Make a tensor of this dtype of sizes or values, as the old `Tensor.new`."""
    @overload
    def new(self, data: object, *, device: DeviceLike | None = None) -> Tensor: ...
    @overload
    def new_empty(
        self,
        size: Sequence[_int],
        *,
        dtype: _dtype | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor:
        """`torch.empty` in the dtype and on the device of this tensor."""
    @overload
    def new_empty(
        self,
        *size: _int,
        dtype: _dtype | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor: ...
    def new_empty_strided(
        self,
        size: Sequence[_int],
        stride: Sequence[_int],
        *,
        dtype: _dtype | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor:
        """`torch.empty_strided` in the dtype and on the device of this tensor."""
    def new_full(
        self,
        size: Sequence[_int],
        fill_value: Scalar,
        *,
        dtype: _dtype | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor:
        """`torch.full` in the dtype and on the device of this tensor."""
    @overload
    def new_ones(
        self,
        size: Sequence[_int],
        *,
        dtype: _dtype | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor:
        """`torch.ones` in the dtype and on the device of this tensor."""
    @overload
    def new_ones(
        self,
        *size: _int,
        dtype: _dtype | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor: ...
    def new_tensor(
        self,
        data: object,
        *,
        dtype: _dtype | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor:
        """`torch.tensor` in the dtype and on the device of this tensor."""
    @overload
    def new_zeros(
        self,
        size: Sequence[_int],
        *,
        dtype: _dtype | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor:
        """`torch.zeros` in the dtype and on the device of this tensor."""
    @overload
    def new_zeros(
        self,
        *size: _int,
        dtype: _dtype | None = None,
        device: DeviceLike | None = None,
        requires_grad: _bool = False,
        layout: _layout | None = None,
        pin_memory: _bool = False,
    ) -> Tensor: ...
    def nextafter(self, other: Tensor) -> Tensor:
        """Give the next number after `input` towards `other`, as `torch.nextafter`."""
    def nextafter_(self, other: Tensor) -> Self:
        """`nextafter`, written into this tensor, which is returned."""
    @overload
    def nonzero(self, *, as_tuple: Literal[False] = False) -> Tensor:
        """The indices of what is not zero, a row for each, as `torch.nonzero`."""
    @overload
    def nonzero(self, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]: ...
    def nonzero_static(self, *, size: _int, fill_value: _int = -1) -> Tensor:
        """The first `size` rows of `nonzero`, filled up, as `torch.nonzero_static`."""
    def norm(
        self,
        p: _float | str = "fro",
        dim: _int | Sequence[_int] | None = None,
        keepdim: _bool = False,
        dtype: _dtype | None = None,
    ) -> Tensor:
        """Compute the p-norm of the elements along `dim`, or of all, as `torch.norm`."""
    def normal_(
        self,
        mean: _float = 0.0,
        std: _float = 1.0,
        *,
        generator: Generator | None = None,
    ) -> Self:
        """Fill with normal numbers, as `Tensor.normal_`."""
    def not_equal(self, other: TensorLike) -> Tensor:
        """Test where `input != other`, as `torch.ne`."""
    def not_equal_(self, other: TensorLike) -> Self:
        """`not_equal`, written into this tensor, which is returned."""
    def numel(self) -> _int:
        """The number of elements, as `torch.numel`."""
    def numpy(self, *, force: _bool = False) -> np.ndarray[Any, Any]:
        """The numbers as an array of numpy that shares this tensor's memory."""
    def orgqr(self, tau: Tensor) -> Tensor:
        """Multiply reflectors, as `torch.linalg.householder_product`."""
    def ormqr(
        self, tau: Tensor, other: Tensor, left: _bool = True, transpose: _bool = False
    ) -> Tensor:
        """Multiply a matrix by the product of reflectors, as `torch.ormqr`."""
    def outer(self, vec2: Tensor) -> Tensor:
        """Multiply `(n,)` by `(m,)` to `(n, m)`, as `torch.outer`."""
    @property
    def output_nr(self) -> _int: ...
    @overload
    def permute(self, dims: Sequence[_int]) -> Tensor:
        """The dimensions in another order, as `torch.permute`."""
    @overload
    def permute(self, *dims: _int) -> Tensor: ...
    def pin_memory(self, device: DeviceLike | None = None) -> Tensor:
        """The tensor: there is nothing to be done here."""
    def pinverse(self, rcond: _float = 1e-15) -> Tensor:
        """Compute the Moore-Penrose inverse, as `torch.pinverse`."""
    def polygamma(self, input: Tensor) -> Tensor:
        """Compute the `n`th derivative of digamma, as `torch.polygamma`."""
    def polygamma_(self, input: Tensor) -> Self:
        """`polygamma`, written into this tensor, which is returned."""
    def positive(self) -> Tensor:
        """Give the input as it is, as `torch.positive`."""
    def pow(self, exponent: TensorLike) -> Tensor:
        """Compute `input ** exponent`, as `torch.pow`."""
    def pow_(self, exponent: TensorLike) -> Self:
        """`pow`, written into this tensor, which is returned."""
    def prelu(self, weight: Tensor) -> Tensor:
        """Multiply negative elements by `weight`, as `torch.nn.functional.prelu`."""
    def prod(
        self,
        dim: _int | None = None,
        keepdim: _bool = False,
        *,
        dtype: _dtype | None = None,
    ) -> Tensor:
        """Multiply elements, as `torch.prod`."""
    def put(self, index: Tensor, source: Tensor, accumulate: _bool = False) -> Tensor:
        """Elements written at indices of the flattened tensor, as `torch.put`."""
    def put_(self, index: Tensor, source: Tensor, accumulate: _bool = False) -> Self:
        """`put`, written into this tensor, which is returned."""
    def qr(self, some: _bool = True) -> return_types.qr:
        """Factor into an orthogonal and a triangular matrix, as `torch.qr`."""
    def quantile(
        self,
        q: _float | Tensor,
        dim: _int | None = None,
        keepdim: _bool = False,
        *,
        interpolation: str = "linear",
    ) -> Tensor:
        """Find the quantiles `q` of all elements, or along `dim`, as `torch.quantile`."""
    def rad2deg(self) -> Tensor:
        """Compute the angle in degrees of one in radians, as `torch.rad2deg`."""
    def rad2deg_(self) -> Self:
        """`rad2deg`, written into this tensor, which is returned."""
    @overload
    def random_(self, *, generator: Generator | None = None) -> Self:
        """Fill with integers in `[from, to)`, or of the whole range."""
    @overload
    def random_(self, to: _int, /, *, generator: Generator | None = None) -> Self: ...
    @overload
    def random_(
        self, from_: _int, to: _int | None, /, *, generator: Generator | None = None
    ) -> Self: ...
    def ravel(self) -> Tensor:
        """One dimension of all, as `torch.ravel`."""
    real: Tensor
    def reciprocal(self) -> Tensor:
        """Compute `1 / input`, as `torch.reciprocal`."""
    def reciprocal_(self) -> Self:
        """`reciprocal`, written into this tensor, which is returned."""
    def record_stream(self, stream: object) -> None:
        """Do nothing: XLA keeps memory as long as programs use it."""
    def register_hook(self, hook: Callable[[Tensor], Tensor | None]) -> RemovableHandle:
        """Call `hook(grad)` when this tensor's gradient is known; it may return another."""
    def register_post_accumulate_grad_hook(
        self, hook: Callable[[Tensor], None]
    ) -> RemovableHandle:
        """Call `hook(tensor)` each time a gradient was added to this leaf's `grad`."""
    def relu(self) -> Tensor:
        """Compute `max(input, 0)`, as `torch.nn.functional.relu`."""
    def relu_(self) -> Self:
        """`relu`, written into this tensor, which is returned."""
    def remainder(self, other: TensorLike) -> Tensor:
        """Compute `input % other` with the sign of `other`, as `torch.remainder`."""
    def remainder_(self, other: TensorLike) -> Self:
        """`remainder`, written into this tensor, which is returned."""
    def renorm(self, p: _float, dim: _int, maxnorm: _float) -> Tensor:
        """Scale parts along `dim` to a p-norm of at most `maxnorm`, as `torch.renorm`."""
    def renorm_(self, p: _float, dim: _int, maxnorm: _float) -> Self:
        """`renorm`, written into this tensor, which is returned."""
    @overload
    def repeat(self, repeats: Sequence[_int]) -> Tensor:
        """The tensor side by side `n` times along each dimension, as `Tensor.repeat`."""
    @overload
    def repeat(self, *repeats: _int) -> Tensor: ...
    @overload
    def repeat_interleave(self, *, output_size: _int | None = None) -> Tensor:
        """Each element several times in a row, as `torch.repeat_interleave`."""
    @overload
    def repeat_interleave(
        self,
        repeats: _int | Tensor,
        dim: _int | None = None,
        *,
        output_size: _int | None = None,
    ) -> Tensor: ...
    requires_grad: _bool
    def requires_grad_(self, requires_grad: _bool = True) -> Self:
        """Say whether gradients reach this tensor, as `Tensor.requires_grad_`."""
    @overload
    def reshape(self, shape: Sequence[_int]) -> Tensor:
        """Another shape: a view where possible, else a copy, as `torch.reshape`."""
    @overload
    def reshape(self, *shape: _int) -> Tensor: ...
    def reshape_as(self, other: Tensor) -> Tensor:
        """The elements in the shape of another tensor, as `Tensor.reshape_as`."""
    @overload
    def resize(self, sizes: Sequence[_int]) -> Tensor:
        """`reshape` under the name it had before PyTorch 0.4."""
    @overload
    def resize(self, *sizes: _int) -> Tensor: ...
    @overload
    def resize_(
        self, size: Sequence[_int], *, memory_format: memory_format | None = None
    ) -> Self:
        """Change the shape, keeping what elements there are, as `Tensor.resize_`."""
    @overload
    def resize_(
        self, *size: _int, memory_format: memory_format | None = None
    ) -> Self: ...
    def resize_as(self, tensor: Tensor) -> Tensor:
        """The numbers in the shape of another tensor of as many elements."""
    def resize_as_(self, the_template: Tensor) -> Self:
        """Change the shape to that of another tensor, as `Tensor.resize_as_`."""
    def resize_as_sparse_(self, the_template: Tensor) -> Self:
        """Give a sparse tensor the size of another one."""
    def resolve_conj(self) -> Tensor:
        """The tensor itself: nothing is put off here."""
    def resolve_neg(self) -> Tensor:
        """The tensor itself: nothing is put off here."""
    def retain_grad(self) -> None:
        """Keep the gradient of this tensor in its `grad` although it is no leaf."""
    @property
    def retains_grad(self) -> _bool: ...
    def roll(
        self, shifts: _int | Sequence[_int], dims: _int | Sequence[_int] | None = None
    ) -> Tensor:
        """The elements shifted along dimensions, around the end, as `torch.roll`."""
    def rot90(self, k: _int = 1, dims: Sequence[_int] = (0, 1)) -> Tensor:
        """A plane of the tensor turned `k` times by a quarter, as `torch.rot90`."""
    def round(self, *, decimals: _int = 0) -> Tensor:
        """Round to `decimals` places, halves to the even number, as `torch.round`."""
    def round_(self, *, decimals: _int = 0) -> Self:
        """`round`, written into this tensor, which is returned."""
    def row_indices(self) -> Tensor:
        """Refuse: the tensor is not compressed."""
    def rsqrt(self) -> Tensor:
        """Compute `1 / sqrt(input)`, as `torch.rsqrt`."""
    def rsqrt_(self) -> Self:
        """`rsqrt`, written into this tensor, which is returned."""
    def rsub(self, other: TensorLike, *, alpha: Scalar = 1) -> Tensor:
        """Compute `other - alpha * input`, as `torch.rsub`."""
    @overload
    def scatter(
        self, dim: _int, index: Tensor, src: Tensor, *, reduce: str | None = None
    ) -> Tensor:
        """`input` with `src` written at `index` along a dimension, as `torch.scatter`."""
    @overload
    def scatter(
        self, dim: _int, index: Tensor, value: Scalar, *, reduce: str | None = None
    ) -> Tensor: ...
    @overload
    def scatter_(
        self, dim: _int, index: Tensor, src: Tensor, *, reduce: str | None = None
    ) -> Self:
        """`scatter`, written into this tensor, which is returned."""
    @overload
    def scatter_(
        self, dim: _int, index: Tensor, value: Scalar, *, reduce: str | None = None
    ) -> Self: ...
    def scatter_add(self, dim: _int, index: Tensor, src: Tensor) -> Tensor:
        """`input` with `src` added at `index` along a dimension, as `torch.scatter_add`."""
    def scatter_add_(self, dim: _int, index: Tensor, src: Tensor) -> Self:
        """`scatter_add`, written into this tensor, which is returned."""
    def scatter_reduce(
        self,
        dim: _int,
        index: Tensor,
        src: Tensor,
        reduce: str,
        *,
        include_self: _bool = True,
    ) -> Tensor:
        """What is sent to the same index reduced to one, as `torch.scatter_reduce`."""
    def scatter_reduce_(
        self,
        dim: _int,
        index: Tensor,
        src: Tensor,
        reduce: str,
        *,
        include_self: _bool = True,
    ) -> Self:
        """`scatter_reduce`, written into this tensor, which is returned."""
    def select(self, dim: _int, index: _int | Tensor) -> Tensor:
        """The slice at one index of a dimension, as `torch.select`."""
    def select_scatter(self, src: Tensor, dim: _int, index: _int) -> Tensor:
        """`input` with `src` at an index of a dimension, as `torch.select_scatter`."""
    def selu(self) -> Tensor:
        """Apply the SELU, the scaled ELU that keeps mean 0 and variance 1."""
    def selu_(self) -> Self:
        """`selu`, written into this tensor, which is returned."""
    def set_(
        self,
        source: Tensor | UntypedStorage | TypedStorage | None = None,
        storage_offset: _int = 0,
        size: Sequence[_int] | None = None,
        stride: Sequence[_int] | None = None,
    ) -> Self:
        """Make this tensor show other memory, of a tensor or storage, as `Tensor.set_`."""
    def sgn(self) -> Tensor:
        """Compute `input / |input|`, 0 at 0, as `torch.sgn`."""
    def sgn_(self) -> Self:
        """`sgn`, written into this tensor, which is returned."""
    @property
    def shape(self) -> _bool:
        """The size of each dimension."""
    def share_memory_(self) -> Self:
        """Move the numbers to memory that processes share, as `Tensor.share_memory_`."""
    def short(self, memory_format: memory_format | None = None) -> Tensor:
        """The tensor in torch.int16, itself if it is that."""
    def sigmoid(self) -> Tensor:
        """Compute `1 / (1 + exp(-input))`, as `torch.sigmoid`."""
    def sigmoid_(self) -> Self:
        """`sigmoid`, written into this tensor, which is returned."""
    def sign(self) -> Tensor:
        """Compute -1, 0 or 1, as `torch.sign`."""
    def sign_(self) -> Self:
        """`sign`, written into this tensor, which is returned."""
    def signbit(self) -> Tensor:
        """Test where the sign is minus, also that of -0, as `torch.signbit`."""
    def sin(self) -> Tensor:
        """Compute the sine, as `torch.sin`."""
    def sin_(self) -> Self:
        """`sin`, written into this tensor, which is returned."""
    def sinc(self) -> Tensor:
        """Compute `sin(pi * input) / (pi * input)`, as `torch.sinc`."""
    def sinc_(self) -> Self:
        """`sinc`, written into this tensor, which is returned."""
    def sinh(self) -> Tensor:
        """Compute the hyperbolic sine, as `torch.sinh`."""
    def sinh_(self) -> Self:
        """`sinh`, written into this tensor, which is returned."""
    @overload
    def size(self, dim: None = None) -> Size:
        """The sizes of all dimensions, or of one, as `Tensor.size`."""
    @overload
    def size(self, dim: _int) -> _int: ...
    def slice_scatter(
        self,
        src: Tensor,
        dim: _int = 0,
        start: _int | None = None,
        end: _int | None = None,
        step: _int = 1,
    ) -> Tensor:
        """`input` with `src` in a slice of a dimension, as `torch.slice_scatter`."""
    def slogdet(self) -> return_types.slogdet:
        """Compute sign and logarithm of the determinant, as `torch.slogdet`."""
    def smm(self, mat: Tensor) -> Tensor:
        """The product of a sparse and a dense matrix, as a sparse one."""
    def softmax(self, dim: _int, dtype: _dtype | None = None) -> Tensor:
        """`torch.softmax` of this tensor."""
    def sort(
        self, dim: _int = -1, descending: _bool = False, stable: _bool = False
    ) -> return_types.sort:
        """Sort along `dim`: `(values, indices)`, as `torch.sort`. It is always stable."""
    def sparse_dim(self) -> _int:
        """No dimension is sparse: 0."""
    def sparse_mask(self, mask: Tensor) -> Tensor:
        """The elements at the indices of a sparse tensor, as `Tensor.sparse_mask`."""
    def sparse_resize_(
        self, size: Sequence[_int], sparse_dim: _int, dense_dim: _int
    ) -> Self:
        """Give a sparse tensor another size with the same elements."""
    def sparse_resize_and_clear_(
        self, size: Sequence[_int], sparse_dim: _int, dense_dim: _int
    ) -> Self:
        """Give a sparse tensor another size, and list nothing any more."""
    def split(
        self, split_size: _int | Sequence[_int], dim: _int = 0
    ) -> tuple[Tensor, ...]:
        """Parts of a size, or of given sizes, as `torch.split`."""
    def split_with_sizes(
        self, split_sizes: Sequence[_int], dim: _int = 0
    ) -> tuple[Tensor, ...]:
        """Parts of given sizes, as `torch.split_with_sizes`."""
    def sqrt(self) -> Tensor:
        """Compute the square root, as `torch.sqrt`."""
    def sqrt_(self) -> Self:
        """`sqrt`, written into this tensor, which is returned."""
    def square(self) -> Tensor:
        """Compute `input * input`, as `torch.square`."""
    def square_(self) -> Self:
        """`square`, written into this tensor, which is returned."""
    def squeeze(self, dim: _int | Sequence[_int] | None = None) -> Tensor:
        """Leave out dimensions of size 1, as `torch.squeeze`."""
    def squeeze_(self, dim: _int | Sequence[_int] | None = None) -> Self:
        """`squeeze`, of this tensor itself."""
    def sspaddmm(
        self, mat1: Tensor, mat2: Tensor, *, beta: _float = 1, alpha: _float = 1
    ) -> Tensor:
        """Compute `beta · input + alpha · mat1 @ mat2`, listed one after the other."""
    def std(
        self,
        dim: _int | Sequence[_int] | None = None,
        unbiased: _bool = True,
        keepdim: _bool = False,
        *,
        correction: _float | None = None,
    ) -> Tensor:
        """Compute the standard deviation along `dim`, or of all, as `torch.std`."""
    def stft(
        self,
        n_fft: _int,
        hop_length: _int | None = None,
        win_length: _int | None = None,
        window: Tensor | None = None,
        center: _bool = True,
        pad_mode: str = "reflect",
        normalized: _bool = False,
        onesided: _bool | None = None,
        return_complex: _bool | None = None,
        align_to_window: _bool | None = None,
    ) -> Tensor:
        """Transform frames of a signal, as `torch.stft`."""
    def storage(self) -> TypedStorage:
        """Return the storage as elements of the dtype, as `Tensor.storage`."""
    def storage_offset(self) -> _int:
        """Where in memory the first element is, as `Tensor.storage_offset`."""
    def storage_type(self) -> _type:
        """Return the class of this tensor's storage: `torch.FloatStorage`."""
    @overload
    def stride(self, dim: None = None) -> tuple[_int, ...]:
        """How far apart in memory the elements along each dimension are."""
    @overload
    def stride(self, dim: _int) -> _int: ...
    def sub(self, other: TensorLike, *, alpha: Scalar = 1) -> Tensor:
        """Compute `input - alpha * other`, as `torch.sub`."""
    def sub_(self, other: TensorLike, *, alpha: Scalar = 1) -> Self:
        """`sub`, written into this tensor, which is returned."""
    def subtract(self, other: TensorLike, *, alpha: Scalar = 1) -> Tensor:
        """Compute `input - alpha * other`, as `torch.sub`."""
    def subtract_(self, other: TensorLike, *, alpha: Scalar = 1) -> Self:
        """`subtract`, written into this tensor, which is returned."""
    def sum(
        self,
        dim: _int | Sequence[_int] | None = None,
        keepdim: _bool = False,
        *,
        dtype: _dtype | None = None,
    ) -> Tensor:
        """Add up elements, as `torch.sum`: along `dim`, or all."""
    @overload
    def sum_to_size(self, size: Sequence[_int]) -> Tensor:
        """Sum over what was broadcast from this shape, as `Tensor.sum_to_size`."""
    @overload
    def sum_to_size(self, *size: _int) -> Tensor: ...
    def svd(self, some: _bool = True, compute_uv: _bool = True) -> return_types.svd:
        """Find the singular values and vectors `U, S, V`, as `torch.svd`."""
    def swapaxes(self, dim0: _int, dim1: _int) -> Tensor:
        """Two dimensions exchanged, as `torch.transpose`."""
    def swapaxes_(self, dim0: _int, dim1: _int) -> Self:
        """`swapaxes`, of this tensor itself."""
    def swapdims(self, dim0: _int, dim1: _int) -> Tensor:
        """Two dimensions exchanged, as `torch.transpose`."""
    def swapdims_(self, dim0: _int, dim1: _int) -> Self:
        """`swapdims`, of this tensor itself."""
    def t(self) -> Tensor:
        """The transpose of a matrix, as `torch.t`; vectors stay as they are."""
    def t_(self) -> Self:
        """`t`, of this tensor itself."""
    def take(self, index: Tensor) -> Tensor:
        """The elements at indices of the flattened tensor, as `torch.take`."""
    def take_along_dim(self, indices: Tensor, dim: _int | None = None) -> Tensor:
        """The same with broadcasting of the other dimensions, as `torch.take_along_dim`."""
    def tan(self) -> Tensor:
        """Compute the tangent, as `torch.tan`."""
    def tan_(self) -> Self:
        """`tan`, written into this tensor, which is returned."""
    def tanh(self) -> Tensor:
        """Compute the hyperbolic tangent, as `torch.tanh`."""
    def tanh_(self) -> Self:
        """`tanh`, written into this tensor, which is returned."""
    @overload
    def tensor_split(
        self, indices_or_sections: _int | Sequence[_int] | Tensor, dim: _int = 0
    ) -> tuple[Tensor, ...]:
        """Parts cut at indices, or a number of parts, as `torch.tensor_split`."""
    @overload
    def tensor_split(self, *, sections: _int, dim: _int = 0) -> tuple[Tensor, ...]: ...
    @overload
    def tensor_split(
        self, *, indices: Sequence[_int], dim: _int = 0
    ) -> tuple[Tensor, ...]: ...
    def threshold(self, threshold: _float, value: _float) -> Tensor:
        """Keep what is above `threshold`, as `torch.nn.functional.threshold`."""
    def threshold_(self, threshold: _float, value: _float) -> Self:
        """`threshold`, written into this tensor, which is returned."""
    @overload
    def tile(self, dims: Sequence[_int]) -> Tensor:
        """The same; missing counts in front are one, as `torch.tile`."""
    @overload
    def tile(self, *dims: _int) -> Tensor: ...
    @overload
    def to(
        self,
        dtype: _dtype,
        non_blocking: _bool = False,
        copy: _bool = False,
        *,
        memory_format: memory_format | None = None,
    ) -> Tensor:
        """The tensor in another dtype or on another device, as `Tensor.to`."""
    @overload
    def to(
        self,
        device: DeviceLike | None = None,
        dtype: _dtype | None = None,
        non_blocking: _bool = False,
        copy: _bool = False,
        *,
        memory_format: memory_format | None = None,
    ) -> Tensor: ...
    @overload
    def to(
        self,
        other: Tensor,
        non_blocking: _bool = False,
        copy: _bool = False,
        *,
        memory_format: memory_format | None = None,
    ) -> Tensor: ...
    def to_dense(
        self, dtype: _dtype | None = None, *, masked_grad: _bool | None = None
    ) -> Tensor:
        """The tensor itself, in another dtype perhaps: it is dense."""
    def to_sparse(
        self,
        sparse_dim: _int | None = None,
        *,
        layout: _layout | None = None,
        blocksize: Sequence[_int] | None = None,
        dense_dim: _int | None = None,
    ) -> Tensor:
        """The elements that are not zero, listed; as `Tensor.to_sparse`."""
    def to_sparse_bsc(
        self,
        blocksize: tuple[_int, _int] | list[_int] | None,
        dense_dim: _int | None = None,
    ) -> Tensor:
        """The blocks that are not zero, listed by columns; as `Tensor.to_sparse_bsc`."""
    def to_sparse_bsr(
        self,
        blocksize: tuple[_int, _int] | list[_int] | None,
        dense_dim: _int | None = None,
    ) -> Tensor:
        """The blocks that are not zero, listed by rows; as `Tensor.to_sparse_bsr`."""
    def to_sparse_coo(self) -> Tensor:
        """The elements that are not zero, listed; as `Tensor.to_sparse`."""
    def to_sparse_csc(self, dense_dim: _int | None = None) -> Tensor:
        """The elements that are not zero, listed by columns; as `Tensor.to_sparse_csc`."""
    def to_sparse_csr(self, dense_dim: _int | None = None) -> Tensor:
        """The elements that are not zero, listed by rows; as `Tensor.to_sparse_csr`."""
    def tolist(self) -> list[Any]:
        """The elements as nested lists of Python numbers, as `Tensor.tolist`."""
    def topk(
        self, k: _int, dim: _int = -1, largest: _bool = True, sorted: _bool = True
    ) -> return_types.topk:
        """Take the `k` greatest (or least) of each row, in order, as `torch.topk`."""
    def trace(self) -> Tensor:
        """Add up the diagonal of a matrix, as `torch.trace`."""
    def transpose(self, dim0: _int, dim1: _int) -> Tensor:
        """Two dimensions exchanged, as `torch.transpose`."""
    def transpose_(self, dim0: _int, dim1: _int) -> Self:
        """`transpose`, of this tensor itself."""
    def triangular_solve(
        self,
        A: Tensor,
        upper: _bool = True,
        transpose: _bool = False,
        unitriangular: _bool = False,
    ) -> return_types.triangular_solve:
        """Solve `A X = b` with a triangular `A`, as `torch.triangular_solve`."""
    def tril(self, diagonal: _int = 0) -> Tensor:
        """The part of matrices on and below a diagonal, zero above, as `torch.tril`."""
    def tril_(self, diagonal: _int = 0) -> Self:
        """`tril`, written into this tensor, which is returned."""
    def triu(self, diagonal: _int = 0) -> Tensor:
        """The part of matrices on and above a diagonal, zero below, as `torch.triu`."""
    def triu_(self, diagonal: _int = 0) -> Self:
        """`triu`, written into this tensor, which is returned."""
    def true_divide(self, other: TensorLike) -> Tensor:
        """Compute `input / other`, as `torch.true_divide`."""
    def true_divide_(self, other: TensorLike) -> Self:
        """`true_divide`, written into this tensor, which is returned."""
    def trunc(self) -> Tensor:
        """Round towards 0, as `torch.trunc`."""
    def trunc_(self) -> Self:
        """`trunc`, written into this tensor, which is returned."""
    @overload
    def type(self, dtype: None = None, non_blocking: _bool = False) -> str:
        """The name of the tensor's type, or the tensor in another one."""
    @overload
    def type(
        self, dtype: _dtype | str | _type, non_blocking: _bool = False
    ) -> Tensor: ...
    def type_as(self, other: Tensor) -> Tensor:
        """The tensor in the dtype and on the device of another, as `Tensor.type_as`."""
    def unbind(self, dim: _int = 0) -> tuple[Tensor, ...]:
        """The slices at all indices of a dimension, as `torch.unbind`."""
    def unflatten(self, dim: _int, sizes: Sequence[_int]) -> Tensor:
        """Make several dimensions of one, as `torch.unflatten`."""
    def unfold(self, dimension: _int, size: _int, step: _int) -> Tensor:
        """All windows along a dimension, as `Tensor.unfold`."""
    def uniform_(
        self,
        from_: _float = 0.0,
        to: _float = 1.0,
        *,
        generator: Generator | None = None,
    ) -> Self:
        """Fill with uniform numbers in `[from, to)`, as `Tensor.uniform_`."""
    @overload
    def unique(
        self,
        sorted: _bool = True,
        return_inverse: Literal[False] = False,
        return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> Tensor:
        """Find the distinct elements, or slices along `dim`, in order, as `torch.unique`."""
    @overload
    def unique(
        self,
        sorted: _bool = True,
        *,
        return_inverse: Literal[True],
        return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> tuple[Tensor, Tensor]: ...
    @overload
    def unique(
        self,
        sorted: _bool = True,
        return_inverse: Literal[False] = False,
        *,
        return_counts: Literal[True],
        dim: _int | None = None,
    ) -> tuple[Tensor, Tensor]: ...
    @overload
    def unique(
        self,
        sorted: _bool = True,
        *,
        return_inverse: Literal[True],
        return_counts: Literal[True],
        dim: _int | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]: ...
    @overload
    def unique(
        self,
        sorted: _bool = True,
        return_inverse: _bool = False,
        return_counts: _bool = False,
        dim: _int | None = None,
    ) -> Tensor | tuple[Tensor, Tensor] | tuple[Tensor, Tensor, Tensor]: ...
    @overload
    def unique_consecutive(
        self,
        return_inverse: Literal[False] = False,
        return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> Tensor:
        """Keep the first of equal neighbours, as `torch.unique_consecutive`."""
    @overload
    def unique_consecutive(
        self,
        *,
        return_inverse: Literal[True],
        return_counts: Literal[False] = False,
        dim: _int | None = None,
    ) -> tuple[Tensor, Tensor]: ...
    @overload
    def unique_consecutive(
        self,
        return_inverse: Literal[False] = False,
        *,
        return_counts: Literal[True],
        dim: _int | None = None,
    ) -> tuple[Tensor, Tensor]: ...
    @overload
    def unique_consecutive(
        self,
        *,
        return_inverse: Literal[True],
        return_counts: Literal[True],
        dim: _int | None = None,
    ) -> tuple[Tensor, Tensor, Tensor]: ...
    @overload
    def unique_consecutive(
        self,
        return_inverse: _bool = False,
        return_counts: _bool = False,
        dim: _int | None = None,
    ) -> Tensor | tuple[Tensor, Tensor] | tuple[Tensor, Tensor, Tensor]: ...
    def unsafe_chunk(self, chunks: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """`chunk`, of which the parts may be written to."""
    def unsafe_split(self, split_size: _int, dim: _int = 0) -> tuple[Tensor, ...]:
        """`split`, of which the parts may be written to."""
    def unsafe_split_with_sizes(
        self, split_sizes: Sequence[_int], dim: _int = 0
    ) -> tuple[Tensor, ...]:
        """`split_with_sizes`, of which the parts may be written to."""
    def unsqueeze(self, dim: _int) -> Tensor:
        """Put in a dimension of size 1, as `torch.unsqueeze`."""
    def unsqueeze_(self, dim: _int) -> Self:
        """`unsqueeze`, of this tensor itself."""
    def untyped_storage(self) -> UntypedStorage:
        """Return the storage as bytes, as `Tensor.untyped_storage`."""
    def values(self) -> Tensor:
        """Refuse: the tensor is dense."""
    def var(
        self,
        dim: _int | Sequence[_int] | None = None,
        unbiased: _bool = True,
        keepdim: _bool = False,
        *,
        correction: _float | None = None,
    ) -> Tensor:
        """Compute the variance along `dim`, or of all, as `torch.var`."""
    def vdot(self, other: Tensor) -> Tensor:
        """Compute the inner product of the conjugate with a vector, as `torch.vdot`."""
    @overload
    def view(self, size: Sequence[_int]) -> Tensor:
        """The same memory in another shape or dtype, as `Tensor.view`."""
    @overload
    def view(self, *size: _int) -> Tensor: ...
    @overload
    def view(self, dtype: _dtype) -> Tensor: ...
    def view_as(self, other: Tensor) -> Tensor:
        """The same memory in the shape of another tensor, as `Tensor.view_as`."""
    def view_as_complex(self) -> Tensor:
        """Complex numbers of a dimension of two at the end, as `torch.view_as_complex`."""
    def view_as_real(self) -> Tensor:
        """Real and imaginary parts in a dimension at the end, as `torch.view_as_real`."""
    @property
    def volatile(self) -> _bool: ...
    @overload
    def vsplit(
        self, indices_or_sections: _int | Sequence[_int] | Tensor
    ) -> tuple[Tensor, ...]:
        """Parts along dimension 0, as `torch.vsplit`."""
    @overload
    def vsplit(self, *, sections: _int) -> tuple[Tensor, ...]: ...
    @overload
    def vsplit(self, *, indices: Sequence[_int]) -> tuple[Tensor, ...]: ...
    def where(self, condition: Tensor, other: TensorLike) -> Tensor:
        """`torch.where` with this tensor where the condition holds."""
    def xlogy(self, other: TensorLike) -> Tensor:
        """Compute `input * log(other)`, 0 where `input` is 0, as `torch.xlogy`."""
    def xlogy_(self, other: TensorLike) -> Self:
        """`xlogy`, written into this tensor, which is returned."""
    def zero_(self) -> Self:
        """Set all elements to zero, as `Tensor.zero_`."""
