"""`torch.compiler`: what was compiled, and what is to be.

`check`, `report` and `tier` are of this package; most of PyTorch's names have no
effect, as what repeats is compiled in any case.
"""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
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


__all__ = [
    "Check",
    "Report",
    "allow_in_graph",
    "assume_constant_result",
    "check",
    "compile",
    "cudagraph_mark_step_begin",
    "disable",
    "is_compiling",
    "is_dynamo_compiling",
    "is_exporting",
    "list_backends",
    "nested_compile_region",
    "report",
    "reset",
    "set_stance",
    "tier",
]
