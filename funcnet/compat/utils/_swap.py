"""Exchanging two tensors, so that who holds one has the other."""

import weakref
from typing import Any

from funcnet.compat._tensor.attributes import fields_of
from funcnet.compat._tensor.tensor import Tensor


def swap_tensors(t1: Tensor, t2: Tensor) -> None:
    """Exchange two tensors: values, classes, gradients and attributes.

    Equals `torch.utils.swap_tensors`.

    Raises:
        RuntimeError: there is a weak reference to one of them, or a gradient graph that
            ends at one.

    Example:
        >>> import funcnet.compat as torch
        >>> x, y = torch.ones(2), torch.zeros(3)
        >>> torch.utils.swap_tensors(x, y)
        >>> x
        tensor([0., 0., 0.])
    """
    for name, one in (("t1", t1), ("t2", t2)):
        if weakref.getweakrefs(one):
            raise RuntimeError(
                f"Cannot swap {name} because it has weakref associated with it"
            )
        accumulator = one._accumulator
        if accumulator is not None and accumulator() is not None:
            raise RuntimeError(
                f"Cannot swap {name}: a gradient graph ends at it. Call backward() "
                "first, or drop what was computed from it."
            )
    first, second = _state(t1), _state(t2)
    kind = type(t1)
    t1.__class__, t2.__class__ = type(t2), kind
    _set_state(t1, second)
    _set_state(t2, first)


def _state(x: Tensor) -> tuple[dict[str, Any], dict[str, Any]]:
    slots = {
        name: getattr(x, name)
        for cls in type(x).__mro__
        for name in getattr(cls, "__slots__", ())
        if name not in ("__dict__", "__weakref__") and hasattr(x, name)
    }
    return dict(fields_of(x)), slots


def _set_state(x: Tensor, state: tuple[dict[str, Any], dict[str, Any]]) -> None:
    attributes, slots = state
    fields = fields_of(x)
    fields.clear()
    fields.update(attributes)
    for name, value in slots.items():
        setattr(x, name, value)
