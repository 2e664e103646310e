"""Making tensors: from data, of one number, of sequences."""

import math
import warnings
from typing import Any

import numpy as np

from funcnet.compat import _dtypes
from funcnet.compat._devices import CPU, placed
from funcnet.compat._dtypes import dtype as DType
from funcnet.compat._dtypes import from_numpy_dtype
from funcnet.compat._ops._table import FUNCTIONS, METHODS
from funcnet.compat._tensor import Size, Tensor, from_array


def function(*names: str) -> Any:
    """Enter a function of tensors under these names of `torch`."""

    def enter(public: Any) -> Any:
        for name in names:
            FUNCTIONS[name] = public
        return public

    return enter


def sizes(size: tuple[Any, ...]) -> tuple[int, ...]:
    """A shape from `f(2, 3)`, `f((2, 3))` or `f([2, 3])`."""
    if len(size) == 1 and isinstance(size[0], tuple | list):
        size = tuple(size[0])
    found = tuple(int(n) for n in size)
    for n in found:
        if n < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {n}: {list(found)}"
            )
    return found


def made(array: Any, device: Any = None, requires_grad: bool = False) -> Tensor:
    """A tensor of a fresh array of numpy."""
    tensor = from_array(array, CPU if device is None else placed(device))
    if device is None and placed(None) is not CPU:
        tensor = from_array(array, placed(None))
    if requires_grad:
        tensor.requires_grad_(True)  # type: ignore[attr-defined]
    return tensor


@function("full")
def full(
    size: Any,
    fill_value: Any,
    *,
    out: Any = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor of one number, as `torch.full`."""
    del layout, pin_memory
    if isinstance(fill_value, Tensor):
        fill_value = fill_value.item()  # type: ignore[attr-defined]
    kind = dtype or _dtypes.of_number(fill_value)
    made_here = made(
        np.full(sizes((size,)), fill_value, kind.numpy), device, requires_grad
    )
    return made_here if out is None else _into(out, made_here)


def _into(out: Tensor, new: Tensor) -> Tensor:
    from funcnet.compat._ops._table import write_out

    return write_out(new, out)


def _constant(name: str, value: float) -> Any:
    def public(
        *size: Any,
        out: Any = None,
        dtype: DType | None = None,
        layout: Any = None,
        device: Any = None,
        requires_grad: bool = False,
        pin_memory: bool = False,
        memory_format: Any = None,
        **named: Any,
    ) -> Tensor:
        size = named["size"] if "size" in named else size
        kind = dtype or _dtypes.get_default_dtype()
        return full(
            sizes(size if "size" not in named else (size,)),
            kind.numpy.type(value).item(),
            out=out,
            dtype=kind,
            device=device,
            requires_grad=requires_grad,
        )

    public.__name__ = public.__qualname__ = name
    public.__doc__ = f"A tensor of {name}, as `torch.{name}`; sizes or a tuple of them."
    return public


zeros = function("zeros")(_constant("zeros", 0))
ones = function("ones")(_constant("ones", 1))
# PyTorch leaves what lay in memory; zeros are as good and the same each time.
empty = function("empty")(_constant("empty", 0))


@function("empty_strided")
def empty_strided(size: Any, stride: Any, **options: Any) -> Tensor:
    """A tensor whose numbers do not matter yet, as `torch.empty_strided`."""
    del stride
    return empty(size, **options)


@function("empty_permuted")
def empty_permuted(size: Any, physical_layout: Any, **options: Any) -> Tensor:
    """A tensor whose numbers do not matter yet, as `torch.empty_permuted`."""
    del physical_layout
    return empty(size, **options)


def _like(name: str, value: int) -> Any:
    def public(
        input: Tensor,
        *,
        dtype: DType | None = None,
        layout: Any = None,
        device: Any = None,
        requires_grad: bool = False,
        memory_format: Any = None,
        pin_memory: bool = False,
    ) -> Tensor:
        kind = dtype or input.dtype
        array = np.full(input._aval.shape, value, kind.numpy)
        return made(array, input.device if device is None else device, requires_grad)

    public.__name__ = public.__qualname__ = name
    public.__doc__ = f"A tensor of the same shape and dtype, as `torch.{name}`."
    return public


zeros_like = function("zeros_like")(_like("zeros_like", 0))
ones_like = function("ones_like")(_like("ones_like", 1))
empty_like = function("empty_like")(_like("empty_like", 0))


@function("full_like")
def full_like(input: Tensor, fill_value: Any, **options: Any) -> Tensor:
    """A tensor of one number in the same shape and dtype, as `torch.full_like`."""
    options.pop("memory_format", None)
    options["dtype"] = options.get("dtype") or input.dtype
    if options.get("device") is None:
        options["device"] = input.device
    return full(input._aval.shape, fill_value, **options)


def _new(name: str, maker: Any) -> None:
    def method(self: Tensor, *args: Any, **options: Any) -> Tensor:
        options["dtype"] = options.get("dtype") or self.dtype
        if options.get("device") is None:
            options["device"] = self.device
        return maker(*args, **options)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"`torch.{name.removeprefix('new_')}` with this dtype and device."
    METHODS[name] = method


for _name, _maker in (
    ("new_zeros", zeros),
    ("new_ones", ones),
    ("new_empty", empty),
    ("new_full", full),
    ("new_empty_strided", empty_strided),
):
    _new(_name, _maker)


@function("scalar_tensor")
def scalar_tensor(s: Any, **options: Any) -> Tensor:
    """A tensor without dimensions, in the default dtype, as `torch.scalar_tensor`."""
    options["dtype"] = options.get("dtype") or _dtypes.get_default_dtype()
    return full((), s, **options)


def _ends(names: tuple[Any, ...]) -> list[Any]:
    return [x.item() if isinstance(x, Tensor) else x for x in names]


@function("arange")
def arange(
    start: Any = None,
    end: Any = None,
    step: Any = 1,
    *,
    out: Any = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Numbers from `start` up to, not including, `end`, as `torch.arange`."""
    if end is None:
        start, end = 0, start
    start = 0 if start is None else start
    start, end, step = _ends((start, end, step))
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    whole = all(isinstance(x, int) for x in (start, end, step))
    kind = dtype or (_dtypes.int64 if whole else _dtypes.get_default_dtype())
    if out is not None and dtype is None:
        kind = out.dtype
    count = math.ceil((end - start) / step)
    array = (start + step * np.arange(count)).astype(kind.numpy)
    found = made(array, device, requires_grad)
    return found if out is None else _into(out, found)


@function("range")
def range_(start: Any = 0, end: Any = None, step: Any = 1, **options: Any) -> Tensor:
    """Numbers from `start` to `end`, both included, as the deprecated `torch.range`."""
    warnings.warn(
        "torch.range is deprecated and will be removed in a future release because its "
        "behavior is inconsistent with Python's range builtin. Instead, use "
        "torch.arange, which produces values in [start, end).",
        UserWarning,
        stacklevel=2,
    )
    if end is None:
        start, end = 0, start
    kind = options.pop("dtype", None) or _dtypes.get_default_dtype()
    count = math.floor((end - start) / step) + 1
    array = (start + step * np.arange(count)).astype(kind.numpy)
    return made(array, options.get("device"), options.get("requires_grad", False))


def _spaced(start: Any, end: Any, steps: int, kind: DType) -> np.ndarray:
    """Evenly spaced numbers, counted from both ends as PyTorch does."""
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    wide = np.complex128 if isinstance(start + end, complex) else np.float64
    if steps == 1:
        return np.array([start], wide).astype(kind.numpy)
    places = np.arange(steps)
    step = (end - start) / max(steps - 1, 1)
    first = start + step * places
    last = end - step * (steps - 1 - places)
    return np.where(places < steps // 2, first, last).astype(kind.numpy)


@function("linspace")
def linspace(
    start: Any,
    end: Any,
    steps: int,
    *,
    out: Any = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """`steps` numbers from `start` to `end`, as `torch.linspace`."""
    start, end = _ends((start, end))
    kind = dtype or _dtypes.of_number(start + end + 0.0)
    found = made(_spaced(start, end, int(steps), kind), device, requires_grad)
    return found if out is None else _into(out, found)


@function("logspace")
def logspace(
    start: Any,
    end: Any,
    steps: int,
    base: float = 10.0,
    *,
    out: Any = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """`steps` numbers from `base**start` to `base**end`, as `torch.logspace`."""
    start, end = _ends((start, end))
    kind = dtype or _dtypes.of_number(start + end + 0.0)
    wide = _dtypes.complex128 if kind.is_complex else _dtypes.float64
    exponents = _spaced(start, end, int(steps), wide)
    if not (kind.is_floating_point or kind.is_complex):
        exponents = np.trunc(exponents)
    found = made((base**exponents).astype(kind.numpy), device, requires_grad)
    return found if out is None else _into(out, found)


@function("eye")
def eye(
    n: int,
    m: int | None = None,
    *,
    out: Any = None,
    dtype: DType | None = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """Ones on the diagonal, as `torch.eye`."""
    kind = dtype or _dtypes.get_default_dtype()
    found = made(np.eye(n, m, dtype=kind.numpy), device, requires_grad)
    return found if out is None else _into(out, found)


@function("tril_indices")
def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None, **_: Any
) -> Tensor:
    """Where the lower triangle of a matrix is, `(2, n)`, as `torch.tril_indices`."""
    kind = (dtype or _dtypes.int64).numpy
    return made(np.stack(np.tril_indices(row, offset, col)).astype(kind), device)


@function("triu_indices")
def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: Any = None, device: Any = None, **_: Any
) -> Tensor:
    """Where the upper triangle of a matrix is, `(2, n)`, as `torch.triu_indices`."""
    kind = (dtype or _dtypes.int64).numpy
    return made(np.stack(np.triu_indices(row, offset, col)).astype(kind), device)


@function("broadcast_shapes")
def broadcast_shapes(*shapes: Any) -> Size:
    """The shape that tensors of these shapes are broadcast to."""
    plain = [(shape,) if isinstance(shape, int) else tuple(shape) for shape in shapes]
    try:
        return Size(np.broadcast_shapes(*plain))
    except ValueError:
        raise RuntimeError(
            "Shape mismatch: objects cannot be broadcast to a single shape"
        ) from None


def from_data(data: Any, kind: DType | None) -> np.ndarray:
    """An array of numpy from numbers, nested lists, arrays and tensors in them."""
    if isinstance(data, np.ndarray | np.generic):
        array = np.asarray(data)
        from_numpy_dtype(array.dtype)
    else:
        data = _plain(data)
        array = np.array(data)
        if array.dtype == object:
            _raise_ragged(data)
        if kind is None:
            kind = _inferred(array)
    if kind is None:
        return np.array(array, order="C")
    if kind in (_dtypes.bool_,):
        return array.astype(bool)
    return np.array(array, order="C").astype(kind.numpy)


def _inferred(array: np.ndarray) -> DType:
    if array.size == 0 and array.dtype == np.float64:
        return _dtypes.get_default_dtype()
    if array.dtype.kind == "c":
        return _dtypes.get_default_dtype().to_complex()
    if array.dtype.kind == "f":
        return _dtypes.get_default_dtype()
    if array.dtype.kind == "b":
        return _dtypes.bool_
    if array.dtype.kind in "iu":
        if array.dtype == np.uint64:
            raise RuntimeError("Overflow when unpacking long")
        return _dtypes.int64
    what = "str" if array.dtype.kind in "US" else str(array.dtype)
    raise TypeError(f"new(): invalid data type '{what}'")


def _plain(data: Any) -> Any:
    if isinstance(data, Tensor):
        return np.asarray(data._array())
    if isinstance(data, list | tuple):
        return [_plain(part) for part in data]
    return data


def _raise_ragged(data: Any, dim: int = 0) -> None:
    raise ValueError(
        f"expected sequence of equal length at dim {dim + 1}, or could not infer the "
        f"dtype of {type(data).__name__}: {data!r:.80}"
    )


@function("tensor")
def tensor(
    data: Any,
    *,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
) -> Tensor:
    """A tensor with a copy of the data, as `torch.tensor`.

    Integers become int64, Python floats the default dtype; arrays keep their dtype.
    """
    del pin_memory
    if isinstance(data, Tensor):
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use "
            "sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than "
            "torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
        device = data.device if device is None else device
        data = np.asarray(data._array())
    try:
        array = from_data(data, dtype)
    except ValueError as error:
        if "inhomogeneous" in str(error):
            raise ValueError(
                "expected sequence of equal length at dim 1 (nested lists of different "
                "lengths make no tensor)"
            ) from None
        raise
    return made(array, device, requires_grad)


@function("as_tensor", "asarray")
def as_tensor(data: Any, dtype: DType | None = None, device: Any = None, **others: Any) -> Tensor:
    """The data as a tensor, sharing memory where possible, as `torch.as_tensor`."""
    if isinstance(data, Tensor):
        return data.to(device=device, dtype=dtype)  # type: ignore[attr-defined]
    if isinstance(data, np.ndarray):
        found = from_numpy(data)
        return found.to(device=device, dtype=dtype)  # type: ignore[attr-defined]
    return tensor(data, dtype=dtype, device=device)


@function("from_numpy")
def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of an array, as `torch.from_numpy`."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(
            f"expected np.ndarray (got {type(ndarray).__name__})"
        )
    from_numpy_dtype(ndarray.dtype)
    if any(stride < 0 for stride in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with "
            "negative strides are not currently supported. (You can probably work around "
            "this by making a copy of your array with array.copy().)"
        )
    if not ndarray.flags.writeable:
        warnings.warn(
            "The given NumPy array is not writable, and PyTorch does not support "
            "non-writable tensors. Here the tensor gets a copy.",
            UserWarning,
            stacklevel=2,
        )
        return from_array(ndarray.copy())
    shared = from_array(np.array(ndarray))
    shared._storage.adopt(ndarray)
    return shared


@function("frombuffer")
def frombuffer(
    buffer: Any, *, dtype: DType, count: int = -1, offset: int = 0, requires_grad: bool = False
) -> Tensor:
    """A tensor of a buffer's bytes, as `torch.frombuffer`."""
    array = np.frombuffer(buffer, dtype.numpy, count, offset)
    return made(array.copy(), None, requires_grad)
