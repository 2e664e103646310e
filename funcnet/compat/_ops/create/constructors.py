"""`torch.Tensor(...)` and the typed constructors, such as `torch.LongTensor(...)`."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._ops.create.data import from_data
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.tensor_methods.cells import flat
from funcnet.compat._ops.tensor_methods.subclasses import as_class
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor, from_array, hooks
from funcnet.compat._tensor.views import alias


def construct(
    cls: type, *args: Any, device: DeviceLike | None = None, **named: object
) -> Any:
    """`Tensor(5, 3)` has this shape, `Tensor([5, 3])` these values, in float32."""
    of_tensor = len(args) == 1 and isinstance(args[0], Tensor)
    dtype = args[0].dtype if of_tensor else _dtypes.get_default_dtype()
    result = _new(dtype, args, device, named)
    return as_class(result, cls)


hooks.construct = construct


def _new(
    dtype: DType,
    args: tuple[Any, ...],
    device: DeviceLike | None = None,
    named: Mapping[str, Any] | None = None,
) -> Tensor:
    """A tensor of sizes, or of one sequence of values."""
    given = dict(named or {})
    args = (*args, *[given.pop(name) for name in ("data", "size") if name in given])
    for name in given:
        raise TypeError(f"new() received an unexpected keyword argument {name!r}")
    result = _typed(dtype, args)
    return result if device is None else result.to(device)


def _typed(dtype: DType, args: tuple[Any, ...]) -> Tensor:
    args = args or (Size((0,)),)
    first = args[0] if len(args) == 1 else None
    if isinstance(first, Tensor):
        if first.dtype is not dtype:
            raise TypeError(
                f"expected {type_name(dtype)} (got {type_name(first.dtype)})"
            )
        return alias(first)
    if first is not None and hasattr(first, "_cell"):  # a storage
        return flat(first._cell, dtype)
    if isinstance(first, Size):
        return from_array(np.zeros(tuple(first), dtype.numpy))
    if isinstance(first, str):
        raise TypeError("new(): invalid data type 'str'")
    if isinstance(first, Sequence | np.ndarray):
        return from_array(from_data(first, dtype))
    for index, n in enumerate(args):
        if isinstance(n, int | np.integer) and not isinstance(n, bool):
            continue
        if len(args) == 1:
            raise TypeError(f"new(): data must be a sequence (got {type(n).__name__})")
        raise TypeError(
            "new(): argument 'size' failed to unpack the object at pos "
            f"{index + 1} with "
            f'error "type must be tuple of ints,but got {type(n).__name__}"'
        )
    return from_array(np.zeros(args, dtype.numpy))


TYPES: Final = {
    "Float": _dtypes.float32,
    "Double": _dtypes.float64,
    "Half": _dtypes.float16,
    "BFloat16": _dtypes.bfloat16,
    "Long": _dtypes.int64,
    "Int": _dtypes.int32,
    "Short": _dtypes.int16,
    "Char": _dtypes.int8,
    "Byte": _dtypes.uint8,
    "Bool": _dtypes.bool_,
}
_WORDS: Final = {dtype: word for word, dtype in TYPES.items()}


def type_name(dtype: DType) -> str:
    """What `Tensor.type()` calls tensors of a dtype: "torch.FloatTensor"."""
    return f"torch.{_WORDS.get(dtype) or _other(dtype)}Tensor"


def _other(dtype: DType) -> str:
    return dtype.type_name if dtype is _dtypes.complex32 else dtype.name.capitalize()


class _TypedMeta(type):
    """The class of `torch.FloatTensor`: a tensor is an instance by its dtype."""

    dtype: DType

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor) and instance.dtype is cls.dtype

    def __call__(
        cls, *args: object, device: DeviceLike | None = None, **named: object
    ) -> Tensor:
        return _new(cls.dtype, args, device, named)


for _word, _dtype in TYPES.items():
    _doc = f"Make a tensor of {_dtype}, as `torch.{_word}Tensor(...)`."
    _members = {"dtype": _dtype, "__doc__": _doc, "__module__": "torch"}
    _class: Any = _TypedMeta(f"{_word}Tensor", (), _members)
    register(f"{_word}Tensor", method=False)(_class)


@register("Tensor.new")
def new(
    self: Tensor, *args: object, device: DeviceLike | None = None, **named: object
) -> Tensor:
    """Make a tensor of this dtype of sizes or values, as the old `Tensor.new`."""
    return _new(self.dtype, args, device, named)
