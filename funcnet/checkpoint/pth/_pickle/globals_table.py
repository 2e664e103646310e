"""What the names in a file stand for: functions of ours, by the names of PyTorch's.

A name that is not in the tables is refused; nothing is ever imported or looked up
elsewhere.
"""

import argparse
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from funcnet.checkpoint.pth._budget import Budget
from funcnet.checkpoint.pth._dtypes import BY_NAME, STORAGES
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._pickle import numpy_values as _numpy_values
from funcnet.checkpoint.pth._pickle import values as _values
from funcnet.checkpoint.pth._pickle.refusals import SPARSE, reason
from funcnet.checkpoint.pth._pickle.values import Known, check_key
from funcnet.checkpoint.pth._result_check import check_result
from funcnet.checkpoint.pth._storage_table import (
    Records,
    Storages,
    StorageType,
    is_text,
)
from funcnet.checkpoint.pth._tensors import StoredTensor, describe


class GlobalsTable:
    """Makes plain Python values and, of each tensor, what `tensor` says.

    Subclasses say what becomes of tensors, and may know more names.
    """

    plain: tuple[type, ...] = (
        *(bool, int, float, complex, str, bytes, type(None)),
        *(np.ndarray, np.generic, np.dtype, StoredTensor),
    )

    def __init__(self, records: Records, budget: Budget) -> None:
        self.budget, self.storages = budget, Storages(records)
        self.table = self.names()

    def names(self) -> dict[str, Any]:
        """The table: what each name that a file may hold stands for."""
        table: dict[str, Any] = _values.TABLE | _numpy_values.TABLE
        for storage, name in STORAGES.items():
            for package in ("torch", "torch.cuda", "torch.storage"):
                table[f"{package}.{storage}"] = StorageType(BY_NAME[name])
        for name in ("torch.storage.UntypedStorage", "torch.UntypedStorage"):
            table[name] = StorageType(None)
        for name, dtype in BY_NAME.items():
            table[f"torch.{name}"] = self.dtype(dtype)
        calls: dict[str, Callable[..., Any]] = {
            "torch._utils._rebuild_tensor": self._tensor_v1,
            "torch._utils._rebuild_tensor_v2": partial(self._tensor, None),
            "torch._utils._rebuild_tensor_v3": self._tensor_v3,
            "torch._utils._rebuild_parameter": self._parameter,
            "torch._utils._rebuild_parameter_with_state": self._parameter,
            "torch._tensor._rebuild_from_type_v2": self._typed,
            "torch.Size": self._size,
            "torch.device": self._device,
            "torch.serialization._get_layout": self._layout,
        }
        table |= {name: Known(name, call) for name, call in calls.items()}
        for name in ("torch.Tensor", "torch.nn.parameter.Parameter"):
            table[name] = Known(name)
        return table

    # --- what becomes of values -------------------------------------------------------

    def tensor(self, stored: StoredTensor) -> Any:
        """What a tensor becomes."""
        return stored.array()

    def parameter(self, tensor: Any, requires_grad: bool) -> Any:
        """What a parameter becomes; `tensor` is what its tensor became."""
        return tensor

    def attributes(self, tensor: Any, fields: dict[str, Any]) -> None:
        """Give a tensor the attributes that it was saved with."""

    def dtype(self, dtype: np.dtype) -> Any:
        """What a dtype becomes."""
        return dtype

    def size(self, shape: tuple[int, ...]) -> Any:
        """What a `torch.Size` becomes."""
        return shape

    def device(self, name: str) -> Any:
        """What a `torch.device` becomes."""
        return name

    def layout(self, name: str) -> Any:
        """What a `torch.layout` becomes."""
        return name

    def numpy_dtype(self, dtype: Any) -> Any:
        """The dtype of numpy for what `dtype` gave."""
        return dtype

    # --- asked by the unpickler -------------------------------------------------------

    def find(self, module: str, name: str) -> Any:
        """The value of a name in the table."""
        full = f"{'builtins' if module == '__builtin__' else module}.{name}"
        if full not in self.table:
            raise RefusedError(self.refusal(full))
        return self.table[full]

    def refusal(self, name: str) -> str:
        """Why a name is not in the table, and what to do."""
        return f"the file names {ascii(name)[1:-1]}, {reason(name)}"

    def call(self, function: Any, args: tuple[Any, ...]) -> Any:
        if not isinstance(function, Known) or function.call is None:
            raise RefusedError(
                f"the file calls {_name(function)}, no function of ours."
            )
        try:
            return function.call(*args)
        except (TypeError, ValueError, OverflowError) as error:
            if isinstance(error, DamagedError | RefusedError):
                raise
            raise DamagedError(f"{function.name} is called wrongly: {error}") from None

    def new(self, cls: Any, args: tuple[Any, ...]) -> Any:
        if not isinstance(cls, Known) or cls.new is None or args:
            raise RefusedError(f"the file makes an object of {_name(cls)}.")
        return cls.new()

    def build(self, target: Any, state: Any) -> None:
        if isinstance(target, np.dtype):
            _numpy_values.build_dtype(target, state)
        elif isinstance(target, np.ndarray):
            _numpy_values.build_array(target, state)
        elif type(target) is argparse.Namespace:
            _values.build_namespace(target, state)
        elif type(target) is OrderedDict and type(state) is dict:
            if {*state} - {"_metadata"} or not isinstance(
                state.get("_metadata", {}), dict
            ):
                raise RefusedError(
                    f"an OrderedDict has the attributes {[*state]!r:.99}; only the "
                    "_metadata of a state_dict are taken."
                )
            vars(target).update(state)
        else:
            raise RefusedError(
                f"the file gives fields to a {type(target).__name__}, which has none."
            )

    def extend(self, target: Any, items: list[Any]) -> None:
        raise RefusedError(f"the file appends to a {type(target).__name__}, no list.")

    def update(self, target: Any, items: list[Any]) -> None:
        raise RefusedError(
            f"the file sets items of a {type(target).__name__}, no dict."
        )

    def key(self, key: Any) -> Any:
        return check_key(key)

    def check(self, value: Any) -> None:
        """Look through what the pickle gave, before it is handed out."""
        check_result(value, self.plain)

    def persistent(self, identity: Any) -> Any:
        return self.storages.find(identity)

    # --- the functions of the table ---------------------------------------------------

    def _tensor_v1(self, storage: Any, offset: Any, shape: Any, stride: Any) -> Any:
        return self._tensor(None, storage, offset, shape, stride, False, {})

    def _tensor_v3(self, *fields: Any) -> Any:
        if len(fields) < 7:
            raise DamagedError("a tensor has no dtype.")
        fields_v2 = (*fields[:6], *fields[7:])
        return self._tensor(self.numpy_dtype(fields[6]), *fields_v2)

    def _tensor(
        self,
        dtype: Any,
        storage: Any,
        offset: Any,
        shape: Any,
        stride: Any,
        requires_grad: Any,
        hooks: Any,
        metadata: Any = None,
    ) -> Any:
        """A tensor of version 2; a dtype of None is that of the storage."""
        _no_hooks(hooks)
        stored = describe(
            storage, offset, shape, stride, requires_grad, dtype, metadata
        )
        self.budget.spend_on_tensor(stored.nbytes)
        return self.tensor(stored)

    def _parameter(
        self, tensor: Any, requires_grad: Any, hooks: Any, fields: Any = None
    ) -> Any:
        _no_hooks(hooks)
        if type(requires_grad) is not bool or not self.is_tensor(tensor):
            raise DamagedError("a parameter has no tensor.")
        result = self.parameter(tensor, requires_grad)
        self._attach(result, fields)
        return result

    def _typed(self, function: Any, cls: Any, args: Any, fields: Any) -> Any:
        known = isinstance(cls, Known) and cls.name.startswith("torch.")
        if not known or type(args) is not tuple:
            raise RefusedError(f"the file holds a tensor of the type {_name(cls)}.")
        result = self.call(function, args)
        if not self.is_tensor(result):
            raise RefusedError("the file makes a tensor with something else.")
        self._attach(result, fields)
        return result

    def is_tensor(self, value: Any) -> bool:
        """Return whether `tensor` may have given this."""
        return isinstance(value, np.ndarray | StoredTensor)

    def _attach(self, tensor: Any, fields: Any) -> None:
        if type(fields) is tuple and len(fields) == 2 and fields[1] is None:
            fields = fields[0]
        if fields is None or (type(fields) is tuple and not fields):
            return
        if type(fields) is not dict or not all(type(name) is str for name in fields):
            raise RefusedError("a tensor has attributes without names.")
        self.attributes(tensor, fields)

    def _size(self, shape: Any) -> Any:
        plain = type(shape) is tuple and all(type(n) is int for n in shape)
        if not plain:
            raise DamagedError("a torch.Size is not made of integers.")
        return self.size(shape)

    def _device(self, device_type: Any, index: Any = None) -> Any:
        if type(device_type) is not str or type(index) not in (int, type(None)):
            raise DamagedError("a device has no name.")
        return self.device(device_type if index is None else f"{device_type}:{index}")

    def _layout(self, name: Any) -> Any:
        if not is_text(name, "torch.strided"):
            raise RefusedError(f"a tensor's layout is {ascii(name)[:40]}; {SPARSE}")
        return self.layout(name)


def _no_hooks(hooks: Any) -> None:
    if not isinstance(hooks, dict) or hooks:
        raise RefusedError("a tensor was saved with hooks, which are functions.")


def _name(value: Any) -> str:
    return value.name if isinstance(value, Known) else f"a {type(value).__name__}"
