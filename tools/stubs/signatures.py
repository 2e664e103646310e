"""Signatures of functions and methods that take their arguments in several forms.

Each is the text of what stands between `def name` and the colon; several are overloads.
`FACTORY` and the like stand for the settings that many have. A function's signature
serves the method of its name, without the first argument and without `out`.
"""

from typing import Final

OUT = "out: Tensor | None = None"
DEVICE = "device: DeviceLike | None = None"
SETTINGS = (
    f"dtype: dtype | None = None, layout: layout | None = None, {DEVICE}, "
    "requires_grad: bool = False"
)
FACTORY = f"{OUT}, {SETTINGS}, pin_memory: bool = False"
LIKE = f"{SETTINGS}, memory_format: memory_format | None = None"
RANDOM = f"generator: Generator | None = None, {FACTORY}"


def _sizes(
    name: str, first: str = "", then: str = "", gives: str = "Tensor"
) -> list[str]:
    """A number of integers, or a sequence of them."""
    then = f", *, {then}" if then else ""
    some = then.replace(", *", "", 1)
    return [
        f"({first}{name}: Sequence[int]{then}) -> {gives}",
        f"({first}*{name}: int{some}) -> {gives}",
    ]


def _split_along(dim: str = "") -> list[str]:
    """Parts of equal size, or parts between these indices."""
    sections = "int | Sequence[int] | Tensor"
    return [
        f"(input: Tensor, indices_or_sections: {sections}{dim}) -> tuple[Tensor, ...]",
        f"(input: Tensor, *, sections: int{dim}) -> tuple[Tensor, ...]",
        f"(input: Tensor, *, indices: Sequence[int]{dim}) -> tuple[Tensor, ...]",
    ]


def _compressed(first: str, second: str) -> list[str]:
    return [
        f"({first}: object, {second}: object, values: object, size: Sequence[int] | "
        f"None = None, *, {DEVICE}, dtype: dtype | None = None, pin_memory: bool = "
        "False, requires_grad: bool = False, check_invariants: bool | None = None) -> "
        "Tensor"
    ]


def _extreme(name: str) -> list[str]:
    return [
        f"(input: Tensor, *, {OUT}) -> Tensor",
        f"(input: Tensor, other: Tensor, *, {OUT}) -> Tensor",
        "(input: Tensor, dim: int, keepdim: bool = False, *, "
        f"out: tuple[Tensor, Tensor] | None = None) -> return_types.{name}",
    ]


def _median(name: str) -> list[str]:
    return [
        "(input: Tensor) -> Tensor",
        f"(input: Tensor, dim: int, keepdim: bool = False) -> return_types.{name}",
    ]


def _unique(first: str) -> list[str]:
    """Overloads by what is asked for besides the elements."""
    no, yes = "Literal[False] = False", "Literal[True]"
    dim = "dim: int | None = None"
    pair, three = "tuple[Tensor, Tensor]", "tuple[Tensor, Tensor, Tensor]"
    ways = [
        (f"return_inverse: {no}, return_counts: {no}, {dim}", "Tensor"),
        (f"*, return_inverse: {yes}, return_counts: {no}, {dim}", pair),
        (f"return_inverse: {no}, *, return_counts: {yes}, {dim}", pair),
        (f"*, return_inverse: {yes}, return_counts: {yes}, {dim}", three),
    ]
    return [f"(input: Tensor, {first}{way}) -> {gives}" for way, gives in ways] + [
        f"(input: Tensor, {first}return_inverse: bool = False, "
        f"return_counts: bool = False, {dim}) -> Tensor | {pair} | {three}"
    ]


def _many() -> list[str]:
    """One tensor gives a tensor, several give several."""
    return [
        "(tensor: Tensor, /) -> Tensor",
        "(tensors: Sequence[Tensor], /) -> tuple[Tensor, ...]",
        "(*tensors: Tensor) -> tuple[Tensor, ...]",
    ]


_POOL = (
    "kernel_size: int | Sequence[int], stride: int | Sequence[int] | None = None, "
    "padding: int | Sequence[int] = 0, dilation: int | Sequence[int] = 1, "
    "ceil_mode: bool = False"
)
_TO_SIZE = "output_size: int | None | Sequence[int | None]"
_FRACTIONAL = (
    "kernel_size: int | Sequence[int], output_size: int | Sequence[int] | None = None, "
    "output_ratio: float | Sequence[float] | None = None"
)
_SAMPLES = "_random_samples: Tensor | None = None"


def _pool(settings: str, more: str = "") -> list[str]:
    """Pooling gives the places of the greatest besides, where it is asked to."""
    more = more and f", {more}"
    return [
        f"(input: Tensor, {settings}, return_indices: Literal[False] = False{more})"
        " -> Tensor",
        f"(input: Tensor, {settings}, *, return_indices: Literal[True]{more})"
        " -> tuple[Tensor, Tensor]",
    ]


def _with_indices(settings: str, more: str = "") -> list[str]:
    more = more and f", {more}"
    return [f"(input: Tensor, {settings}{more}) -> tuple[Tensor, Tensor]"]


def _window(*more: str) -> list[str]:
    middle = "".join(f", {one}" for one in more)
    return [
        f"(window_length: int, periodic: bool = True{middle}, *, {FACTORY}) -> Tensor"
    ]


def _signal_window(*more: str) -> list[str]:
    middle = "".join(f", {one}" for one in more)
    return [f"(M: int, *{middle}, sym: bool = True, {SETTINGS}) -> Tensor"]


FUNCTIONS: Final[dict[str, list[str]]] = {
    # making tensors
    **{
        name: _sizes("size", then=FACTORY + extra)
        for name, extra in {
            "zeros": "",
            "ones": "",
            "empty": ", memory_format: memory_format | None = None",
        }.items()
    },
    **{name: _sizes("size", then=RANDOM) for name in ("rand", "randn")},
    **{
        f"{name}_like": [f"(input: Tensor, *, {LIKE}) -> Tensor"]
        for name in ("zeros", "ones", "empty", "rand", "randn")
    },
    "full_like": [f"(input: Tensor, fill_value: Scalar, *, {LIKE}) -> Tensor"],
    "full": [f"(size: Sequence[int], fill_value: Scalar, *, {FACTORY}) -> Tensor"],
    "scalar_tensor": [
        f"(s: Scalar, *, {SETTINGS}, pin_memory: bool = False) -> Tensor"
    ],
    "empty_strided": [
        f"(size: Sequence[int], stride: Sequence[int], *, {SETTINGS}, "
        "pin_memory: bool = False) -> Tensor"
    ],
    "empty_permuted": [
        f"(size: Sequence[int], physical_layout: Sequence[int], *, {SETTINGS}, "
        "pin_memory: bool = False) -> Tensor"
    ],
    "tensor": [
        f"(data: object, *, dtype: dtype | None = None, {DEVICE}, "
        "requires_grad: bool = False, pin_memory: bool = False) -> Tensor"
    ],
    **{
        name: [
            f"(end: Scalar, *, {FACTORY}) -> Tensor",
            f"(start: Scalar, end: Scalar, step: Scalar = 1, *, {FACTORY}) -> Tensor",
        ]
        for name in ("arange", "range")
    },
    "linspace": [
        f"(start: TensorLike, end: TensorLike, steps: int, *, {FACTORY}) -> Tensor"
    ],
    "logspace": [
        "(start: TensorLike, end: TensorLike, steps: int, base: float = 10.0,"
        f" *, {FACTORY}) -> Tensor"
    ],
    "eye": [f"(n: int, m: int | None = None, *, {FACTORY}) -> Tensor"],
    **{
        f"{part}_indices": [
            f"(row: int, col: int, offset: int = 0, *, {FACTORY}) -> Tensor"
        ]
        for part in ("tril", "triu")
    },
    "frombuffer": [
        "(buffer: object, *, dtype: dtype, count: int = -1, offset: int = 0, "
        "requires_grad: bool = False) -> Tensor"
    ],
    "randint": [
        f"(high: int, size: Sequence[int], *, {RANDOM}) -> Tensor",
        f"(low: int, high: int, size: Sequence[int], *, {RANDOM}) -> Tensor",
    ],
    "randint_like": [
        f"(input: Tensor, high: int, *, {LIKE}) -> Tensor",
        f"(input: Tensor, low: int, high: int, *, {LIKE}) -> Tensor",
    ],
    "randperm": [f"(n: int, *, {RANDOM}) -> Tensor"],
    "normal": [
        "(mean: Tensor, std: Tensor | float = 1.0, *, "
        f"generator: Generator | None = None, {OUT}) -> Tensor",
        "(mean: float, std: Tensor, *, "
        f"generator: Generator | None = None, {OUT}) -> Tensor",
        f"(mean: float, std: float, size: Sequence[int], *, {RANDOM}) -> Tensor",
    ],
    "sparse_csr_tensor": _compressed("crow_indices", "col_indices"),
    "sparse_csc_tensor": _compressed("ccol_indices", "row_indices"),
    "sparse_bsr_tensor": _compressed("crow_indices", "col_indices"),
    "sparse_bsc_tensor": _compressed("ccol_indices", "row_indices"),
    "sparse_coo_tensor": [
        "(indices: object, values: object, size: Sequence[int] | None = None, *, "
        f"dtype: dtype | None = None, {DEVICE}, pin_memory: bool = False, "
        "requires_grad: bool = False, check_invariants: bool | None = None, "
        "is_coalesced: bool | None = None) -> Tensor",
        f"(size: Sequence[int], *, dtype: dtype | None = None, {DEVICE}, "
        "requires_grad: bool = False) -> Tensor",
    ],
    **{
        f"{name}_window": _window(*more)
        for name, more in {
            "hann": (),
            "hamming": ("alpha: float = 0.54", "beta: float = 0.46"),
            "bartlett": (),
            "blackman": (),
            "kaiser": ("beta: float = 12.0",),
        }.items()
    },
    **{
        f"signal.windows.{name}": _signal_window(*more)
        for name, more in {
            "bartlett": (),
            "blackman": (),
            "cosine": (),
            "exponential": ("center: float | None = None", "tau: float = 1.0"),
            "gaussian": ("std: float = 1.0",),
            "general_cosine": ("a: Sequence[float]",),
            "general_hamming": ("alpha: float = 0.54",),
            "hamming": (),
            "hann": (),
            "kaiser": ("beta: float = 12.0",),
            "nuttall": (),
        }.items()
    },
    # shapes
    "alias_copy": [f"(input: Tensor, *, {OUT}) -> Tensor"],
    "reshape": ["(input: Tensor, shape: Sequence[int]) -> Tensor"],
    "permute": ["(input: Tensor, dims: Sequence[int]) -> Tensor"],
    "expand": _sizes("size", "input: Tensor, ", "implicit: bool = False"),
    "flip": _sizes("dims", "input: Tensor, "),
    "tile": _sizes("dims", "input: Tensor, "),
    "roll": [
        "(input: Tensor, shifts: int | Sequence[int], "
        "dims: int | Sequence[int] | None = None) -> Tensor"
    ],
    "broadcast_shapes": ["(*shapes: int | Sequence[int]) -> Size"],
    "atleast_1d": _many(),
    "atleast_2d": _many(),
    "atleast_3d": _many(),
    "block_diag": ["(*tensors: Tensor) -> Tensor"],
    "broadcast_tensors": ["(*tensors: Tensor) -> tuple[Tensor, ...]"],
    "cartesian_prod": ["(*tensors: Tensor) -> Tensor"],
    "chain_matmul": ["(*matrices: Tensor) -> Tensor"],
    "einsum": [
        "(equation: str, *operands: Tensor) -> Tensor",
        "(equation: str, operands: Sequence[Tensor], /) -> Tensor",
    ],
    "meshgrid": [
        "(*tensors: Tensor, indexing: str | None = None) -> tuple[Tensor, ...]",
        "(tensors: Sequence[Tensor], /, *, indexing: str | None = None)"
        " -> tuple[Tensor, ...]",
    ],
    "split": [
        "(tensor: Tensor, split_size_or_sections: int | Sequence[int], dim: int = 0)"
        " -> tuple[Tensor, ...]"
    ],
    "unsafe_split": [
        "(tensor: Tensor, split_size: int, dim: int = 0) -> tuple[Tensor, ...]"
    ],
    "unsafe_split_with_sizes": [
        "(input: Tensor, split_sizes: Sequence[int], dim: int = 0)"
        " -> tuple[Tensor, ...]"
    ],
    "unsafe_chunk": [
        "(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]"
    ],
    "tensor_split": _split_along(", dim: int = 0"),
    **{f"{along}split": _split_along() for along in "hvd"},
    "unflatten": [
        "(input: Tensor, dim: int, sizes: Sequence[int]) -> Tensor",
    ],
    "squeeze": ["(input: Tensor, dim: int | Sequence[int] | None = None) -> Tensor"],
    # reductions and searches
    "max": _extreme("max"),
    "min": _extreme("min"),
    "median": _median("median"),
    "nanmedian": _median("nanmedian"),
    "unique": _unique("sorted: bool = True, "),
    "unique_consecutive": _unique(""),
    "where": [
        "(condition: Tensor) -> tuple[Tensor, ...]",
        f"(condition: Tensor, input: TensorLike, other: TensorLike, *, {OUT})"
        " -> Tensor",
    ],
    "nonzero": [
        f"(input: Tensor, *, as_tuple: Literal[False] = False, {OUT}) -> Tensor",
        "(input: Tensor, *, as_tuple: Literal[True]) -> tuple[Tensor, ...]",
    ],
    "repeat_interleave": [
        "(repeats: Tensor, *, output_size: int | None = None) -> Tensor",
        "(input: Tensor, repeats: int | Tensor, dim: int | None = None, *, "
        "output_size: int | None = None) -> Tensor",
    ],
    "scatter": [
        f"(input: Tensor, dim: int, index: Tensor, src: Tensor, *, "
        f"reduce: str | None = None, {OUT}) -> Tensor",
        "(input: Tensor, dim: int, index: Tensor, value: Scalar, *, "
        f"reduce: str | None = None, {OUT}) -> Tensor",
    ],
    "pow": [f"(input: TensorLike, exponent: TensorLike, *, {OUT}) -> Tensor"],
    # neural networks
    **{
        f"{prefix}max_pool{n}d": _pool(_POOL)
        for n in "123"
        for prefix in ("nn.functional.", "")
    },
    **{f"nn.functional.max_pool{n}d_with_indices": _with_indices(_POOL) for n in "123"},
    **{f"nn.functional.adaptive_max_pool{n}d": _pool(_TO_SIZE) for n in "123"},
    **{
        f"nn.functional.adaptive_max_pool{n}d_with_indices": _with_indices(_TO_SIZE)
        for n in "123"
    },
    "adaptive_max_pool1d": _with_indices(_TO_SIZE),
    **{
        f"nn.functional.fractional_max_pool{n}d": _pool(_FRACTIONAL, _SAMPLES)
        for n in "23"
    },
    **{
        f"nn.functional.fractional_max_pool{n}d_with_indices": _with_indices(
            _FRACTIONAL, _SAMPLES
        )
        for n in "23"
    },
}
"""Of functions, by their names in the registry."""

_NEW = (
    f"dtype: dtype | None = None, {DEVICE}, requires_grad: bool = False, "
    "layout: layout | None = None, pin_memory: bool = False"
)
_OPERATORS = "add sub mul truediv floordiv mod pow div and or xor lshift rshift"
_CASTING = "non_blocking: bool = False, copy: bool = False, *, "
_MEMORY_FORMAT = "memory_format: memory_format | None = None"

METHODS: Final[dict[str, list[str]]] = {
    **{
        f"new_{name}": _sizes("size", "self, ", _NEW)
        for name in ("zeros", "ones", "empty")
    },
    "new_full": [
        f"(self, size: Sequence[int], fill_value: Scalar, *, {_NEW}) -> Tensor"
    ],
    "new_empty_strided": [
        f"(self, size: Sequence[int], stride: Sequence[int], *, {_NEW}) -> Tensor"
    ],
    "new_tensor": [f"(self, data: object, *, {_NEW}) -> Tensor"],
    "new": [
        "(self, *size: int, device: DeviceLike | None = None) -> Tensor",
        "(self, data: object, *, device: DeviceLike | None = None) -> Tensor",
    ],
    "view": [
        *_sizes("size", "self, "),
        "(self, dtype: dtype) -> Tensor",
    ],
    "reshape": _sizes("shape", "self, "),
    "permute": _sizes("dims", "self, "),
    "repeat": _sizes("repeats", "self, "),
    "sum_to_size": _sizes("size", "self, "),
    "resize": _sizes("sizes", "self, "),
    "resize_": _sizes("size", "self, ", _MEMORY_FORMAT, "Self"),
    "split": [
        "(self, split_size: int | Sequence[int], dim: int = 0) -> tuple[Tensor, ...]"
    ],
    "where": [
        "(self, condition: Tensor, other: TensorLike) -> Tensor",
    ],
    "to": [
        f"(self, dtype: dtype, {_CASTING}{_MEMORY_FORMAT}) -> Tensor",
        "(self, device: DeviceLike | None = None, dtype: dtype | None = None, "
        f"{_CASTING}{_MEMORY_FORMAT}) -> Tensor",
        f"(self, other: Tensor, {_CASTING}{_MEMORY_FORMAT}) -> Tensor",
    ],
    "type": [
        "(self, dtype: None = None, non_blocking: bool = False) -> str",
        "(self, dtype: dtype | str | type, non_blocking: bool = False) -> Tensor",
    ],
    "size": [
        "(self, dim: None = None) -> Size",
        "(self, dim: int) -> int",
    ],
    "stride": [
        "(self, dim: None = None) -> tuple[int, ...]",
        "(self, dim: int) -> int",
    ],
    "uniform_": [
        "(self, from_: float = 0.0, to: float = 1.0, *, "
        "generator: Generator | None = None) -> Self"
    ],
    "random_": [
        "(self, *, generator: Generator | None = None) -> Self",
        "(self, to: int, /, *, generator: Generator | None = None) -> Self",
        "(self, from_: int, to: int | None, /, *, "
        "generator: Generator | None = None) -> Self",
    ],
    "softmax": ["(self, dim: int, dtype: dtype | None = None) -> Tensor"],
    "log_softmax": ["(self, dim: int, dtype: dtype | None = None) -> Tensor"],
    "pin_memory": ["(self, device: DeviceLike | None = None) -> Tensor"],
    "is_pinned": ["(self, device: DeviceLike | None = None) -> bool"],
    "to_sparse": [
        "(self, sparse_dim: int | None = None, *, layout: layout | None = None, "
        "blocksize: Sequence[int] | None = None, dense_dim: int | None = None) -> "
        "Tensor"
    ],
    "to_sparse_coo": ["(self) -> Tensor"],
    "sparse_mask": ["(self, mask: Tensor) -> Tensor"],
    **{name: ["(self) -> Tensor"] for name in ("coalesce", "indices", "values")},
    **{name: ["(self) -> Tensor"] for name in ("_indices", "_values")},
    "is_coalesced": ["(self) -> bool"],
    "_nnz": ["(self) -> int"],
    "as_subclass": ["(self, cls: type[T]) -> T"],
    "_make_subclass": ["(cls: type[T], data: Tensor, require_grad: bool = False) -> T"],
    "_make_wrapper_subclass": [
        "(cls: type[T], size: Sequence[int], *, strides: Sequence[int] | None = None, "
        "storage_offset: int | None = None, dtype: dtype | None = None, "
        "layout: layout | None = None, device: DeviceLike | None = None, "
        "requires_grad: bool = False, pin_memory: bool = False) -> T"
    ],
    "scatter_": [
        "(self, dim: int, index: Tensor, src: Tensor, *, reduce: str | None = None)"
        " -> Self",
        "(self, dim: int, index: Tensor, value: Scalar, *, reduce: str | None = None)"
        " -> Self",
    ],
    # protocols and operators
    "__getitem__": ["(self, index: Index) -> Tensor"],
    "__setitem__": [
        "(self, index: Index, "
        "value: TensorLike | Sequence[Scalar] | np.ndarray[Any, Any]) -> None"
    ],
    "__eq__": ["(self, other: object) -> Tensor"],
    "__ne__": ["(self, other: object) -> Tensor"],
    "__copy__": ["(self) -> Self"],
    "__deepcopy__": ["(self, memo: dict[int, Any]) -> Self"],
    "__contains__": ["(self, element: object) -> bool"],
    "__hash__": ["(self) -> int"],
    "__repr__": ["(self, *, tensor_contents: str | None = None) -> str"],
    "__array__": [
        "(self, dtype: np.dtype[Any] | None = None, copy: bool | None = None)"
        " -> np.ndarray[Any, Any]"
    ],
    "__dlpack__": ["(self, *, stream: int | None = None, **options: object) -> object"],
    "__array_wrap__": [
        "(self, array: np.ndarray[Any, Any], context: object = None, "
        "return_scalar: bool = False) -> Tensor"
    ],
    **{f"__{name}__": ["(self) -> Tensor"] for name in ("neg", "pos", "abs", "invert")},
    **{
        f"__{side}{name}__": [
            f"(self, other: TensorLike) -> {'Self' if side == 'i' else 'Tensor'}"
        ]
        for name in _OPERATORS.split()
        for side in ("", "r", "i")
    },
    **{
        f"__{side}matmul__": [
            f"(self, other: Tensor) -> {'Self' if side == 'i' else 'Tensor'}"
        ]
        for side in ("", "r", "i")
    },
    **{
        f"__{name}__": ["(self, other: TensorLike) -> Tensor"]
        for name in ("lt", "le", "gt", "ge")
    },
}
"""Of methods of tensors, where it is not the function's."""

PROPERTIES: Final = {
    "data": "Tensor",
    "grad": "Tensor | None",
    "itemsize": "int",
    "layout": "layout",
    "name": "str | None",
    "nbytes": "int",
    "output_nr": "int",
    "_version": "int",
    **dict.fromkeys(("real", "imag", "T", "H", "mT", "mH"), "Tensor"),
}
"""Of tensors; those of other names are bools."""
