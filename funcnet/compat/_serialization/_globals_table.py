"""What the names in a file stand for: tensors, modules, what the user lets in."""

from collections.abc import Callable
from typing import Any

import numpy as np

from funcnet.checkpoint.pth import StoredTensor
from funcnet.checkpoint.pth._budget import Budget
from funcnet.checkpoint.pth._dtypes import BY_NAME
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._pickle.globals_table import GlobalsTable
from funcnet.checkpoint.pth._pickle.refusals import reason
from funcnet.checkpoint.pth._pickle.values import Known
from funcnet.checkpoint.pth._result_check import check_result, children
from funcnet.checkpoint.pth._storage_table import Records, is_text
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core import memory_format as _formats
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.device import device
from funcnet.compat._core.overriding import overrides_functions
from funcnet.compat._ops.sparse.make import sparse_coo_tensor
from funcnet.compat._ops.tensor_methods.subclasses import as_class
from funcnet.compat._serialization import _safe
from funcnet.compat._serialization._locations import DeviceMap
from funcnet.compat._serialization._module_fields import from_pytorch
from funcnet.compat._serialization._names import FUNCTIONS, MODULES
from funcnet.compat._serialization._tensors import Loaded
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import Module
from funcnet.compat.nn._module.layer import Interned
from funcnet.compat.nn.parameter import Parameter


class TensorGlobals(GlobalsTable):
    """Makes tensors, and modules of the classes of `funcnet.compat.nn`.

    Classes and functions that the user lets in by `add_safe_globals` are used as they
    are.
    """

    unsafe = False
    plain = (
        *GlobalsTable.plain,
        *(Tensor, _dtypes.dtype, device, _formats.layout),
        type(FUNCTIONS["torch.nn.functional.relu"]),
    )

    def __init__(self, records: Records, budget: Budget, devices: DeviceMap) -> None:
        self.safe = _safe.by_name()
        self.loaded = Loaded(devices, at_once=bool(self.safe) or self.unsafe)
        self.unbuilt: dict[int, Module] = {}  # modules that have no fields yet
        super().__init__(records, budget)

    def names(self) -> dict[str, Any]:
        table = super().names() | FUNCTIONS
        for name in BY_NAME:
            if BY_NAME[name] not in _dtypes.BY_NUMPY:
                del table[f"torch.{name}"]
        table["torch.complex32"] = _dtypes.complex32
        for name, cls in MODULES.items():
            table[name] = Known(name, new=_new(cls))
        rebuild = "torch._utils._rebuild_sparse_tensor"
        table[rebuild] = Known(rebuild, self._sparse)
        for form in ("contiguous_format", "channels_last", "channels_last_3d"):
            table[f"torch.{form}"] = getattr(_formats, form)
        return table

    # --- what becomes of values -------------------------------------------------------

    def tensor(self, stored: StoredTensor) -> Any:
        if stored.dtype not in _dtypes.BY_NUMPY:
            raise RefusedError(f"funcnet.compat has no tensors of {stored.dtype}.")
        result: Any = self.loaded.tensor(stored)
        return self._with_gradient(result, stored.requires_grad)

    def parameter(self, tensor: Tensor, requires_grad: bool) -> Any:
        tensor._requires_grad = False
        return self._with_gradient(Parameter(tensor, False), requires_grad)

    def _with_gradient(self, tensor: Tensor, requires_grad: bool) -> Any:
        dtype = tensor.dtype
        if requires_grad and not dtype.is_inexact:
            raise DamagedError(f"a tensor of {dtype} requires a gradient.")
        tensor._requires_grad = requires_grad
        return tensor

    def attributes(self, tensor: Tensor, fields: dict[str, Any]) -> None:
        for name, value in fields.items():
            marks = name in ("_is_param", "_is_buffer") and overrides_functions(
                type(tensor)
            )
            if marks:
                setattr(tensor, name, value)
            else:
                tensor.__dict__[name] = value

    def _typed(
        self,
        function: Callable[..., Any],
        cls: type,
        args: tuple[Any, ...],
        fields: dict[str, Any],
    ) -> Any:
        if not (
            isinstance(cls, type) and issubclass(cls, Tensor) and self.is_allowed(cls)
        ):
            return super()._typed(function, cls, args, fields)
        result = as_class(self.call(function, args), cls)
        self._attach(result, fields)
        return result

    def is_tensor(self, value: object) -> bool:
        return isinstance(value, Tensor)

    def dtype(self, dtype: np.dtype) -> Any:
        return _dtypes.BY_NUMPY.get(dtype)

    def numpy_dtype(self, dtype: DType) -> Any:
        return getattr(dtype, "numpy", None)

    def size(self, shape: tuple[int, ...]) -> Any:
        return Size(shape)

    def device(self, name: str) -> Any:
        try:
            return device(name)
        except RuntimeError as error:
            raise DamagedError(str(error)) from None

    def layout(self, name: str) -> Any:
        return _formats.strided

    def _layout(self, name: Any) -> Any:
        if is_text(name, "torch.sparse_coo"):
            self.loaded.read_at_once()
            return _formats.sparse_coo
        return super()._layout(name)

    def _sparse(self, layout: Any, parts: Any) -> Any:
        """A sparse tensor of coordinates, whose indices are checked."""
        if layout is not _formats.sparse_coo or type(parts) is not tuple:
            raise DamagedError("a sparse tensor is not described.")
        indices, values, size, *unique = parts
        try:
            return sparse_coo_tensor(
                indices, values, size, is_coalesced=bool(unique and unique[0])
            )
        except (RuntimeError, ValueError) as error:
            raise DamagedError(str(error)) from None

    # --- asked by the unpickler -------------------------------------------------------

    def find(self, module: str, name: str) -> Any:
        full = f"{module}.{name}"
        return self.safe[full] if full in self.safe else super().find(module, name)

    def refusal(self, name: str) -> str:
        if name.startswith("torch.") and not name.startswith("torch.nn.modules."):
            return super().refusal(name)
        if name.startswith("torch.nn.modules."):
            return f"funcnet.compat.nn has no class {ascii(name)[1:-1]}."
        shown = ascii(name)[1:-1]
        return (
            f"Unsupported global: GLOBAL {shown} was not an allowed global by default: "
            f"the file names {shown}, {reason(name)}"
        )

    def call(self, function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        if self.is_allowed(function):
            return function(*args)
        return super().call(function, args)

    def new(self, cls: Any, args: tuple[Any, ...]) -> Any:
        if isinstance(cls, type) and self.is_allowed(cls):
            result = cls.__new__(cls, *args)
        else:
            result = super().new(cls, args)
        if isinstance(result, Module):
            self.unbuilt[id(result)] = result
        return result

    def build(self, target: Any, state: Any) -> None:
        if isinstance(target, Module):
            ours = from_pytorch(target, state)
            self.unbuilt.pop(id(target), None)
            if type(target) in MODULES.values():
                target.__dict__.update(ours)
            else:
                target.__setstate__(ours)
        elif self.is_allowed(type(target)):
            _set_state(target, state)
        else:
            super().build(target, state)

    def extend(self, target: Any, items: list[Any]) -> None:
        if not self.is_allowed(type(target)):
            super().extend(target, items)
        for item in items:
            target.append(item)

    def update(self, target: Any, items: list[Any]) -> None:
        if not self.is_allowed(type(target)):
            super().update(target, items)
        for index in range(0, len(items), 2):
            target[items[index]] = items[index + 1]

    def is_allowed(self, value: object) -> bool:
        """Return whether the user trusts a class or function."""
        return any(value is allowed for allowed in self.safe.values())

    def check(self, value: object) -> None:
        for module in self.unbuilt.values():
            raise DamagedError(f"a {type(module).__name__} has no fields.")
        trusted = tuple(
            entry for entry in self.safe.values() if isinstance(entry, type)
        )
        check_result(value, (*self.plain, *trusted), _inside)

    def persistent(self, identity: Any) -> Any:
        # The old format hands out classes of modules with their source text.
        if type(identity) is tuple and len(identity) == 4:
            if not is_text(identity[0], "module"):
                raise DamagedError("a class of modules is not described.")
            return identity[1]
        return super().persistent(identity)


def _inside(value: object) -> list[Any] | None:
    """What a container or a module holds."""
    if not isinstance(value, Module):
        return children(value)
    return [part for part in vars(value).values() if not isinstance(part, Interned)]


def _new(cls: Any) -> Callable[[], Any]:
    return lambda: object.__new__(cls)


def _set_state(target: Any, state: Any) -> None:
    """Give an object its fields, as pickle does."""
    if hasattr(target, "__setstate__"):
        target.__setstate__(state)
        return
    fields, slots = (
        state if isinstance(state, tuple) and len(state) == 2 else (state, None)
    )
    for name, value in (fields or {}).items():
        target.__dict__[name] = value
    for name, value in (slots or {}).items():
        setattr(target, name, value)
