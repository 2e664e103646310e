"""`torch._dynamo`: without effect, as every step is compiled already."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from funcnet.compat import compiler
from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.refused import refused
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn._module.optimized_module import OptimizedModule

_RECORDED = "what Python does is recorded, and each step is one compiled program"

disable = compiler.disable
is_compiling = compiler.is_compiling
list_backends = compiler.list_backends
reset = compiler.reset
allow_in_graph = compiler.allow_in_graph
assume_constant_result = compiler.assume_constant_result


def forbid_in_graph(fn: Callable[..., Any]) -> Any:
    """Return the function."""
    return fn


def graph_break(msg: str = "") -> None:
    """Do nothing: there is no graph to break."""


def mark_dynamic(t: Tensor, index: object, **bounds: int) -> None:
    """Do nothing: programs are compiled for the sizes that come."""


maybe_mark_dynamic = mark_static = mark_static_address = mark_dynamic


def optimize(backend: str | None = None, *args: object, **options: object) -> Any:
    """Return a decorator without effect: every step is compiled already."""
    return lambda function: function


class _Config:
    """Settings without effect."""

    cache_size_limit = recompile_limit = 8
    suppress_errors = verbose = dynamic_shapes = False

    def patch(self, *args: object, **settings: object) -> Any:
        """Return a context without effect."""
        return nullcontext()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


config: Any = show_as(f"{__name__}.config", {})
_settings = _Config()
config.__dict__["__getattr__"] = _settings.__getattr__
for _name in ("cache_size_limit", "recompile_limit", "suppress_errors", "verbose"):
    setattr(config, _name, getattr(_settings, _name))
config.patch = _settings.patch


def _is_compile_supported(device_type: str) -> bool:
    return False


class _AsItIs(nullcontext[None]):
    """Context without effect: indices mapped by vmap are used as they are."""


globals().update(refused("_dynamo", _RECORDED, "explain export"))
utils = show_as(f"{__name__}.utils", {"is_compile_supported": _is_compile_supported})
eval_frame = show_as(
    f"{__name__}.eval_frame", {"OptimizedModule": OptimizedModule, "disable": disable}
)
_trace_wrapped_higher_order_op = show_as(
    f"{__name__}._trace_wrapped_higher_order_op",
    {"TransformGetItemToIndex": _AsItIs},
)
decorators = show_as(
    f"{__name__}.decorators",
    {"disable": disable, "mark_static_address": mark_static_address},
)
external_utils = show_as(f"{__name__}.external_utils", {"is_compiling": is_compiling})


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "_dynamo")
