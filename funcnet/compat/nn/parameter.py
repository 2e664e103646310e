"""Tensors that a module owns, as `torch.nn.parameter`."""

from typing import Any

from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._tensor import Tensor


def _owned(cls: type, data: Any, requires_grad: bool) -> Any:
    """An object of the class that shares the memory of a tensor."""
    if data is None:
        data = FUNCTIONS["empty"](0)
    made: Any = object.__new__(cls)
    made._storage = data._storage
    made._steps = data._steps
    if data._steps:
        made._taken = data._value()
        made._taken_at = data._storage.version
    if requires_grad:
        made.requires_grad_(True)
    return made


class Parameter(Tensor):
    """A tensor that a module learns, as `torch.nn.Parameter`.

    Assigned to an attribute of a module it is one of its `parameters()`.
    """

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Any:
        return _owned(cls, data, requires_grad)

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        return "Parameter containing:\n" + Tensor.__repr__(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Parameter":
        if id(self) in memo:
            return memo[id(self)]
        made = type(self)(self.detach().clone(), self.requires_grad)  # type: ignore[attr-defined]
        made.__dict__.update(
            {k: v for k, v in self.__dict__.items() if not k.startswith("_")}
        )
        memo[id(self)] = made
        return made

    def __reduce_ex__(self, protocol: Any) -> Any:
        return type(self), (self.detach(), self.requires_grad)  # type: ignore[attr-defined]


class Buffer(Tensor):
    """A tensor that a module keeps without learning it, as `torch.nn.Buffer`."""

    persistent: bool

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Any:
        made = _owned(cls, data, False)
        made.persistent = persistent
        return made


class UninitializedParameter(Parameter):
    """Stands for a parameter of a lazy module until its shape is known."""

    def __new__(cls, requires_grad: bool = True, **where: Any) -> Any:
        return _owned(cls, None, requires_grad)

    def __repr__(self, *, tensor_contents: Any = None) -> str:
        return "<UninitializedParameter>"

    def __deepcopy__(self, memo: dict[int, Any]) -> "UninitializedParameter":
        return type(self)(self.requires_grad)


class UninitializedBuffer(Tensor):
    """Stands for a buffer of a lazy module until its shape is known."""

    def __new__(cls, **where: Any) -> Any:
        return _owned(cls, None, False)


def is_lazy(parameter: Any) -> bool:
    """Tell whether a parameter waits for its shape."""
    return isinstance(parameter, UninitializedParameter | UninitializedBuffer)
