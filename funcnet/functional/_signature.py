"""One signature for all variants of a function.

Max pooling is six functions, for one to three dimensions, with indices and without;
they take the same arguments. Those are written once, at the function that computes all
of them. Each variant remains a function with a name and a docstring of its own, and
type checkers, `help` and `inspect` know what it takes.
"""

import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def arguments_of(
    source: Callable[Concatenate[Any, P], Any],
) -> Callable[[Callable[..., R]], Callable[P, R]]:
    """Give a function the arguments of `source`, all but the first.

    For variants of one function, such as those for one, two and three dimensions:
    `source` takes first what they differ in, then their common arguments.

    Example:
        >>> def power(degree, x, scale=1.0):
        ...     return scale * x**degree
        >>> @arguments_of(power)
        ... def square(*args, **kwargs):
        ...     return power(2, *args, **kwargs)
        >>> square(3, scale=2.0), str(inspect.signature(square))
        (18.0, '(x, scale=1.0)')
    """
    _, *parameters = inspect.signature(source).parameters.values()

    def give(function: Callable[..., R]) -> Callable[P, R]:
        own = inspect.signature(function)
        signature = own.replace(parameters=parameters)
        function.__signature__ = signature  # type: ignore[attr-defined]
        return function

    return give
