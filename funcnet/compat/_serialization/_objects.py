"""How tensors, modules and other objects are written."""

import copyreg
import sys
import types
from typing import Any, Final

import jax
import numpy as np

from funcnet.checkpoint import CheckpointError
from funcnet.checkpoint.pth._pickle.pickler import ORDERED_DICT, Made, Name
from funcnet.checkpoint.pth._tensor_writer import Written, contiguous_stride, tensor
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core import memory_format as _formats
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.conversion import in_memory
from funcnet.compat._core.device import device
from funcnet.compat._core.overriding import overrides_functions
from funcnet.compat._serialization._module_fields import to_pytorch
from funcnet.compat._serialization._names import pytorch_name
from funcnet.compat._tensor.attributes import user_attributes
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat.nn import Module
from funcnet.compat.nn.parameter import Buffer, Parameter, is_lazy

_UTILS: Final = "torch._utils"
_NO_HOOKS: Final = Made(ORDERED_DICT, ())
_FUNCTIONS: Final = (types.FunctionType, types.BuiltinFunctionType, type)


class Describer:
    """Tells the writer of pickles about objects, and gathers the storages."""

    def __init__(self) -> None:
        self.storages: list[Written] = []
        self.keys: dict[int, int] = {}  # by the identity of a storage
        self.references: list[Any] = []  # keeps the identities unique

    def describe(self, value: object, path: str) -> Any:
        """Say how a value is written."""
        if isinstance(value, Tensor):
            return self._tensor(value, path)
        if isinstance(value, jax.Array):
            return self._tensor(from_array(np.asarray(value)), path)
        if isinstance(value, Size):
            return Made(Name("torch", "Size"), (tuple(value),))
        if isinstance(value, _dtypes.dtype):
            return Name("torch", value.name)
        if isinstance(value, device):
            parts = (value.type,) if value.index is None else (value.type, value.index)
            return Made(Name("torch", "device"), parts)
        if isinstance(value, _formats.memory_format):
            return Name("torch", value.name)
        if isinstance(value, _formats.layout):
            layout = Name("torch.serialization", "_get_layout")
            return Made(layout, (f"torch.{value.name}",))
        if isinstance(value, Module):
            fields = to_pytorch(value, path)
            rebuilt_by = getattr(value, "_rebuilt_by", None)
            if rebuilt_by is not None:  # a graph's, made of its code
                return Made(Name(*rebuilt_by), value._rebuilt_from(fields))
            return Made(_name(type(value), path), (), fields, new=True)
        if isinstance(value, _FUNCTIONS):
            return _name(value, path)
        return _reduced(value, path)

    # --- tensors ----------------------------------------------------------------------

    def _tensor(self, value: Tensor, path: str) -> Made:
        if is_lazy(value):
            raise CheckpointError(
                f"{path} has no shape yet. Call the model once before it is saved."
            )
        result = self._listed(value) if value._sparse else self._plain(value)
        attributes = user_attributes(value)
        if isinstance(value, Parameter) and not overrides_functions(type(value)):
            args = (result, value.requires_grad, _NO_HOOKS)
            if attributes:
                with_state = Name(_UTILS, "_rebuild_parameter_with_state")
                return Made(with_state, (*args, attributes))
            return Made(Name(_UTILS, "_rebuild_parameter"), args)
        own = overrides_functions(type(value)) and not value._sparse  # a user's class
        if own and value._is_param:
            attributes["_is_param"] = True
        if not attributes and not own:
            return result
        if isinstance(value, Buffer):
            attributes["_is_buffer"] = True
        class_name = _name(type(value), path) if own else Name("torch", "Tensor")
        typed = Name("torch._tensor", "_rebuild_from_type_v2")
        return Made(typed, (result.function, class_name, result.args, attributes))

    def _listed(self, value: Any) -> Made:
        """The call that makes a sparse tensor of its indices and values."""
        if value.layout is not _formats.sparse_coo:
            raise NotImplementedError(
                f"torch.save: {value.layout} is not written. Save x.to_dense(), or the "
                "dense tensors of its indices and values."
            )
        unique = value.is_coalesced()
        parts = (value._indices().detach(), value._values().detach())
        facts = (*parts, Size(value.shape), unique)
        layout = Made(Name("torch.serialization", "_get_layout"), ("torch.sparse_coo",))
        return Made(Name(_UTILS, "_rebuild_sparse_tensor"), (layout, facts))

    def _plain(self, value: Tensor) -> Made:
        """The call that makes a tensor, in the storage that it shares."""
        storage = value._storage
        whole = storage.value.spec
        memory = storage.host
        movable = memory is None or memory.flags.c_contiguous
        if whole.dtype is not value.dtype or not movable:
            return self._copied(value)
        layout = value._layout()
        if any(step < 0 for step in layout.stride):
            return self._copied(value)
        if id(storage) not in self.keys:
            count = int(np.prod(whole.shape, dtype=np.int64))
            self._keep(storage, value.dtype, count, str(value.device))
        key = self.keys[id(storage)]
        shape, stride = tuple(value.shape), tuple(layout.stride)
        gradient = value.requires_grad
        return tensor(
            *(self.storages[key], key, shape, stride, layout.offset, gradient)
        )

    def _copied(self, value: Tensor) -> Made:
        """The same in a storage of its own."""
        array = np.ascontiguousarray(in_memory(value.dtype, value._array()))
        result = from_array(array.reshape(value.shape))
        self._keep(result._storage, value.dtype, array.size, str(value.device))
        key, shape = self.keys[id(result._storage)], tuple(value.shape)
        stride = contiguous_stride(shape)
        return tensor(self.storages[key], key, shape, stride, 0, value.requires_grad)

    def _keep(self, storage: Storage, dtype: DType, count: int, location: str) -> None:
        self.keys[id(storage)] = len(self.storages)
        self.references.append(storage)

        def read() -> np.ndarray:
            return np.ascontiguousarray(storage.array())

        self.storages.append(Written(dtype.numpy, count, read, location))


def _name(value: Any, path: str) -> Name:
    """The name of a class or function, by which a reader will find it."""
    known = pytorch_name(value)
    if known is not None:
        return known
    module = getattr(value, "__module__", None) or "__main__"
    name = getattr(value, "__qualname__", value.__name__)
    result: Any = sys.modules.get(module)
    for part in name.split("."):
        result = getattr(result, part, None)
    if result is not value or "." in name:
        raise CheckpointError(
            f"{path} refers to {module}.{name}, which cannot be imported by this name. "
            "Save model.state_dict(), or move the definition to the top of a module."
        )
    return Name({"builtins": "__builtin__"}.get(module, module), name)


def _reduced(value: object, path: str) -> Any:
    """What an object says of itself when it is pickled."""
    reduce = copyreg.dispatch_table.get(type(value))
    try:
        reduced = reduce(value) if reduce else value.__reduce_ex__(2)
    except TypeError as error:
        raise CheckpointError(
            f"{path} is a {type(value).__name__}, which cannot be saved: {error}"
        ) from error
    if isinstance(reduced, str):
        return Name(type(value).__module__, reduced)
    function, args, state, items, pairs = (*reduced, *[None] * (5 - len(reduced)))[:5]
    if getattr(function, "__name__", "") == "__newobj__":
        cls, *args = args
        result = Made(_name(cls, path), tuple(args), state, True)
    else:
        result = Made(_name(function, path), args, state)
    return result._replace(
        items=None if items is None else list(items),
        pairs=None if pairs is None else list(pairs),
    )
