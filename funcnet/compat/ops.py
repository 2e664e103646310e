"""Operators by namespace, as `torch.ops`: supported ones of PyTorch, and users'.

Example:
    >>> import funcnet.compat as torch
    >>> torch.ops.aten.add(torch.ones(2), 1)
    tensor([2., 2.])
"""

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

from funcnet.compat._custom_ops.custom_op import operators
from funcnet.compat._ops.registry import FUNCTIONS, KERNELS, METHODS

_PACKAGE = __name__.rpartition(".")[0]


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
        if result is None and self._namespace == "torchvision":
            operators_of = import_module(f"{_PACKAGE}.torchvision.ops._operators")
            result = operators_of.OPERATORS.get(name)
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
