"""The modules that compute a tensor, one after the other, and what they start from."""

from collections.abc import Sequence
from typing import Any

from funcnet.compat._core.context import no_grad
from funcnet.compat._ops import METHODS
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.container import ModuleList
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter


class ParametrizationList(ModuleList):
    """The parametrizations of one tensor, as `parametrize.ParametrizationList`.

    What they start from is `original`, or, if the first one takes several tensors,
    `original0`, `original1`, ...
    """

    def __init__(
        self, modules: Sequence[Module], original: Tensor, unsafe: bool = False
    ) -> None:
        if not len(modules):
            raise ValueError("ParametrizationList requires one or more modules.")
        super().__init__(modules)
        self.unsafe = unsafe
        shape, dtype = original.shape, original.dtype
        with no_grad():
            new = original
            for module in reversed(list(self)):
                new = inverse(module, new)
        if not isinstance(new, Tensor | Sequence):
            raise ValueError(
                "'right_inverse' must return a Tensor or a Sequence of tensors (list, "
                f"tuple...). Got {type(new).__name__}"
            )
        self.is_tensor = isinstance(new, Tensor)
        self.ntensors = len(new) if isinstance(new, Sequence) else 1
        if isinstance(new, Tensor):
            if new.dtype is not dtype or new.device != original.device:
                raise ValueError(
                    "When `right_inverse` outputs one tensor, it may not change the "
                    f"dtype or the device: it made {new.dtype} on {new.device} of "
                    f"{dtype} on {original.device}."
                )
            with no_grad():
                set_to(original, new)
            hold(self, "original", original)
        else:
            self._hold_parts(original, new)
        if not unsafe:
            result = self()
            check_alike(original.new_empty(shape, dtype=dtype), result)

    def _hold_parts(self, original: Tensor, parts: Sequence[Any]) -> None:
        for index, part in enumerate(parts):
            if not isinstance(part, Tensor):
                raise ValueError(
                    "'right_inverse' must return a Tensor or a Sequence of tensors "
                    f"(list, tuple...). Got element {index} of the sequence with type "
                    f"{type(part).__name__}."
                )
            if isinstance(original, Parameter):
                part = Parameter(part.detach(), original.requires_grad)
            hold(self, f"original{index}", part)

    def right_inverse(self, value: Any) -> None:
        """Set the originals so that the parametrized tensor is about `value`."""
        with no_grad():
            for module in reversed(list(self)):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(
                        f"parametrization {type(module).__name__} does not implement "
                        "right_inverse."
                    )
                value = module.right_inverse(value)
            parts = [value] if self.is_tensor else list(value)
            if len(parts) != self.ntensors:
                raise ValueError(
                    "'right_inverse' must return a sequence of tensors of length "
                    f"{self.ntensors}. Got a sequence of length {len(parts)}."
                )
            for index, part in enumerate(parts):
                name = "original" if self.is_tensor else f"original{index}"
                old = getattr(self, name)
                if not isinstance(part, Tensor) or part.dtype is not old.dtype:
                    got = getattr(part, "dtype", type(part).__name__)
                    raise ValueError(
                        f"The tensor returned by `right_inverse` has dtype {got} while "
                        f"`{name}` has dtype {old.dtype}"
                    )
                set_to(old, part)

    def forward(self) -> Any:
        """Compute the tensor."""
        names = [f"original{index}" for index in range(self.ntensors)]
        parts = [getattr(self, n) for n in (["original"] if self.is_tensor else names)]
        first, *others = self
        value = first(*parts)
        for module in others:
            value = module(value)
        return value


def inverse(module: Module, value: Any) -> Any:
    """Return the original that a parametrization computes `value` from, or `value`."""
    if not hasattr(module, "right_inverse"):
        return value
    try:
        return module.right_inverse(value)
    except NotImplementedError:
        return value


def set_to(tensor: Tensor, new: Tensor) -> None:
    """Give a tensor the values of another, whose memory it shares from now on."""
    METHODS["set_"](tensor, new.detach())


def hold(module: Module, name: str, tensor: Tensor) -> None:
    """Register a tensor as a parameter or as a buffer."""
    if isinstance(tensor, Parameter):
        module.register_parameter(name, tensor)
    else:
        module.register_buffer(name, tensor)


def check_alike(before: Tensor, after: object) -> None:
    """Raise unless a parametrization kept dtype and shape of a tensor."""
    if not isinstance(after, Tensor):
        raise ValueError(
            f"A parametrization must return a tensor. Got {type(after).__name__}."
        )
    for what in ("dtype", "shape"):
        if getattr(before, what) != getattr(after, what):
            raise ValueError(
                f"Registering a parametrization may not change the {what} of the "
                "tensor, unless `unsafe` flag is enabled: it was "
                f"{getattr(before, what)} and became {getattr(after, what)}."
            )
