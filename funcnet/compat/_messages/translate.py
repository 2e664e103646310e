"""Errors of the functions and layers of `funcnet` in PyTorch's words.

A native check says by a code which mistake it found, and gives the facts; `words` has
PyTorch's exception and message for each code. The engine translates what an operation
raises when it is called with new shapes or settings, a module what its description
raises when it is made. What the native function says is kept as a note.
"""

import re
from typing import Any

import numpy as np

from funcnet._errors import InputTypeError, LocatedError
from funcnet.compat._core.dtype import BY_NUMPY
from funcnet.compat._messages.words import WORDS


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
        return otherwise(str(error))
    exception, template = words
    told = exception(template.format(**facts))
    told.add_note(str(error))
    return told


def _shown(fact: Any) -> Any:
    """A fact as PyTorch prints it: shapes as lists, dtypes as its own."""
    if isinstance(fact, tuple):
        return [_shown(item) for item in fact]
    if isinstance(fact, dict):
        return {name: _shown(item) for name, item in fact.items()}
    return BY_NUMPY.get(fact, fact) if isinstance(fact, np.dtype) else fact
