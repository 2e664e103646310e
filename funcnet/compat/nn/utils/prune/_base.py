"""What all ways of pruning share: a hook, a mask, and several masks in a row."""

import numbers
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from funcnet.compat._ops.create.creation import ones_like
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module


class BasePruningMethod(ABC):
    """Computes a tensor from `NAME_orig` and `NAME_mask` before each `forward`.

    Equals `torch.nn.utils.prune.BasePruningMethod`. Subclasses define `compute_mask`
    and `PRUNING_TYPE`: "unstructured" where single elements are pruned, "structured"
    for whole slices along `dim`, "global" where the mask is for all of the tensor.
    """

    PRUNING_TYPE: ClassVar[str]
    _tensor_name: str

    def __call__(self, module: Module, inputs: object) -> None:
        setattr(module, self._tensor_name, self.apply_mask(module))

    @abstractmethod
    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Any:
        """The mask for a tensor by its importance, on top of `default_mask`."""

    def apply_mask(self, module: Module) -> Any:
        """The pruned tensor, differentiable with respect to the original one."""
        mask = getattr(module, self._tensor_name + "_mask")
        original = getattr(module, self._tensor_name + "_orig")
        return mask.to(dtype=original.dtype) * original

    @classmethod
    def apply(
        cls,
        module: Module,
        name: str,
        *args: object,
        importance_scores: Tensor | None = None,
        **kwargs: object,
    ) -> Any:
        """Prune a tensor of a module; what was pruned before stays pruned."""
        tensor = getattr(module, name)
        scores = tensor if importance_scores is None else importance_scores
        _check_scores(scores, tensor, f"parameter {name} of {module}")
        method = cls(*args, **kwargs)
        method._tensor_name = name
        number, before = _hook_of(module, name)
        if before is None:
            hook: BasePruningMethod = method
            mask = ones_like(tensor)
        else:
            hook = PruningContainer(*_parts(before), method)
            mask = getattr(module, name + "_mask").detach().clone()
        # An error in here leaves the module as it was.
        mask = hook.compute_mask(scores, default_mask=mask).detach()
        if before is None:
            del module._parameters[name]
            module.register_parameter(name + "_orig", tensor)
        else:
            del module._forward_pre_hooks[number]
        module.register_buffer(name + "_mask", mask)
        setattr(module, name, hook.apply_mask(module))
        module.register_forward_pre_hook(hook)
        return hook

    def prune(
        self,
        t: Tensor,
        default_mask: Tensor | None = None,
        importance_scores: Tensor | None = None,
    ) -> Any:
        """A pruned version of a tensor."""
        scores = t if importance_scores is None else importance_scores
        _check_scores(scores, t, "tensor t")
        mask = ones_like(t) if default_mask is None else default_mask
        return t * self.compute_mask(scores, default_mask=mask)

    def remove(self, module: Module) -> None:
        """Make the tensor an ordinary parameter, with zeros where it was pruned."""
        name = self._tensor_name
        value = self.apply_mask(module).detach()
        if hasattr(module, name):
            delattr(module, name)
        original: Any = module._parameters.pop(name + "_orig")
        original.data = value
        del module._buffers[name + "_mask"]
        setattr(module, name, original)


class PruningContainer(BasePruningMethod):
    """Several ways of pruning one tensor, each of what the earlier ones left."""

    def __init__(self, *args: BasePruningMethod) -> None:
        self._pruning_methods: tuple[BasePruningMethod, ...] = ()
        for method in args:
            if not self._pruning_methods:
                self._tensor_name = method._tensor_name
            self.add_pruning_method(method)

    def add_pruning_method(self, method: Any) -> None:
        """Add another way of pruning the same tensor."""
        if not isinstance(method, BasePruningMethod):
            raise TypeError(f"{type(method)} is not a BasePruningMethod subclass")
        if method._tensor_name != self._tensor_name:
            raise ValueError(
                "Can only add pruning methods acting on the parameter named "
                f"'{self._tensor_name}' to PruningContainer {self}. Found "
                f"'{method._tensor_name}'"
            )
        self._pruning_methods += (method,)

    def __len__(self) -> int:
        return len(self._pruning_methods)

    def __iter__(self) -> Iterator[BasePruningMethod]:
        return iter(self._pruning_methods)

    def __getitem__(self, index: Any) -> Any:
        return self._pruning_methods[index]

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Any:
        """The mask of the last method, for the part that the others left."""
        method = self._pruning_methods[-1]
        part = _left(method, t, default_mask)
        mask = default_mask.to(dtype=t.dtype).clone()
        result = method.compute_mask(t[part], default_mask=default_mask[part])
        mask[part] = result.to(dtype=mask.dtype)
        return mask


def _left(method: Any, t: Tensor, mask: Tensor) -> Any:
    """An index of what is not pruned yet, as far as a method looks at it."""
    pruning_type = method.PRUNING_TYPE
    if pruning_type == "unstructured":
        return mask == 1
    if pruning_type == "structured":
        if not hasattr(method, "dim"):
            raise AttributeError(
                'Pruning methods of PRUNING_TYPE "structured" need to have the '
                "attribute `dim` defined."
            )
        count = t.dim()
        dim = method.dim + count if method.dim < 0 else method.dim
        if dim < 0:
            raise IndexError(
                f"Index is out of bounds for tensor with dimensions {count}"
            )
        kept = mask.sum(dim=[d for d in range(count) if d != dim]) != 0
        return tuple([kept if d == dim else slice(None) for d in range(count)])
    if pruning_type == "global":
        return tuple([slice(None)] * t.dim())
    raise ValueError(f"Unrecognized PRUNING_TYPE {pruning_type}")


def _check_scores(scores: Tensor, tensor: Tensor, what: str) -> None:
    if scores.shape != tensor.shape:
        raise AssertionError(
            f"importance_scores should have the same shape as {what}, got "
            f"{scores.shape} vs {tensor.shape}"
        )


def _hook_of(module: Module, name: str) -> tuple[int, BasePruningMethod | None]:
    """The hook that prunes a tensor already, and its number."""
    for number, hook in module._forward_pre_hooks.items():
        if isinstance(hook, BasePruningMethod) and hook._tensor_name == name:
            return number, hook
    return -1, None


def _parts(hook: BasePruningMethod) -> list[BasePruningMethod]:
    return list(hook) if isinstance(hook, PruningContainer) else [hook]


def check_amount(amount: float) -> None:
    """Raise unless an amount is a share or a number of elements."""
    if not _is(amount, numbers.Real):
        raise TypeError(f"Invalid type for amount: {amount}. Must be int or float.")
    if amount < 0 or (amount > 1 and not _is(amount, numbers.Integral)):
        raise ValueError(
            f"amount={amount} should either be a float in the range [0, 1] or a "
            "non-negative integer"
        )


def to_prune(amount: float, size: int) -> int:
    """The number of elements, of `size`, that an amount means."""
    if not _is(amount, numbers.Integral):
        return round(amount * size)
    if amount > size:
        raise ValueError(
            f"amount={amount} should be smaller than the number of parameters to "
            f"prune={size}"
        )
    return int(amount)


def _is(amount: object, number_class: type) -> bool:
    """`isinstance` without narrowing for mypy: these classes have no arithmetic."""
    return isinstance(amount, number_class)
