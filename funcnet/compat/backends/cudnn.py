"""cuDNN, as `torch.backends.cudnn`: XLA decides itself when to call it.

The settings can be assigned; `deterministic` and `benchmark` change nothing.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._tensor.tensor import Tensor

enabled = True
benchmark = False
benchmark_limit: int | None = None
deterministic = False
allow_tf32 = True


def is_available() -> bool:
    """Return False: there is no cuDNN to call from here."""
    return False


def version() -> int | None:
    """Return None: cuDNN is not called from here."""
    return None


def is_acceptable(tensor: Tensor) -> bool:
    """Return False: cuDNN is not called from here."""
    return False


@explains_keywords
def set_flags(
    _enabled: bool | None = None,
    _benchmark: bool | None = None,
    _benchmark_limit: int | None = None,
    _deterministic: bool | None = None,
    _allow_tf32: bool | None = None,
) -> tuple[Any, ...]:
    """Set the flags that are not None; return the previous ones."""
    names = ("enabled", "benchmark", "benchmark_limit", "deterministic", "allow_tf32")
    given = (_enabled, _benchmark, _benchmark_limit, _deterministic, _allow_tf32)
    before = tuple([globals()[name] for name in names])
    for name, value in zip(names, given, strict=True):
        if value is not None:
            globals()[name] = value
    return before


@contextlib.contextmanager
def flags(
    enabled: bool = False,
    benchmark: bool = False,
    benchmark_limit: int = 10,
    deterministic: bool = False,
    allow_tf32: bool = True,
) -> Iterator[None]:
    """Set the flags in a `with` block."""
    before = set_flags(enabled, benchmark, benchmark_limit, deterministic, allow_tf32)
    try:
        yield
    finally:
        set_flags(*before)


__all__ = [
    "allow_tf32",
    "benchmark",
    "benchmark_limit",
    "deterministic",
    "enabled",
    "flags",
    "is_acceptable",
    "is_available",
    "set_flags",
    "version",
]
