"""Making tensors: of data, of one number, like others; nothing is compiled for them."""

import functools
import inspect
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike, ShapeLike
from funcnet.compat._core.conversion import check_fits, converted
from funcnet.compat._core.device import META, resolve_device
from funcnet.compat._core.device import device as Device
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._core.dtype import from_numpy_dtype, of_number
from funcnet.compat._core.narrow_kernels import refusal
from funcnet.compat._core.strides import contiguous
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.create.data import as_dtype, from_data
from funcnet.compat._ops.keywords import canonical_kwargs
from funcnet.compat._ops.registry import METHODS, register
from funcnet.compat._ops.tensor_methods.grad_attributes import set_requires_grad
from funcnet.compat._ops.writing import write_out
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.transform_levels import as_batch_of
from funcnet.compat._tensor.view_ops import AS_STRIDED
from funcnet.compat._tensor.views import alias, view_of

# Taken from everywhere, and without effect: all tensors are dense.
IGNORED: Final = ("layout", "pin_memory", "memory_format", "names")
SETTINGS: Final = frozenset(("dtype", "device", "requires_grad", "out", *IGNORED))


def make_leaf(
    array: np.ndarray, device: DeviceLike | None = None, requires_grad: bool = False
) -> Tensor:
    """A tensor of an array that nobody else will write to."""
    tensor = from_array(array, resolve_device(device))
    if requires_grad:
        dtype = tensor.dtype
        if not dtype.is_inexact:
            raise RuntimeError(
                "Only Tensors of floating point and complex dtype can require gradients"
            )
        tensor._requires_grad = True
    return tensor


def constructor(
    *names: str, of_one_number: bool = False
) -> Callable[[Callable[..., np.ndarray]], Callable[..., Tensor]]:
    """Register a function that makes an array in a given `dtype` or its own.

    The settings that all tensors have (`device`, `requires_grad`, `out`) are added.
    """

    def enter(run: Callable[..., np.ndarray]) -> Callable[..., Tensor]:
        known = frozenset(inspect.signature(run).parameters) | SETTINGS

        @functools.wraps(run)
        def public(
            *args: object,
            dtype: DType | None = None,
            device: DeviceLike | None = None,
            requires_grad: bool = False,
            out: Tensor | None = None,
            **others: object,
        ) -> Tensor:
            if others:
                others = canonical_kwargs(names[0], others, known)
                for name in IGNORED:
                    others.pop(name, None)
            dtype = as_dtype(dtype) if out is None or dtype is not None else out.dtype
            if of_one_number and resolve_device(device) is META:
                array = _without_memory(run, names[0], args, {"dtype": dtype, **others})
            else:
                array = _array(run, names[0], args, dtype, others)
            result = make_leaf(array, device, requires_grad)
            return result if out is None else write_out(result, out)

        return register(*names, method=False)(public)

    return enter


def _array(
    run: Callable[..., np.ndarray],
    name: str,
    args: tuple[Any, ...],
    dtype: Any,
    given: dict[str, Any],
) -> np.ndarray:
    """What the function makes; it is narrowed where numpy would round otherwise."""
    halves = dtype is _dtypes.complex32
    if dtype is None or not (dtype.is_float8 or halves) or name == "frombuffer":
        return run(*args, dtype=dtype, **given)
    if name in ("arange", "range", "linspace", "logspace"):
        raise refusal(f"{name}_cpu", dtype)
    if name == "eye" and halves:
        raise refusal(name, dtype)
    wide = run(*args, dtype=_dtypes.complex64 if halves else _dtypes.float32, **given)
    if name == "full" and wide.size:
        check_fits(wide.flat[0], dtype)
    return converted(wide, dtype)


def sizes(name: str, size: tuple[Any, ...]) -> tuple[int, ...]:
    """A shape from `f(2, 3)`, `f((2, 3))` or `f([2, 3])`."""
    if len(size) == 1 and isinstance(size[0], tuple | list):
        size = tuple(size[0])
    result = []
    for index, n in enumerate(size):
        if isinstance(n, float | str) or not hasattr(n, "__index__"):
            raise TypeError(
                f"{name}(): argument 'size' (position {index + 1}) must be tuple of "
                f"ints, not {type(n).__name__}"
            )
        result.append(int(n))
        if result[-1] < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {n}: {list(size)}"
            )
    return tuple(result)


# --- of one number -------------------------------------------------------------------


def _without_memory(
    run: Callable[..., np.ndarray],
    name: str,
    args: tuple[Any, ...],
    given: dict[str, Any],
) -> np.ndarray:
    """An array of one number in a shape for which there need not be room."""
    rest: tuple[Any, ...] = ()
    if "size" in given:
        size, rest = (given.pop("size"),), args
    elif name == "full":
        size, rest = args[:1], args[1:]
    else:
        size = args
    return np.broadcast_to(run((), *rest, **given), sizes(name, size))


@constructor("full", of_one_number=True)
def full(
    size: ShapeLike, fill_value: TensorLike, *, dtype: DType | None = None
) -> np.ndarray:
    """A tensor of one number, as `torch.full`."""
    if isinstance(fill_value, Tensor):
        fill_value = METHODS["item"](fill_value)
    if not isinstance(fill_value, bool | int | float | complex | np.generic):
        raise TypeError(
            "full(): argument 'fill_value' (position 2) must be Number, not "
            f"{type(fill_value).__name__}"
        )
    dtype = dtype or of_number(fill_value)  # type: ignore[arg-type]
    return np.full(sizes("full", (size,)), fill_value, dtype.numpy)


def _filled(name: str, array: Callable[..., np.ndarray]) -> Callable[..., Tensor]:
    def run(*size: Any, dtype: DType | None = None, **given: object) -> np.ndarray:
        shape = (given.pop("size"),) if "size" in given else size
        for extra in given:
            raise TypeError(f"{name}() got an unexpected keyword argument {extra!r}")
        dtype = dtype or _dtypes.get_default_dtype()
        return array(sizes(name, shape), dtype.numpy)

    run.__name__ = run.__qualname__ = name
    run.__doc__ = (
        f"A tensor of {name}, as `torch.{name}`: of sizes, or a tuple of them."
    )
    run.__signature__ = inspect.signature(_sized)  # type: ignore[attr-defined]
    return constructor(name, of_one_number=True)(run)


def _sized(*size: Any, dtype: DType | None = None) -> None:
    """What is called like `torch.zeros`."""


zeros = _filled("zeros", np.zeros)
ones = _filled("ones", np.ones)
# PyTorch leaves what lay in memory; zeros are as good, and the same each time.
empty = _filled("empty", np.zeros)


@register("empty_strided", method=False)
def empty_strided(size: ShapeLike, stride: ShapeLike, **settings: object) -> Tensor:
    """A tensor whose elements lie at given strides, as `torch.empty_strided`."""
    last = sum((n - 1) * step for n, step in zip(size, stride, strict=True))
    memory = empty(0 if 0 in size else last + 1, **settings)
    # Without its base: what is made here is no view.
    made_here = alias(view_of(memory, AS_STRIDED, tuple(size), tuple(stride), 0))
    made_here._requires_grad = memory._requires_grad
    return made_here


@register("empty_permuted", method=False)
def empty_permuted(
    size: ShapeLike, physical_layout: Sequence[int], **settings: object
) -> Tensor:
    """A tensor whose dimensions lie in an order, as `torch.empty_permuted`."""
    order, count = tuple(physical_layout), len(size)
    if len(order) != count:
        raise RuntimeError(
            "Number of dimensions in size does not match the length of the "
            f"physical_layout; i.e. len(size) = {count} is not equal to "
            f"len(physical_layout) = {len(order)}"
        )
    for index, dim in enumerate(order):
        if not 0 <= dim < count:
            raise RuntimeError(
                f"Dimension out of range (expected to be between 0 and {count - 1}, "
                f"but got {dim} at index {index})."
            )
    if len({*order}) < count:
        raise RuntimeError("Duplicate dim not allowed")
    steps = contiguous(tuple(size[dim] for dim in order)).stride
    stride = [steps[order.index(dim)] for dim in range(count)]
    return empty_strided(size, stride, **settings)


@constructor("scalar_tensor")
def scalar_tensor(s: ShapeLike, *, dtype: DType | None = None) -> np.ndarray:
    """A tensor without dimensions, in the default dtype, as `torch.scalar_tensor`."""
    return np.array(s, (dtype or _dtypes.get_default_dtype()).numpy)


# --- like other tensors --------------------------------------------------------------


def _with_settings_of(x: Tensor, given: dict[str, Any]) -> dict[str, Any]:
    own = {"dtype": x.dtype, "device": x.device}
    return own | {name: value for name, value in given.items() if value is not None}


def _like(name: str, make: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Register `torch.NAME_like` and `Tensor.new_NAME`; return the first."""

    def public(input: Tensor, *args: object, **settings: object) -> Tensor:
        result = make(input._spec.shape, *args, **_with_settings_of(input, settings))
        return as_batch_of(result, input._value())

    def new(self: Tensor, *args: object, **settings: object) -> Tensor:
        result = make(*args, **_with_settings_of(self, settings))
        return as_batch_of(result, self._value())

    doc = f"`torch.{name}` in the shape, dtype and on the device of another tensor."
    like = register(f"{name}_like", method=False, doc=doc)(public)
    doc = f"`torch.{name}` in the dtype and on the device of this tensor."
    register(f"Tensor.new_{name}", doc=doc)(new)
    return like


zeros_like = _like("zeros", zeros)
ones_like = _like("ones", ones)
empty_like = _like("empty", empty)
full_like = _like("full", full)


@register("Tensor.new_empty_strided")
def new_empty_strided(
    self: Tensor, size: ShapeLike, stride: ShapeLike, **settings: object
) -> Tensor:
    """`torch.empty_strided` in the dtype and on the device of this tensor."""
    return empty_strided(size, stride, **_with_settings_of(self, settings))


@register("Tensor.new_tensor")
def new_tensor(self: Tensor, data: object, **settings: object) -> Tensor:
    """`torch.tensor` in the dtype and on the device of this tensor."""
    return tensor(data, **_with_settings_of(self, settings))


# --- of data -------------------------------------------------------------------------


@register("tensor", method=False, of_data=True)
def tensor(
    data: object,
    *,
    dtype: DType | None = None,
    device: DeviceLike | None = None,
    requires_grad: bool = False,
    pin_memory: bool = False,
    **unknown: object,
) -> Tensor:
    """A tensor with a copy of the data, as `torch.tensor`.

    Integers become int64, Python's floats the default dtype; arrays keep their dtype.
    """
    if unknown:
        canonical_kwargs("tensor", unknown, SETTINGS)
    if isinstance(data, Tensor):
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use "
            "sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than "
            "torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=outside(),
        )
        device = data.device if device is None else device
        dtype = data.dtype if dtype is None else dtype
        if data.is_meta and resolve_device(device) is META:
            return METHODS["requires_grad_"](METHODS["to"](data, dtype), requires_grad)
        data = np.asarray(data._array())
    return make_leaf(from_data(data, as_dtype(dtype)), device, requires_grad)


@register("as_tensor", "asarray", method=False, of_data=True)
def as_tensor(
    data: object,
    dtype: DType | None = None,
    device: DeviceLike | None = None,
    *,
    copy: bool | None = None,
    requires_grad: bool = False,
) -> Tensor:
    """The data as a tensor, sharing memory where possible, as `torch.as_tensor`."""
    dtype = as_dtype(dtype)
    if isinstance(data, np.ndarray):
        result = from_numpy(data)
    elif isinstance(data, jax.Array):
        result = from_array(data)
    elif isinstance(data, Tensor):
        result = data
    else:
        return tensor(data, dtype=dtype, device=device, requires_grad=requires_grad)
    target: Device = data.device if isinstance(data, Tensor) else resolve_device(None)
    target = target if device is None else resolve_device(device)
    result = METHODS["to"](result, target, dtype or result.dtype, copy=bool(copy))
    return set_requires_grad(result) if requires_grad else result


@register("from_numpy", method=False, overridable=False)
def from_numpy(ndarray: np.ndarray) -> Tensor:
    """A tensor that shares the memory of an array, as `torch.from_numpy`."""
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    if not ndarray.dtype.isnative:
        raise ValueError(
            "given numpy array has byte order different from the native byte order. "
            "Conversion between byte orders is currently not supported."
        )
    from_numpy_dtype(ndarray.dtype)
    if min(ndarray.strides, default=0) < 0:
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors "
            "with negative strides are not currently supported. (You can probably work "
            "around this by making a copy of your array  with array.copy().) "
        )
    if not ndarray.flags.writeable:
        warnings.warn(
            "The given NumPy array is not writable, and PyTorch does not support "
            "non-writable tensors. Here the tensor gets a copy of the numbers.",
            UserWarning,
            stacklevel=outside(),
        )
        return from_array(ndarray.copy())
    # The value says shape and dtype only: the numbers are read where they are.
    still = (0,) * ndarray.ndim
    shared = from_array(np.ndarray(ndarray.shape, ndarray.dtype, _ZEROS, 0, still))
    shared._storage.adopt(ndarray)
    return shared


_ZEROS: Final = bytes(16)
"""The memory of one element of any dtype."""


@constructor("frombuffer")
def frombuffer(
    buffer: Any, *, dtype: DType, count: int = -1, offset: int = 0
) -> np.ndarray:
    """A tensor of a buffer's bytes, which are copied, as `torch.frombuffer`."""
    return np.frombuffer(buffer, dtype.numpy, count, offset).copy()
