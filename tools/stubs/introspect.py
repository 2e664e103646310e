"""The signatures of registered functions and methods.

A signature is the syntax tree of `def NAME(PARAMETERS) -> RESULT: ...`, made of the
tables beside this file and of what `inspect` tells; a name has one or several.
"""

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from funcnet.compat._ops.registry import Registration
from tools.stubs import parameters, results, signatures

Signature: TypeAlias = ast.FunctionDef

FUNCTIONAL: Final = "nn.functional."
METHOD: Final = "Tensor."
# What an array function is annotated with says nothing of what a user may give.
_VAGUE = re.compile(
    r"\b(Any|jax|numpy|Array|Operand|NoReturn|SparseTensor|CompressedTensor)\b|_empty"
)
# Aliases that annotations are written with, and how `inspect` shows them.
_ALIASES = {
    "Tensor | bool | int | float | complex": "TensorLike",
    "bool | int | float | complex": "Scalar",
    "device | str | int": "DeviceLike",
}


class Signatures:
    """Finds the signatures of what the registry has."""

    def __init__(self, registry: Mapping[str, Registration]) -> None:
        self.registry = registry
        self.paths_of = defaultdict(list)
        for path, entry in registry.items():
            self.paths_of[id(entry.formula)].append(path.removeprefix(METHOD))

    def of_function(self, path: str) -> list[Signature]:
        """Of a function, by its path in the registry."""
        if path.startswith("_foreach_"):
            return [_foreach(path)]
        if path.endswith("_") and path[:-1] in self.registry:
            base = self.of_function(path[:-1])
            return [without(one, "out", "inplace") for one in base]
        names = self._names(path)
        for name in names:
            if name in signatures.FUNCTIONS:
                return [parsed(text) for text in signatures.FUNCTIONS[name]]
        entry = self.registry[path]
        if not _is_irregular(entry.public):
            result = _inspected(names, entry.public)
            return [_with_out(result) if _takes_out(entry) else result]
        if path.endswith("_copy"):
            return self._of_copy(path.removesuffix("_copy"))
        raise LookupError(f"write the signature of {path!r} into signatures.FUNCTIONS")

    def _of_copy(self, base: str) -> list[Signature]:
        """Of a function that copies what the view of this name shows."""
        if base in self.registry:
            result = self.of_function(base)
        else:
            result = [as_function(one) for one in self.of_method(METHOD + base)]
        return [_with_out(without(one, "out")) for one in result]

    def of_method(self, path: str) -> list[Signature]:
        """Of a method of tensors, by its path in the registry, with `self`."""
        name = path.removeprefix(METHOD)
        if name in signatures.METHODS:
            return [parsed(text) for text in signatures.METHODS[name]]
        method = self.registry[path].public
        is_inplace = name.endswith("_") and not name.endswith("__")
        if is_inplace and _is_irregular(method):
            if path[:-1] in self.registry:
                result = self.of_method(path[:-1])
            else:
                result = [_as_method(one) for one in self.of_function(name[:-1])]
        elif name in signatures.FUNCTIONS or _is_irregular(method):
            result = [_as_method(one) for one in self.of_function(name)]
        else:
            result = [_as_method(_inspected(self._names(path), method))]
        return [_returning_self(one) for one in result] if is_inplace else result

    def _names(self, path: str) -> list[str]:
        """What a function and its aliases are called, this name first."""
        aliases = self.paths_of[id(self.registry[path].formula)]
        return list(dict.fromkeys([path.removeprefix(METHOD), *aliases]))


def parsed(text: str) -> Signature:
    """The tree of `(x: Tensor) -> Tensor`."""
    (result,) = ast.parse(f"def _{text}: ...").body
    assert isinstance(result, ast.FunctionDef)
    return result


def parameter_type(names: list[str], parameter: inspect.Parameter) -> str:
    """The type of what a user may give for a parameter of a function of these names."""
    kind = (
        _of_this_function(names, parameter.name)
        or _annotated(parameter.annotation)
        or _by_name(names, parameter)
    )
    if parameter.default is None and "None" not in kind:
        kind += " | None"
    return kind


def _of_this_function(names: list[str], parameter: str) -> str | None:
    for name in names:
        for key in (name, name.removeprefix(FUNCTIONAL)):
            kind = parameters.OF.get(key, {}).get(parameter)
            if kind is not None:
                return kind
    return None


def _by_name(names: list[str], parameter: inspect.Parameter) -> str:
    if isinstance(parameter.default, bool):
        return "bool"
    kind = parameters.BY_NAME.get(parameter.name)
    if kind is None:
        raise LookupError(
            f"{names[0]}({parameter.name}): write the type of this parameter into "
            "parameters.BY_NAME"
        )
    if parameter.name == "other" and parameters.OF_TENSORS_ONLY.intersection(names):
        return "Tensor"
    if parameter.name == "input" and parameters.OF_NUMBERS_TOO.intersection(names):
        return "Tensor | Scalar"
    if parameter.name == "dim" and isinstance(parameter.default, int):
        return "int"
    return kind


def _annotated(annotation: Any) -> str | None:
    """An annotation as text, if it is precise."""
    if annotation is inspect.Parameter.empty:
        return None
    text = (
        annotation
        if isinstance(annotation, str)
        else inspect.formatannotation(annotation)
    )
    if _VAGUE.search(text):
        return None
    text = re.sub(r"\b[a-z_]\w*\.(?=[\w.]*\w)", "", text)
    for union, alias in _ALIASES.items():
        text = text.replace(union, alias)
    return text


def _inspected(names: list[str], function: Callable[..., Any]) -> Signature:
    """What `inspect` and the tables of names tell."""
    result = inspect.signature(function)
    pieces, was_keyword = [], False
    for parameter in result.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not was_keyword:
            pieces.append("*")
            was_keyword = True
        if parameter.name == "self":
            pieces.append("self: Tensor")
            continue
        if parameter.name == "out":
            continue  # of the type of the result: added below
        piece = f"{parameter.name}: {parameter_type(names, parameter)}"
        if parameter.default is not parameter.empty:
            piece += f" = {_default(parameter.default)}"
        pieces.append(piece)
    if pieces and pieces[-1] == "*":
        pieces.pop()
    return parsed(f"({', '.join(pieces)}) -> {_result(names, result)}")


def _result(names: list[str], found: inspect.Signature) -> str:
    for name in names:
        if name in results.BY_NAME:
            return results.BY_NAME[name]
    return _annotated(found.return_annotation) or "Tensor"


def _default(value: Any) -> str:
    """A default as a stub shows it."""
    plain = isinstance(value, int | float | str | tuple | None)
    text = repr(value)
    return text if plain and "inf" not in text and "nan" not in text else "..."


def _is_irregular(function: Any) -> bool:
    """Whether `inspect` does not tell the parameters."""
    kinds = inspect.Parameter
    return any(
        parameter.kind in (kinds.VAR_POSITIONAL, kinds.VAR_KEYWORD)
        for parameter in inspect.signature(function).parameters.values()
    )


def _takes_out(entry: Registration) -> bool:
    return entry.has_out or "out" in inspect.signature(entry.public).parameters


def _foreach(name: str) -> Signature:
    """Of the private functions on lists of tensors that optimizers call."""
    result = "None" if name.endswith("_") else "tuple[Tensor, ...]"
    return parsed(f"(self: Sequence[Tensor], *args: Any, **kwargs: Any) -> {result}")


# --- changes of signatures -----------------------------------------------------------


def _copied(signature: Signature) -> Signature:
    return parsed(ast.unparse(signature).partition("_")[2].removesuffix(":\n    ..."))


def without(signature: Signature, *names: str) -> Signature:
    """A signature without some of its parameters."""
    result = _copied(signature)
    args = result.args
    first_default = len(args.args) - len(args.defaults)
    kept = [
        (arg, args.defaults[place - first_default] if place >= first_default else None)
        for place, arg in enumerate(args.args)
        if arg.arg not in names
    ]
    args.args = [arg for arg, _ in kept]
    args.defaults = [default for _, default in kept if default is not None]
    named = [
        (arg, default)
        for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        if arg.arg not in names
    ]
    args.kwonlyargs = [arg for arg, _ in named]
    args.kw_defaults = [default for _, default in named]
    return result


def _as_method(signature: Signature) -> Signature:
    """The method of a function of a tensor."""
    result = without(signature, "out")
    first = (result.args.posonlyargs or result.args.args)[0]
    first.arg, first.annotation = "self", None
    return result


def as_function(signature: Signature) -> Signature:
    """The function of a method."""
    result = _copied(signature)
    result.args.args[0] = ast.arg("input", ast.Name("Tensor"))
    if isinstance(result.returns, ast.Name) and result.returns.id == "Self":
        result.returns = ast.Name("Tensor")
    return result


def _with_out(signature: Signature) -> Signature:
    found = _copied(signature)
    assert found.returns is not None
    result = ast.unparse(found.returns)
    kind = result if result == "Tensor" else "tuple[Tensor, ...]"
    found.args.kwonlyargs.append(
        ast.arg("out", ast.parse(f"{kind} | None", mode="eval").body)
    )
    found.args.kw_defaults.append(ast.Constant(None))
    return found


def _returning_self(signature: Signature) -> Signature:
    result = _copied(signature)
    if isinstance(result.returns, ast.Name) and result.returns.id == "Tensor":
        result.returns = ast.Name("Self")
    return result
