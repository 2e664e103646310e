"""`Variable`, which has been the tensor itself since PyTorch 0.4."""

from typing import Any

from funcnet.compat._messages.suggestions import did_you_mean
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.views import alias


class _VariableMeta(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor)


class Variable(metaclass=_VariableMeta):
    """Return the tensor itself, outside the gradient graph; as `autograd.Variable`.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.autograd.Variable(torch.ones(2), requires_grad=True)
        >>> (x * x).sum().backward()
        >>> x.grad
        tensor([2., 2.])
    """

    def __new__(  # type: ignore[misc]
        cls, data: Any, requires_grad: bool = False, volatile: Any = None, **other: Any
    ) -> Tensor:
        for name in other:
            raise TypeError(
                f"{name!r} is an invalid keyword argument for Variable()."
                + did_you_mean(name, ("data", "requires_grad", "volatile"))
            )
        result = alias(data)
        if requires_grad:
            result.requires_grad_()
        return result
