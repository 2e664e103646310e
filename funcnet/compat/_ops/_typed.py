"""`torch.Tensor(...)` and the typed constructors `torch.LongTensor(...)`."""

from typing import Any

import numpy as np

from funcnet.compat import _dtypes, _tensor
from funcnet.compat._dtypes import dtype as DType
from funcnet.compat._ops._creation import from_data
from funcnet.compat._ops._table import FUNCTIONS
from funcnet.compat._tensor import Tensor, alias, from_array


def construct(cls: type, *args: Any, device: Any = None, **kwargs: Any) -> Any:
    """`Tensor(5, 3)` has this shape, `Tensor([5, 3])` these numbers, in float32."""
    for name in kwargs:
        raise TypeError(f"new() received an unexpected keyword argument {name!r}")
    found = _typed(_dtypes.get_default_dtype(), args)
    if device is not None:
        found = found.to(device)  # type: ignore[attr-defined]
    if cls is Tensor:
        return found
    made = object.__new__(cls)
    made.__dict__.update(found.__dict__)
    return made


def _typed(kind: DType, args: tuple[Any, ...]) -> Tensor:
    if not args:
        return from_array(np.zeros(0, kind.numpy))
    first = args[0]
    if len(args) == 1 and isinstance(first, Tensor):
        if first.dtype is not kind:
            raise TypeError(
                f"expected {type_name(kind)} (got {type_name(first.dtype)})"
            )
        return alias(first)
    if all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in args):
        return from_array(np.zeros(args, kind.numpy))
    if len(args) == 1 and isinstance(first, _tensor.Size):
        return from_array(np.zeros(tuple(first), kind.numpy))
    if len(args) == 1 and isinstance(first, list | tuple | np.ndarray):
        return from_array(from_data(first, kind))
    raise TypeError(
        f"new(): data must be a sequence or sizes must be integers (got "
        f"{', '.join(type(x).__name__ for x in args)})"
    )


_tensor.construct = construct  # type: ignore[assignment]

TYPES = {
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


def type_name(kind: DType, prefix: str = "torch.") -> str:
    """What `Tensor.type()` calls tensors of a dtype."""
    for name, one in TYPES.items():
        if one is kind:
            return f"{prefix}{name}Tensor"
    return f"{prefix}{kind.name.capitalize()}Tensor"


class _TypedMeta(type):
    kind: DType

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor) and instance.dtype is cls.kind


for _word, _kind in TYPES.items():

    def _new(cls: Any, *args: Any, device: Any = None) -> Tensor:
        found = _typed(cls.kind, args)
        return found if device is None else found.to(device)  # type: ignore[attr-defined]

    FUNCTIONS[f"{_word}Tensor"] = _TypedMeta(
        f"{_word}Tensor",
        (),
        {
            "kind": _kind,
            "dtype": _kind,
            "__new__": _new,
            "__doc__": f"Make a tensor of {_kind} as `torch.{_word}Tensor(...)`.",
        },
    )
