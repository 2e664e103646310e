"""Decorators without effect, as packages use them from `torch._jit_internal`."""

from collections.abc import Callable
from typing import Any, Final

from funcnet.compat.jit import export, ignore, is_scripting, unused

BroadcastingList1 = BroadcastingList2 = BroadcastingList3 = list
Final = Final


def _copy_to_script_wrapper(fn: Callable[..., Any]) -> Any:
    """Return the function."""
    return fn


_overload = _overload_method = boolean_dispatch = _copy_to_script_wrapper

__all__ = ["BroadcastingList2", "Final", "export", "ignore", "is_scripting", "unused"]
