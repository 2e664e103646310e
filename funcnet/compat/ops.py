"""Operators by namespace, as `torch.ops`: supported ones of PyTorch, and users'.

Example:
    >>> import funcnet.compat as torch
    >>> torch.ops.aten.add(torch.ones(2), 1)
    tensor([2., 2.])
"""

import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Final

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.dtype import dtype
from funcnet.compat._core.memory_format import layout, memory_format, preserve_format
from funcnet.compat._custom_ops.custom_op import operators
from funcnet.compat._messages.refused import refused_function
from funcnet.compat._ops.registry import FUNCTIONS, KERNELS, METHODS
from funcnet.compat._tensor.tensor import Tensor


def _to_copy(
    self: Tensor,
    *,
    dtype: dtype | None = None,
    layout: layout | None = None,
    device: DeviceLike | None = None,
    pin_memory: bool = False,
    non_blocking: bool = False,
    memory_format: memory_format | None = None,
) -> Tensor:
    """Return a copy with another dtype or layout of memory."""
    del layout, pin_memory  # dense, in the host's memory
    wanted = memory_format or preserve_format
    return self.to(device, dtype, non_blocking, True, memory_format=wanted)


def _slice(
    self: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Tensor:
    """Return a view of a slice of one dimension."""
    at: list[Any] = [slice(None)] * (self.dim() if dim < 0 else dim + 1)
    at[dim] = slice(start, end, step)
    return self[tuple(at)]


def _index(self: Tensor, indices: Sequence[Tensor | None]) -> Tensor:
    """Return what tensors of indices pick; None takes a whole dimension."""
    return self[tuple([slice(None) if at is None else at for at in indices])]


def _alias(self: Tensor) -> Tensor:
    """Return a view of the whole tensor."""
    return self.view(self.shape)


# Operators that stand below what PyTorch offers by name.
_BELOW: Final[dict[str, Callable[..., Any]]] = {
    "_to_copy": _to_copy,
    "_pin_memory": lambda self, device=None: self,
    "_sparse_addmm": lambda *args, **kwargs: FUNCTIONS["addmm"](*args, **kwargs),
    "_sparse_mm_reduce_impl": refused_function(
        "ops.aten._sparse_mm_reduce_impl",
        "use torch.sparse.mm, or scatter_reduce of the gathered rows",
    ),
    "alias": _alias,
    "index": _index,
    "lift_fresh": lambda self: self,
    "slice": _slice,
}


class OpOverload:
    """An overload of an operator; all overloads call the same function."""

    def __init__(self, packet: "OpOverloadPacket", overload: str) -> None:
        self.overloadpacket, self._overloadname = packet, overload
        self.__name__ = f"{packet.__name__}.{overload}"

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self.overloadpacket(*args, **kwargs)

    def name(self) -> str:
        """Return the qualified name of the operator."""
        return self.overloadpacket._qualname

    def __repr__(self) -> str:
        op = self.overloadpacket._qualname.replace("::", ".")
        return f"<OpOverload(op='{op}', overload='{self._overloadname}')>"


class OpOverloadPacket:
    """An operator: a callable whose attributes are its overloads."""

    def __init__(
        self, qualname: str, function: Callable[..., Any], operator: object = None
    ) -> None:
        self._qualname = qualname
        self.__name__ = qualname.partition("::")[2]
        self._function = function
        if operator is not None:
            self._operator = operator

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._function(*args, **kwargs)

    def overloads(self) -> list[str]:
        """Return the names of the overloads, of which there is one."""
        return ["default"]

    def __getattr__(self, name: str) -> OpOverload:
        if name.startswith("__"):
            raise AttributeError(name)
        result = OpOverload(self, name)
        setattr(self, name, result)
        return result

    def __repr__(self) -> str:
        return f"<OpOverloadPacket(op='{self._qualname.replace('::', '.')}')>"


class _Namespace(ModuleType):
    """The operators of a namespace."""

    def __init__(self, name: str) -> None:
        super().__init__(f"torch.ops.{name}")
        self._namespace = name

    def __getattr__(self, name: str) -> OpOverloadPacket:
        full = f"{self._namespace}::{name}"
        operator = operators.known.get(full)
        result: Any = operator
        if operator is None and self._namespace in ("aten", "prims"):
            result = KERNELS.get(name) or FUNCTIONS.get(name) or METHODS.get(name)
            result = result or FUNCTIONS.get(name.removeprefix("linalg_"))
            result = result or _BELOW.get(name)
        if result is None:
            raise AttributeError(
                f"'_OpNamespace' '{self._namespace}' object has no attribute {name!r}"
            )
        return OpOverloadPacket(full, result, operator)


class _Ops(ModuleType):
    """All namespaces, which are found as attributes: a star import gives nothing."""

    __path__: list[str] = []  # noqa: RUF012 - a package without files
    __all__: list[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> _Namespace:
        if name.startswith("__"):
            raise AttributeError(name)
        result = _Namespace(name)
        setattr(self, name, result)
        return result

    def load_library(self, path: str) -> None:
        """Raise NotImplementedError: operators in C++ cannot be loaded."""
        raise NotImplementedError(
            "torch.ops.load_library: operators written in C++ for PyTorch cannot be "
            "loaded. Write them in Python with torch.library.custom_op."
        )


_module = _Ops(__name__, __doc__)
_module.__spec__ = __spec__
for _name in ("aten", "prims"):
    sys.modules[f"{__name__}.{_name}"] = getattr(_module, _name)
sys.modules[__name__] = _module
