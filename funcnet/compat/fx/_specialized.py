"""Arguments of a traced function: placeholders, and values that are given."""

import inspect
import warnings
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any, Final

from funcnet.compat._toplevel.settings import _assert
from funcnet.compat.fx._code import _PyTreeCodeGen, _PyTreeInfo
from funcnet.compat.fx.node import SHOWN_AS, has_side_effect
from funcnet.compat.fx.proxy import TracerBase
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.utils import _pytree

_PLAIN = (bool, int, float, complex, str)


class PHBase:
    """What stands for a traced value in a tree of `concrete_args`, `torch.fx.PH`."""

    def __repr__(self) -> str:
        return "PH"


PH: Final = PHBase()


@has_side_effect
def _assert_is_none(value: object, msg: str) -> None:
    """Raise AssertionError unless a value is None."""
    if value is not None:
        raise AssertionError(msg)


has_side_effect(_assert)
SHOWN_AS.update(
    {
        _assert: "torch._assert",
        _assert_is_none: "torch.fx._symbolic_trace._assert_is_none",
    }
)


def arguments_with(
    tracer: TracerBase,
    function: Callable[..., Any],
    root: list[Module],
    concrete_args: Mapping[str, object] | tuple[object, ...] | None,
) -> tuple[Callable[..., Any], list[Any]]:
    """Return the function to call and its arguments: proxies, but for given values.

    Args:
        root: the module that the function gets first, in a list, or an empty list.
        concrete_args: values by the names of arguments, or one for each.
    """
    arguments = list(inspect.signature(function).parameters.values())[len(root) :]
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    plain = [one for one in arguments if one.kind not in stars]
    if isinstance(concrete_args, tuple):
        if len(concrete_args) != len(plain):
            raise RuntimeError(
                f"Tracing expected {len(plain)} arguments but got {len(concrete_args)} "
                "concrete arguments"
            )
        given = {p.name: v for p, v in zip(plain, concrete_args, strict=True)}
    else:
        given = dict(concrete_args or {})
    values = [_argument(tracer, function, one, given) for one in plain]
    named = sum(one.kind is one.KEYWORD_ONLY for one in plain)
    rest = [
        tracer.create_proxy("placeholder", f"{stars[one.kind]}{one.name}", (), {})
        for one in arguments
        if one.kind in stars
    ]
    leaves, spec = _pytree.tree_flatten((*root, *values))
    if given and any(not child.is_leaf() for child in spec.children_specs):
        names = ["self"] * len(root) + [one.name for one in plain]
        return _flat(tracer, function, spec, names), leaves
    if not named and not rest:
        return function, [*root, *values]
    names = [one.name for one in plain[len(plain) - named :]]
    return _with_stars(function, names, arguments), [*root, *values, *rest]


def _argument(
    tracer: TracerBase,
    function: Callable[..., Any],
    one: inspect.Parameter,
    given: Mapping[str, object],
) -> Any:
    """Return the placeholder of an argument, or what is given with a check of it."""
    if one.name in given:
        count = iter(range(1, 1_000_000))
        value = given[one.name]
        if isinstance(value, PHBase):
            return tracer.create_proxy("placeholder", one.name, (), {})
        return _pytree.tree_map(
            lambda x: _given(tracer, one.name, f"{one.name}_{next(count)}", x), value
        )
    default = () if one.default is one.empty else (one.default,)
    kind = annotation_of(function, one.name)
    return tracer.create_proxy("placeholder", one.name, default, {}, type_expr=kind)


def annotation_of(function: Callable[..., Any], name: str) -> object:
    """Return the annotation of an argument or of the result, None without one."""
    if str(getattr(function, "__module__", "")).startswith("funcnet.compat.nn."):
        return None  # PyTorch's layers have fewer
    result = getattr(function, "__annotations__", {}).get(name)
    return None if isinstance(result, str) else result


def _given(tracer: TracerBase, argument: str, name: str, value: object) -> Any:
    result = tracer.create_proxy("placeholder", name, (), {})
    if isinstance(value, PHBase):
        return result
    words = f"{argument} has been specialized to have value {value}"
    words += " but got another value"
    if value is None:
        call = "call_function"
        tracer.create_proxy(call, _assert_is_none, (result, words), {})
    elif type(value) in _PLAIN:
        tracer.create_proxy("call_function", _assert, (result == value, words), {})
    else:
        warnings.warn(
            f"Was not able to add assertion to guarantee correct input {argument} to "
            "specialized function. It is up to the user to make sure that your inputs "
            "match the inputs you specialized the function with.",
            stacklevel=2,
        )
    return value


def _with_stars(
    function: Callable[..., Any], named: list[str], arguments: list[inspect.Parameter]
) -> Callable[..., Any]:
    """Return a function of positional arguments; `*args` is one, as `**kwargs` is."""
    kinds = [one.kind for one in arguments]
    stars = sum(
        kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        for kind in kinds
    )
    if not stars:

        def run(*args: Any) -> Any:
            split = len(args) - len(named)
            return function(
                *args[:split], **dict(zip(named, args[split:], strict=True))
            )

        return run
    if not isinstance(function, FunctionType):
        raise TypeError(
            f"{function!r} takes *args or **kwargs: trace a function of Python"
        )
    code = function.__code__
    plain = code.replace(
        co_flags=code.co_flags & ~(inspect.CO_VARARGS | inspect.CO_VARKEYWORDS),
        co_argcount=code.co_argcount + code.co_kwonlyargcount + stars,
        co_posonlyargcount=0,
        co_kwonlyargcount=0,
    )
    return FunctionType(plain, function.__globals__, closure=function.__closure__)


def _flat(
    tracer: TracerBase, function: Callable[..., Any], spec: Any, names: list[str]
) -> Callable[..., Any]:
    """Return a function of the leaves; the graph's code takes and gives the trees."""

    def run(*leaves: object) -> Any:
        result = function(*_pytree.tree_unflatten(list(leaves), spec))
        flat, out_spec = _pytree.tree_flatten(result)
        info = _PyTreeInfo(names, spec, out_spec)
        tracer.graph.set_codegen(_PyTreeCodeGen(info))
        return flat

    return run


__all__ = ["PH", "PHBase", "annotation_of", "arguments_with"]
