"""`torch.jit`: without effect, as every step is compiled already."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any, Generic, NamedTuple, NoReturn, Optional, TypeVar

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import tell_once
from funcnet.compat.nn.modules.module import Module

_NOTE = "torch.jit.{} returns what it is given: steps are compiled by XLA already."
T = TypeVar("T")


class ScriptModule(Module):
    """Base of modules that are written for TorchScript: a module like any other."""


class RecursiveScriptModule(ScriptModule):
    """What PyTorch makes of a module that is scripted; nothing here is one."""


class Error(RuntimeError):
    """Error of TorchScript."""


def script(obj: T, *args: object, **kwargs: object) -> T:
    """Return the function or module itself."""
    tell_once(_NOTE.format("script"))
    return obj


@explains_keywords
def trace(func: T, *args: object, **kwargs: object) -> T:
    """Return the function or module itself."""
    tell_once(_NOTE.format("trace"))
    return func


def trace_module(
    mod: Any, inputs: dict[str, Any], *args: object, **kwargs: object
) -> Any:
    """Return the module itself."""
    tell_once(_NOTE.format("trace_module"))
    return mod


def script_method(fn: Callable[..., Any]) -> Any:
    """Return the method itself."""
    return fn


script_if_tracing = interface = _script_if_tracing = script_method
_overload = _overload_method = script_method


class TracerWarning(Warning):
    """Warning of PyTorch that a trace may not generalize."""


def _get_trace_graph(*args: object, **kwargs: object) -> NoReturn:
    """Raise NotImplementedError: there is no TorchScript."""
    raise NotImplementedError(
        "torch.jit: no graph of TorchScript is traced here; torch.pure(module) gives a "
        "function that jax.make_jaxpr shows, torch.fx.symbolic_trace a graph."
    )


def ignore(drop: Any = False, **kwargs: object) -> Any:
    """Return a decorator without effect."""
    return drop if callable(drop) else lambda function: function


unused = export = ignore


def freeze(mod: Module, *args: object, **kwargs: object) -> Module:
    """Return the module, which must be in evaluation."""
    if mod.training:
        raise RuntimeError(
            "Freezing is currently only implemented for modules in eval mode. Please "
            "call .eval() on your module before freezing."
        )
    return mod


def optimize_for_inference(mod: Module, *args: object, **kwargs: object) -> Module:
    """Return the module, in evaluation."""
    return mod.eval()


def _no_file(name: str, instead: str) -> NoReturn:
    raise NotImplementedError(
        f"torch.jit.{name}: there is no TorchScript here, and no file of it is read or "
        f"written. {instead}"
    )


@explains_keywords
def save(m: object, f: object, _extra_files: object = None) -> NoReturn:
    """Raise NotImplementedError: there is no TorchScript."""
    _no_file(
        "save",
        "Save model.state_dict() with torch.save; for a program without Python, "
        "apply, params, state = torch.pure(model.eval()) and then "
        "funcnet.export(apply, params, example, path, state=state).",
    )


def load(f: object, *args: object, **kwargs: object) -> NoReturn:
    """Raise NotImplementedError: there is no TorchScript."""
    _no_file(
        "load",
        "Where PyTorch is installed, torch.save(torch.jit.load(path).state_dict(), "
        "file) writes its parameters, which torch.load reads here.",
    )


@explains_keywords
class Future(Generic[T]):
    """Future that is done already."""

    def __init__(self, value: T) -> None:
        self._value = value

    def wait(self) -> T:
        """Return the result."""
        return self._value

    value = wait

    def done(self) -> bool:
        """Return True."""
        return True


def fork(func: Callable[..., T], *args: object, **kwargs: object) -> Future[T]:
    """Call a function at once; `wait` gives its result."""
    return Future(func(*args, **kwargs))


def wait(future: Future[T]) -> T:
    """Return the result of a `fork`."""
    return future.wait()


class Attribute(NamedTuple):
    """Value with a type."""

    value: Any
    type: Any


@explains_keywords
def isinstance(obj: object, target_type: object) -> bool:
    """Return whether an object and its members are of a type such as `List[int]`."""
    return _fits(obj, target_type)


def _fits(obj: object, kind: Any) -> bool:
    import builtins
    import types
    import typing

    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if builtins.isinstance(kind, tuple):
        return any(_fits(obj, one) for one in kind)
    if origin in (typing.Union, types.UnionType):
        return any(_fits(obj, one) for one in parts)
    if origin is None:
        return builtins.isinstance(obj, type(None) if kind is None else kind)
    if not builtins.isinstance(obj, origin):
        return False
    if origin is dict:
        return all(_fits(k, parts[0]) and _fits(v, parts[1]) for k, v in obj.items())
    if origin is tuple:
        return len(obj) == len(parts) and all(map(_fits, obj, parts))
    return all(_fits(one, parts[0]) for one in obj)


def is_scripting() -> bool:
    """Return False: there is no TorchScript."""
    return False


def is_tracing() -> bool:
    """Return False: there is no TorchScript."""
    return False


@contextlib.contextmanager
def fuser(name: str) -> Iterator[None]:
    """Do nothing in a `with` block: XLA fuses."""
    yield


@contextlib.contextmanager
def optimized_execution(should_optimize: bool) -> Iterator[None]:
    """Do nothing in a `with` block: XLA optimizes."""
    yield


strict_fusion = functools.partial(fuser, "strict")


def enable_onednn_fusion(enabled: bool) -> None:
    """Do nothing: XLA fuses."""


def onednn_fusion_enabled() -> bool:
    """Return False: XLA fuses."""
    return False


def set_fusion_strategy(strategy: object) -> Any:
    """Do nothing: XLA fuses. Return the strategy."""
    return strategy


class _Final:
    def __getitem__(self, item: object) -> Any:
        return item


Final = _Final()


@explains_keywords
def annotate(the_type: object, value: Any) -> Any:
    """Return the value."""
    return value


annotations = show_as(
    f"{__name__}.annotations",
    {
        "List": list,
        "Dict": dict,
        "Tuple": tuple,
        "Optional": Optional,
        **{f"BroadcastingList{n}": list for n in range(1, 7)},
    },
    "Types for annotations, as `torch.jit.annotations`.",
)


__all__ = [
    "Attribute",
    "Error",
    "Final",
    "Future",
    "RecursiveScriptModule",
    "ScriptModule",
    "annotate",
    "annotations",
    "enable_onednn_fusion",
    "export",
    "fork",
    "freeze",
    "fuser",
    "ignore",
    "interface",
    "is_scripting",
    "is_tracing",
    "isinstance",
    "load",
    "onednn_fusion_enabled",
    "optimize_for_inference",
    "optimized_execution",
    "save",
    "script",
    "script_if_tracing",
    "script_method",
    "set_fusion_strategy",
    "strict_fusion",
    "trace",
    "trace_module",
    "unused",
    "wait",
]
