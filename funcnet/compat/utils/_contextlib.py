"""Contexts that also decorate functions, as in `torch.utils._contextlib`."""

import inspect
import warnings
from collections.abc import Callable
from typing import Any

from funcnet.compat._core.context import run_in


def context_decorator(ctx: Any, func: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that runs in a context.

    Args:
        ctx: the context, or what makes one for each call.
        func: the function, whose generator leaves the context where it yields; of a
            class it is the constructor that runs in the context.
    """
    if callable(ctx) and hasattr(ctx, "__enter__"):
        raise AssertionError(
            f"Passed in {ctx} is both callable and also a valid context manager "
            "(has __enter__), making it ambiguous which interface to use. If you "
            "intended to pass a context manager factory, rewrite your call as "
            "context_decorator(lambda: ctx()); if you intended to pass a context "
            "manager directly, rewrite your call as context_decorator(lambda: ctx)"
        )
    make = ctx if callable(ctx) else lambda: ctx
    if inspect.isclass(func):
        warnings.warn(
            "Decorating classes is deprecated and will be disabled in future versions. "
            "You should only decorate functions or methods. To preserve the current "
            "behavior of class decoration, you can directly decorate the `__init__` "
            "method and nothing else.",
            FutureWarning,
            stacklevel=2,
        )
        setattr(func, "__init__", run_in(make, func.__init__))  # noqa: B010
        return func
    return run_in(make, func)


class _DecoratorContextManager:
    """A context whose subclasses also decorate functions."""

    def __call__(self, orig_func: Callable[..., Any]) -> Any:
        return context_decorator(self.clone, orig_func)

    def __enter__(self) -> None:
        raise NotImplementedError

    def __exit__(self, exc_type: object, exc_value: object, traceback: object) -> None:
        raise NotImplementedError

    def clone(self) -> "_DecoratorContextManager":
        """Another context of the same settings, for one call."""
        return self.__class__()


class _NoParamDecoratorContextManager(_DecoratorContextManager):
    """One without settings, which decorates with and without parentheses."""

    def __new__(cls, orig_func: Callable[..., Any] | None = None) -> Any:
        if orig_func is None:
            return super().__new__(cls)
        return cls()(orig_func)
