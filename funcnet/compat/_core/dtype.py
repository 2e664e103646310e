"""PyTorch's dtypes and its rules of type promotion."""

from typing import Any, Final

import jax.numpy as jnp
import numpy as np

from funcnet.compat._core.context import thread
from funcnet.compat._messages.keyword_errors import explains_keywords

_TYPE_NAMES = {
    "float16": "Half",
    "bfloat16": "BFloat16",
    "float32": "Float",
    "float64": "Double",
    "int64": "Long",
    "int32": "Int",
    "int16": "Short",
    "int8": "Char",
    "uint8": "Byte",
    "bool": "Bool",
    "complex64": "ComplexFloat",
    "complex128": "ComplexDouble",
    "complex32": "ComplexHalf",
    **{f"uint{bits}": f"UInt{bits}" for bits in (16, 32, 64)},
}

_C_NAMES = {
    "bool": "bool",
    "uint8": "unsigned char",
    "int8": "signed char",
    "int16": "short int",
    "int32": "int",
    "int64": "long int",
    "float16": "c10::Half",
    "bfloat16": "c10::BFloat16",
    "float32": "float",
    "float64": "double",
    "complex64": "c10::complex<float>",
    "complex128": "c10::complex<double>",
}


@explains_keywords
class dtype:  # noqa: N801 - PyTorch's name
    """An element type, as `torch.dtype`; there is one object of each.

    `numpy` is how its elements lie in memory, `jax` what is computed with: they differ
    for `complex32`, which is computed in complex64 and rounded. `is_inexact` says
    whether it is floating point or complex, so that there are gradients.
    """

    __slots__ = ("is_float8", "is_inexact", "itemsize", "jax", "name", "numpy", "rank")

    def __init__(self, name: str, rank: int) -> None:
        self.name = name
        self.rank = rank
        self.numpy: np.dtype = jnp.dtype(_NUMPY_NAMES.get(name, name))
        self.jax: np.dtype = self.numpy if rank != _HALVES else jnp.dtype(np.complex64)
        self.itemsize = self.numpy.itemsize
        self.is_float8 = name.startswith("float8")
        self.is_inexact = rank >= FLOAT

    @property
    def type_name(self) -> str:
        """PyTorch's word for it in errors and names of types: "Float", "Long"."""
        return _TYPE_NAMES.get(self.name) or self.name[0].upper() + self.name[1:]

    @property
    def c_name(self) -> str:
        """C's word for it in errors: "float", "long int"."""
        if self.is_float8:
            return f"c10::{self.type_name}"
        return _C_NAMES.get(self.name, self.name)

    @property
    def is_floating_point(self) -> bool:
        return FLOAT <= self.rank < COMPLEX

    @property
    def is_complex(self) -> bool:
        return self.rank >= COMPLEX

    @property
    def is_signed(self) -> bool:
        unsigned = self.name.startswith("uint") or self is float8_e8m0fnu
        return self.rank > 0 and not unsigned

    def to_complex(self) -> "dtype":
        """The complex type whose parts have this precision."""
        if self.is_float8:
            raise RuntimeError(f"Unknown Complex ScalarType for {self.type_name}")
        return self if self.is_complex else _COMPLEX_OF.get(self, complex64)

    def to_real(self) -> "dtype":
        """The type of the parts of this complex one; else the type itself."""
        return _REAL_OF.get(self, self)

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> Any:
        return _named, (self.name,)

    def __copy__(self) -> "dtype":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "dtype":
        return self


def _named(name: str) -> "dtype":
    return _BY_NAME[name]


class UncomputedDtype(dtype):
    """A dtype of PyTorch's that JAX lacks: it can be named and compared."""

    __slots__ = ("_signed",)

    def __init__(self, name: str, rank: int, itemsize: int, signed: bool) -> None:
        self.name = name
        self.rank = rank
        self.itemsize = itemsize
        self.is_float8 = False
        self._signed = signed

    @property
    def is_signed(self) -> bool:
        return self._signed

    @property
    def numpy(self) -> np.dtype:
        """Raise: there are no arrays of it."""
        raise NotImplementedError(
            f"funcnet.compat makes no tensors of {self}: JAX has no such type."
        )

    jax = numpy


_NUMPY_NAMES = {"bool": "bool_", "complex32": "V4"}
_HALVES: Final = 211

# Categories, in the order of promotion; in each, wider types rank higher.
FLOAT: Final = 100
COMPLEX: Final = 200

bool_: Final = dtype("bool", 0)
uint8: Final = dtype("uint8", 1)
int8: Final = dtype("int8", 2)
uint16: Final = dtype("uint16", 3)
int16: Final = dtype("int16", 4)
uint32: Final = dtype("uint32", 5)
int32: Final = dtype("int32", 6)
uint64: Final = dtype("uint64", 7)
int64: Final = dtype("int64", 8)
float8_e4m3fn: Final = dtype("float8_e4m3fn", 98 + 2)
float8_e5m2: Final = dtype("float8_e5m2", 98 + 3)
float8_e4m3fnuz: Final = dtype("float8_e4m3fnuz", 98 + 4)
float8_e5m2fnuz: Final = dtype("float8_e5m2fnuz", 98 + 5)
float8_e8m0fnu: Final = dtype("float8_e8m0fnu", 98 + 6)
float16: Final = dtype("float16", 110)
bfloat16: Final = dtype("bfloat16", 111)
float32: Final = dtype("float32", 112)
float64: Final = dtype("float64", 113)
complex32: Final = dtype("complex32", _HALVES)
complex64: Final = dtype("complex64", 212)
complex128: Final = dtype("complex128", 213)

ALL: Final = (
    *(bool_, uint8, int8, uint16, int16, uint32, int32, uint64, int64),
    *(float8_e4m3fn, float8_e5m2, float8_e4m3fnuz, float8_e5m2fnuz, float8_e8m0fnu),
    *(float16, bfloat16, float32, float64, complex32, complex64, complex128),
)
UNCOMPUTED: Final = (
    UncomputedDtype("float4_e2m1fn_x2", FLOAT + 7, 1, True),
    *[UncomputedDtype(f"int{bits}", bits, 1, True) for bits in range(1, 8)],
    *[UncomputedDtype(f"uint{bits}", bits, 1, False) for bits in range(1, 8)],
    *[UncomputedDtype(n, 1, 1, False) for n in ("bits1x8", "bits2x4", "bits4x2")],
    UncomputedDtype("bits8", 1, 1, False),
    UncomputedDtype("bits16", 1, 2, False),
    *[UncomputedDtype(n, 1, 1, False) for n in ("quint8", "quint4x2", "quint2x4")],
    UncomputedDtype("qint8", 1, 1, True),
    UncomputedDtype("qint32", 1, 4, True),
)
_COMPLEX_OF = {float64: complex128, float32: complex64, float16: complex32}
_REAL_OF = {complex128: float64, complex64: float32, complex32: float16}

_BY_NAME: Final = {x.name: x for x in (*ALL, *UNCOMPUTED)}

BY_NUMPY: Final[dict[np.dtype, dtype]] = {x.numpy: x for x in ALL}
ALIASES: Final = {
    "half": float16,
    "float": float32,
    "double": float64,
    "short": int16,
    "int": int32,
    "long": int64,
    "cfloat": complex64,
    "cdouble": complex128,
    "chalf": complex32,
}

default_dtype = float32
"""The process's; `get_default_dtype` gives that of a call which is being traced."""


def get_default_dtype() -> dtype:
    """The dtype of floating-point tensors that are made without one."""
    return thread.context.call_dtype or default_dtype


def set_default_dtype(d: dtype) -> None:
    """Make `d`, a floating-point dtype, the one of tensors made without one."""
    global default_dtype
    if not isinstance(d, dtype) or not d.is_floating_point:
        raise TypeError(
            "only floating-point types are supported as the default type, got "
            f"{d!r}. Write torch.set_default_dtype(torch.float64)."
        )
    if d.is_float8:
        raise TypeError(f"couldn't find storage object {d.type_name}Storage")
    default_dtype = d


def from_numpy_dtype(numpy_dtype: np.dtype) -> dtype:
    """The dtype for one of numpy's."""
    result = BY_NUMPY.get(np.dtype(numpy_dtype))
    if not np.dtype(numpy_dtype).isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. "
            "Conversion between byte orders is currently not supported."
        )
    if result is None:
        raise TypeError(
            "can't convert np.ndarray of type numpy."
            f"{np.dtype(numpy_dtype).type.__name__}. The only supported types are: "
            "float64, float32, float16, complex64, complex128, int64, int32, int16, "
            "int8, uint64, uint32, uint16, uint8, and bool."
        )
    return result


def of_number(number: complex | bool) -> dtype:
    """The dtype of a tensor made of a Python number."""
    if isinstance(number, bool | np.bool_):
        return bool_
    if isinstance(number, int | np.integer):
        return int64
    if isinstance(number, complex | np.complexfloating):
        return get_default_dtype().to_complex()
    return get_default_dtype()


@explains_keywords
def promote_types(first: dtype, second: dtype) -> dtype:
    """The smallest dtype that holds both, as `torch.promote_types`."""
    if first is second:
        return first
    low, high = sorted((first, second), key=lambda operand: operand.rank)
    if low.is_float8 or high.is_float8:
        raise RuntimeError(
            "Promotion for Float8 Types is not supported, attempted to promote "
            f"{first.type_name} and {second.type_name}"
        )
    if high.is_complex:
        if low is float64:
            return complex128
        narrow = high is complex32 and low in (float32, bfloat16)
        return complex64 if narrow else high
    if high.is_floating_point:
        if low.is_floating_point and high is bfloat16 and low is float16:
            return float32
        return high
    if low is bool_:
        return high
    if low is uint8:  # the only unsigned type that PyTorch promotes
        return int16 if high is int8 else high
    return high


def result_type(*operands: tuple[dtype, int, bool]) -> dtype:
    """The dtype of an operation on `(dtype, dimensions, is a number)` of each operand.

    A tensor with dimensions decides; one without them, or a Python number, counts only
    if it is of a higher category: bool, integer, floating point, complex.
    """
    groups: list[dtype | None] = [None, None, None]
    for operand_dtype, ndim, is_number in operands:
        group = 2 if is_number else int(ndim == 0)
        so_far = groups[group]
        groups[group] = (
            operand_dtype if so_far is None else promote_types(so_far, operand_dtype)
        )
    result: dtype | None = None
    for group_dtype, is_scalar in zip(groups, (False, False, True), strict=True):
        if group_dtype is None:
            continue
        if is_scalar:
            group_dtype = _default_of_category(group_dtype)
        if result is None:
            result = group_dtype
        elif _category(group_dtype) > _category(result):
            if result.is_floating_point:
                result = result.to_complex()
            else:
                result = promote_types(result, group_dtype)
    assert result is not None, "an operation without operands"
    return result


def _category(x: dtype) -> int:
    if x is bool_:
        return 0
    return 1 if x.rank < FLOAT else 2 if x.rank < COMPLEX else 3


def _default_of_category(x: dtype) -> dtype:
    """What a Python number is by itself: the default dtypes."""
    if x.is_complex:
        return get_default_dtype().to_complex()
    return get_default_dtype() if x.is_floating_point else x
