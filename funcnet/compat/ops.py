"""Operators by namespace, as `torch.ops`: those of PyTorch that are there, and users'.

Example:
    >>> import funcnet.compat as torch
    >>> torch.ops.aten.add(torch.ones(2), 1)
    tensor([2., 2.])
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from funcnet.compat._custom_ops.custom_op import operators
from funcnet.compat._ops.registry import FUNCTIONS, METHODS


class OpOverload:
    """One form of an operator: it calls the same function as the others."""

    def __init__(self, packet: "OpOverloadPacket", form: str) -> None:
        self.overloadpacket, self._overloadname = packet, form
        self.__name__ = f"{packet.__name__}.{form}"

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self.overloadpacket(*args, **kwargs)

    def name(self) -> str:
        """Its full name."""
        return self.overloadpacket._qualname

    def __repr__(self) -> str:
        place = self.overloadpacket._qualname.replace("::", ".")
        return f"<OpOverload(op='{place}', overload='{self._overloadname}')>"


class OpOverloadPacket:
    """An operator, which is called, or asked for one of its forms."""

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
        """The names of its forms: one."""
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
        self._of = name

    def __getattr__(self, name: str) -> OpOverloadPacket:
        full = f"{self._of}::{name}"
        operator = operators.known.get(full)
        result: Any = operator
        if operator is None and self._of in ("aten", "prims"):
            result = FUNCTIONS.get(name) or METHODS.get(name)
            result = result or FUNCTIONS.get(name.removeprefix("linalg_"))
        if result is None:
            raise AttributeError(
                f"'_OpNamespace' '{self._of}' object has no attribute {name!r}"
            )
        return OpOverloadPacket(full, result, operator)


class _Ops(ModuleType):
    """All namespaces."""

    __path__: list[str] = []  # noqa: RUF012 - a package without files

    def __getattr__(self, name: str) -> _Namespace:
        if name.startswith("__"):
            raise AttributeError(name)
        result = _Namespace(name)
        setattr(self, name, result)
        return result

    def load_library(self, path: str) -> None:
        """Refuse: operators in C++ are not loaded."""
        raise NotImplementedError(
            "torch.ops.load_library: operators written in C++ for PyTorch cannot be "
            "loaded. Write them in Python with torch.library.custom_op."
        )


_made = _Ops(__name__, __doc__)
_made.__spec__ = __spec__
for _name in ("aten", "prims"):
    sys.modules[f"{__name__}.{_name}"] = getattr(_made, _name)
sys.modules[__name__] = _made
