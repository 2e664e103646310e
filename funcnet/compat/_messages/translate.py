"""Errors of the functions and layers of `funcnet` in PyTorch's words.

A native check says by a code which mistake it found, and gives the facts; `words` has
PyTorch's exception and message for each code. The engine translates what an operation
raises when it is called with new shapes or settings, a module what its description
raises when it is made. What the native function says is kept as a note.
"""

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, TypeVar

import numpy as np

from funcnet._errors import InputError, InputTypeError, LocatedError
from funcnet.compat._core.dtype import BY_NUMPY
from funcnet.compat._messages.words import WORDS

P = ParamSpec("P")
T = TypeVar("T")


def user_error(
    error: Exception,
    op: str,
    run: Callable[..., Any] | None = None,
    args: Sequence[Any] = (),
) -> Exception:
    """Return what a user is told of an error that an operation raised in tracing.

    That of a native check becomes PyTorch's; what JAX says about its own frames is
    dropped from the others.

    Args:
        error: what was raised.
        op: the name of the operation.
        run: its function, and
        args: its arguments, of which one may be None in place of a tensor.
    """
    if isinstance(error, InputError | InputTypeError):
        return to_pytorch_error(error, op)
    if isinstance(error, AttributeError) and error.obj is None:
        name = op.rpartition(".")[2]
        return TypeError(f"{name}(): {_absent(run, args)} must be Tensor, not NoneType")
    error.__dict__["__notes__"] = [*error.__dict__.get("_native_words", ())]
    return error


def _absent(run: Callable[..., Any] | None, args: Sequence[Any]) -> str:
    """The argument that is None and may not be, by name and position if it is known."""
    if run is None or isinstance(run, functools.partial):  # of a layer, with groups
        return "an argument"
    pairs = zip(inspect.signature(run).parameters.values(), args, strict=False)
    for position, (parameter, value) in enumerate(pairs, 1):
        if value is None and parameter.default is parameter.empty:
            return f"argument '{parameter.name}' (position {position})"
    return "an argument"


def to_pytorch_error(
    error: LocatedError, op: str = "", otherwise: type[Exception] = RuntimeError
) -> Exception:
    """Return the exception that PyTorch raises for the same mistake.

    Args:
        error: what a native function raised.
        op: the operation that was called, such as "nn.functional.conv2d".
        otherwise: the exception if PyTorch has no words for the mistake; where it is an
            `InputTypeError`, it is a TypeError.
    """
    facts = {name: _shown(fact) for name, fact in error.facts.items()}
    facts["op"] = op.rpartition(".")[2]
    family = re.sub(r"(\dd)?(_with_indices)?$", "", facts.get("name", ""))
    words = WORDS.get(f"{family}/{error.code}") or WORDS.get(error.code)
    if callable(words):
        words = words(facts)
    if words is None:
        otherwise = TypeError if isinstance(error, InputTypeError) else otherwise
        words = otherwise, "{text}"
        facts["text"] = str(error)
    exception, template = words
    told = exception(template.format(**facts))
    told.__dict__["_code"] = error.code
    if isinstance(told, LocatedError):
        told.path = error.path
    if "text" in facts:  # what the native function says is part of it
        return told
    told.__dict__["_native_words"] = (str(error),)  # which notes of JAX do not bury
    told.add_note(str(error))
    return told


def refusal(code: str, **facts: Any) -> Exception:
    """Return PyTorch's exception for what compat finds where a native check cannot.

    Such as labels out of range, which are not known while an operation is traced.
    """
    return to_pytorch_error(InputError(code, **facts))


def translated(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function that calls native ones outside of operations raise PyTorch's."""

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except (InputError, InputTypeError) as error:
            raise to_pytorch_error(error, otherwise=ValueError) from None

    return call


def code_of(error: Exception) -> str:
    """The code of the native error that was translated into this one; "" if none."""
    return str(error.__dict__.get("_code", ""))


def _shown(fact: Any) -> Any:
    """A fact as PyTorch prints it: shapes as lists, dtypes as its own."""
    if isinstance(fact, tuple):
        return [_shown(item) for item in fact]
    if isinstance(fact, dict):
        return {name: _shown(item) for name, item in fact.items()}
    return BY_NUMPY.get(fact, fact) if isinstance(fact, np.dtype) else fact
