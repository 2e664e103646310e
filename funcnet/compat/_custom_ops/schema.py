"""Schemas of operators from the annotations of functions."""

import inspect
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from funcnet.compat._core.annotations import DType
from funcnet.compat._core.device import device
from funcnet.compat._tensor.tensor import Tensor

_NAMES: dict[Any, str] = {
    Tensor: "Tensor",
    int: "SymInt",
    float: "float",
    bool: "bool",
    str: "str",
    complex: "Scalar",
    DType: "ScalarType",
    device: "Device",
    typing.Any: "Any",
}


def infer_schema(
    prototype_function: Callable[..., Any],
    /,
    *,
    mutates_args: str | Iterable[str],
    op_name: str | None = None,
) -> str:
    """Infer the schema of an annotated function: `(Tensor x, SymInt n) -> Tensor`.

    Raises:
        ValueError: an argument has no type, or one that operators do not take.
    """
    written = {mutates_args} if mutates_args == "unknown" else set(mutates_args)
    hints = typing.get_type_hints(prototype_function)
    parts, starred = [], False
    arguments = inspect.signature(prototype_function).parameters.items()
    for index, (name, argument) in enumerate(arguments):
        if argument.kind in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD):
            raise ValueError(
                "infer_schema(func): we do not support *args or **kwargs, got "
                f"{argument}"
            )
        if name not in hints:
            raise ValueError(
                f"infer_schema(func): Parameter {name} must have a type annotation."
            )
        if argument.kind is argument.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        kind = _type(hints[name], name)
        if name in written or "unknown" in written:
            kind = kind.replace("Tensor", f"Tensor(a{index}!)", 1)
        default = argument.default
        shown = "" if default is argument.empty else f"={_default(default)}"
        parts.append(f"{kind} {name}{shown}")
    if "return" not in hints:
        raise ValueError("infer_schema(func): No return type annotation was provided.")
    return f"{op_name or ''}({', '.join(parts)}) -> {_result(hints['return'])}"


def _default(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _result(hint: Any) -> str:
    if hint is type(None) or hint is None:
        return "()"
    if typing.get_origin(hint) is tuple:
        parts = [_type(one, "return") for one in typing.get_args(hint)]
        return f"({', '.join(parts)})"
    return _type(hint, "return")


def _type(hint: Any, name: str) -> str:
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        rest = [one for one in parts if one is not type(None)]
        if set(rest) == {int, float, bool} or set(rest) == {int, float}:
            return "Scalar" + "?" * (len(rest) < len(parts))
        if len(rest) == 1 and len(rest) < len(parts):
            return _type(rest[0], name) + "?"
    if origin in (list, Sequence) and parts:
        return _type(parts[0], name) + "[]"
    for known, said in _NAMES.items():
        same = hint is known
        if same or (
            isinstance(hint, type) and known is Tensor and issubclass(hint, known)
        ):
            return said
    raise ValueError(
        f"infer_schema(func): Parameter {name} has unsupported type {hint}."
    )
