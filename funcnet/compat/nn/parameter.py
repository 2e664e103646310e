"""Tensors that a module owns, as `torch.nn.parameter`."""

from typing import Any, Self, SupportsIndex

from funcnet.compat._core.annotations import DeviceLike, DType, ShapeLike
from funcnet.compat._core.overriding import disabled_torch_function, overrides_functions
from funcnet.compat._ops.create import creation
from funcnet.compat._ops.create.creation import zeros
from funcnet.compat._ops.tensor_methods.grad_attributes import set_requires_grad
from funcnet.compat._tensor.tensor import Tensor


def _owned(cls: type, data: Any, requires_grad: bool) -> Any:
    """An object of the class that shares the memory of a tensor."""
    if data is None:
        data = creation.empty(0)
    result: Any = object.__new__(cls)
    result._show_same(data)
    result._counter = data._counter
    if requires_grad:
        set_requires_grad(result)
    return result


class _ParameterMeta(type):
    """Tensors of a class of their own can be parameters, too: by a mark."""

    def __instancecheck__(cls, instance: object) -> bool:
        if type.__instancecheck__(cls, instance):
            return True
        marked = isinstance(instance, Tensor) and instance._is_param
        return marked and cls is Parameter


class _BufferMeta(type):
    """Like `_ParameterMeta`, for buffers."""

    def __instancecheck__(cls, instance: object) -> bool:
        if type.__instancecheck__(cls, instance):
            return True
        marked = isinstance(instance, Tensor) and instance._is_buffer
        return marked and cls is Buffer


def _marked(data: Any, requires_grad: bool) -> Any:
    """A tensor of a class with `__torch_function__`, which stays of this class."""
    result = data.detach().requires_grad_(requires_grad)
    if type(result) is not type(data):
        raise RuntimeError(
            f"Creating a Parameter from an instance of type {type(data).__name__} "
            "requires that detach() returns an instance of the same type, but return "
            f"type {type(result).__name__} was found instead. To use the type as a "
            "Parameter, please correct the detach() semantics defined by its "
            "__torch_dispatch__() implementation."
        )
    return result


class Parameter(Tensor, metaclass=_ParameterMeta):
    """A tensor that a module learns, as `torch.nn.Parameter`.

    Assigned to an attribute of a module it is one of its `parameters()`. Data of a
    class of its own stay of this class and are a parameter by `isinstance`.
    """

    __torch_function__ = classmethod(disabled_torch_function)

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Self:
        if cls is Parameter and overrides_functions(type(data)):
            result = _marked(data, requires_grad)
            result._is_param = True
            return result
        return _owned(cls, data, requires_grad)

    def __repr__(self, *, tensor_contents: object = None) -> str:
        return "Parameter containing:\n" + Tensor.__repr__(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> "Parameter":
        if id(self) in memo:
            return memo[id(self)]
        result = type(self)(self.detach().clone(), self.requires_grad)
        result.__dict__.update(self.__dict__)
        memo[id(self)] = result
        return result

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return type(self), (self.detach(), self.requires_grad)


class Buffer(Tensor, metaclass=_BufferMeta):
    """A tensor that a module keeps without learning it, as `torch.nn.Buffer`."""

    persistent: bool
    __torch_function__ = classmethod(disabled_torch_function)

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Self:
        if cls is Buffer and overrides_functions(type(data)):
            result = _marked(data, data.requires_grad)
            result._is_buffer = True
        else:
            result = _owned(cls, data, False)
        result.persistent = persistent
        return result


class UninitializedTensorMixin:
    """What tensors have in common whose shape is not known yet."""

    cls_to_become: type[Tensor]
    _storage: Any
    _show: Any

    def materialize(
        self,
        shape: ShapeLike,
        device: DeviceLike | None = None,
        dtype: DType | None = None,
    ) -> None:
        """Give it a shape and zeros for numbers: it becomes an ordinary one."""
        spec = self._storage.value.spec
        result = zeros(
            tuple(shape), device=device or spec.device, dtype=dtype or spec.dtype
        )
        self._show(result._storage)
        self.__class__ = self.cls_to_become  # type: ignore[assignment]

    @property
    def shape(self) -> Any:
        """Raise: it is not known."""
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This "
            "happens where a lazy module is used before it has seen its first input: "
            "call it once, then load or change its parameters."
        )

    def _value(self) -> Any:
        raise ValueError(
            "Attempted to use an uninitialized parameter. This happens where a lazy "
            "module has not seen its first input: call it once with an example."
        )


class UninitializedParameter(UninitializedTensorMixin, Parameter):
    """Stands for a parameter of a lazy module until its shape is known."""

    cls_to_become = Parameter

    def __new__(
        cls,
        requires_grad: bool = True,
        device: DeviceLike | None = None,
        dtype: DType | None = None,
    ) -> Self:
        empty = creation.empty(0, device=device, dtype=dtype)
        return _owned(cls, empty, requires_grad)

    def __repr__(self, *, tensor_contents: object = None) -> str:
        return "<UninitializedParameter>"

    def __deepcopy__(self, memo: dict[int, Any]) -> "UninitializedParameter":
        if id(self) not in memo:
            spec = self._spec
            memo[id(self)] = type(self)(self.requires_grad, spec.device, spec.dtype)
        result: UninitializedParameter = memo[id(self)]
        return result

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return type(self), (self.requires_grad,)


class UninitializedBuffer(UninitializedTensorMixin, Tensor):
    """Stands for a buffer of a lazy module until its shape is known."""

    cls_to_become = Tensor
    __torch_function__ = classmethod(disabled_torch_function)

    def __new__(
        cls,
        requires_grad: bool = False,
        device: DeviceLike | None = None,
        dtype: DType | None = None,
        persistent: bool = True,
    ) -> Self:
        del persistent
        empty = creation.empty(0, device=device, dtype=dtype)
        return _owned(cls, empty, requires_grad)

    def __deepcopy__(self, memo: dict[int, Any]) -> "UninitializedBuffer":
        if id(self) not in memo:
            spec = self._spec
            memo[id(self)] = type(self)(False, spec.device, spec.dtype)
        result: UninitializedBuffer = memo[id(self)]
        return result


def is_lazy(parameter: object) -> bool:
    """Return whether a parameter has no shape yet."""
    return isinstance(parameter, UninitializedTensorMixin)


__all__ = [
    "Buffer",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "UninitializedTensorMixin",
    "is_lazy",
]
