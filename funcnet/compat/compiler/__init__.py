"""`torch.compiler`: what was compiled, and what is to be.

`check`, `report` and `tier` are of this package; most of PyTorch's names have no
effect, as what repeats is compiled in any case.
"""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._tiers.checking import Check, check
from funcnet.compat._tiers.policy import tier
from funcnet.compat._tiers.report import Report, report
from funcnet.compat._toplevel.settings import compile


def is_compiling() -> bool:
    """Return False: what Python sees is recorded, not traced."""
    return False


is_dynamo_compiling = is_exporting = is_compiling


@explains_keywords
def disable(
    fn: Callable[..., Any] | None = None,
    recursive: bool = True,
    *,
    reason: str | None = None,
) -> Any:
    """Return a decorator without effect: operations are recorded as Python runs."""
    return (lambda function: function) if fn is None else fn


def allow_in_graph(fn: Callable[..., Any]) -> Any:
    """Return the function."""
    return fn


assume_constant_result = nested_compile_region = allow_in_graph


class set_stance:  # noqa: N801 - PyTorch's name
    """Do nothing, also in a `with` block."""

    def __init__(self, stance: str = "default", **others: object) -> None:
        self.stance = stance

    def __enter__(self) -> None:
        return

    def __exit__(self, *error: object) -> None:
        return


def list_backends(exclude_tags: Sequence[str] = ()) -> list[str]:
    """Return ["openxla"], the compiler of every step."""
    return ["openxla"]


def reset() -> None:
    """Do nothing: programs are found again by what they compute."""


def cudagraph_mark_step_begin() -> None:
    """Do nothing: XLA makes CUDA graphs itself."""


_backend: Any = "openxla"


def get_default_backend() -> Any:
    """Return "openxla", or what was set."""
    return _backend


def set_default_backend(backend: object) -> None:
    """Accepted: XLA compiles in any case."""
    global _backend
    _backend = "openxla" if backend is None else backend


def set_enable_guard_collectives(enabled: bool) -> bool:
    """Accepted: nothing is guarded. Return False, what it was before."""
    return False


def save_cache_artifacts() -> None:
    """Return None: compiled programs are in the folder that FUNCNET_CACHE names."""


def substitute_in_graph(
    original_fn: Callable[..., Any],
    *,
    can_constant_fold_through: bool = False,
    skip_signature_check: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator without effect: Python runs the function itself."""
    return lambda traceable: traceable


config = show_as(
    f"{__name__}.config",
    {"cache_key_tag": "", "dynamic_sources": "", "force_disable_caches": False},
)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "compiler")


__all__ = [
    "Check",
    "Report",
    "allow_in_graph",
    "assume_constant_result",
    "check",
    "compile",
    "config",
    "cudagraph_mark_step_begin",
    "disable",
    "get_default_backend",
    "is_compiling",
    "is_dynamo_compiling",
    "is_exporting",
    "list_backends",
    "nested_compile_region",
    "report",
    "reset",
    "save_cache_artifacts",
    "set_default_backend",
    "set_enable_guard_collectives",
    "set_stance",
    "substitute_in_graph",
    "tier",
]
