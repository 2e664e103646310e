"""Subclasses of tensors: how one is made, and what operations on it give."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._core import overriding as _overriding
from funcnet.compat._core.context import is_grad_recorded
from funcnet.compat._core.overriding import state, torch_name
from funcnet.compat._ops.registry import register, register_attribute
from funcnet.compat._tensor.attributes import fields_of
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import ALIAS
from funcnet.compat._tensor.views import alias, view_of

_overriding.plain_classes.add(Tensor)
# Those that the class has itself ask, too.
for _name in ("shape", "dtype", "device", "ndim", "is_leaf", "grad_fn"):
    register_attribute(_name, vars(Tensor)[_name].fget)


def as_class(x: Tensor, cls: type) -> Any:
    """The same memory, at the same place in the gradient graph, in another class."""
    if type(x) is cls:
        return x
    result: Any = object.__new__(cls)
    fields_of(result).update(fields_of(x))
    _overriding.note_instance(cls)
    return result


def _check_class(cls: type) -> None:
    if not isinstance(cls, type):
        raise TypeError(f"cls must be a type (got {type(cls).__name__})")
    if not issubclass(cls, Tensor):
        raise TypeError(
            "Creating a Tensor subclass from a class that does not inherit from Tensor "
            "is not possible. Make sure your class inherits from Tensor."
        )


@register("Tensor.as_subclass", overridable=False)
def as_subclass(self: Tensor, cls: type) -> Any:
    """The same memory as a tensor of another class, as `Tensor.as_subclass`.

    Gradients go through it. The new class need not know how it is made.
    """
    _check_class(cls)
    if self.requires_grad and is_grad_recorded():
        return as_class(view_of(self, ALIAS, self._spec.shape), cls)
    return as_class(alias(self), cls)


def _make_subclass(
    cls: Any, data: object, require_grad: bool = False, **other: object
) -> Any:
    """A tensor of a class with the memory of another, a leaf of the gradient graph."""
    _check_class(cls)
    if not isinstance(data, Tensor):
        raise TypeError(
            "_make_subclass(): argument 'data' (position 2) must be Tensor, not "
            f"{type(data).__name__}"
        )
    result = as_class(alias(data), cls)
    result._requires_grad = bool(require_grad)
    return result


register("Tensor._make_subclass")(staticmethod(_make_subclass))


def _make_wrapper_subclass(
    cls: Any, size: object, *args: object, **settings: object
) -> Any:
    """Refuse: such a class computes by `__torch_dispatch__`, which is not asked."""
    _check_class(cls)
    raise NotImplementedError(
        f"{cls.__name__} wraps other tensors and computes by __torch_dispatch__, which "
        "funcnet.compat does not ask: there is no dispatcher below the functions. "
        "Define __torch_function__, and make it with _make_subclass or as_subclass."
    )


register("Tensor._make_wrapper_subclass")(staticmethod(_make_wrapper_subclass))


def torch_function(
    cls: type,
    func: Callable[..., Any],
    types: Sequence[type],
    args: tuple[Any, ...] = (),
    kwargs: dict[str, Any] | None = None,
) -> Any:
    """Compute a function and give what it gives in this class.

    Equals `torch.Tensor.__torch_function__`: what subclasses do that define none, and
    call as `super().__torch_function__(...)`.
    """
    if not all(issubclass(cls, kind) for kind in types):
        return NotImplemented
    state.classes_off += 1
    try:
        result = func(*args, **(kwargs or {}))
        if torch_name(func) == "torch.Tensor.grad.__get__":
            return result
        return _in_class(result, cls)
    finally:
        state.classes_off -= 1


register("Tensor.__torch_function__")(classmethod(torch_function))


def _in_class(result: object, cls: type) -> Any:
    if cls is Tensor:
        return result
    if isinstance(result, Tensor):
        return result if isinstance(result, cls) else as_subclass(result, cls)
    if isinstance(result, tuple | list):
        parts = [_in_class(part, cls) for part in result]
        named = hasattr(result, "_fields") or hasattr(result, "n_fields")
        return type(result)(*parts) if named else type(result)(parts)
    return result
