"""How an entry of `op_db` is called on `funcnet.compat`."""

import operator
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from types import FunctionType
from typing import Any

import numpy as np
import torch

from funcnet import compat

Function = Callable[..., Any]

_DRAWING = """
rrelu fractional_max_pool2d fractional_max_pool3d dropout dropout2d dropout3d
alpha_dropout feature_alpha_dropout multi_head_attention_forward
scaled_dot_product_attention
"""
DRAWS = frozenset(f"nn.functional.{name}" for name in _DRAWING.split())
"""Entries that may draw inside the compiled step, with keys of JAX."""

PROCESSED = frozenset(
    ("linalg.eigh", "linalg.eig", "linalg.svd", "svd", "svd_lowrank", "pca_lowrank")
)
"""Entries whose results are determined up to signs; their samples say up to what."""


def counterpart(theirs: Any, named: Callable[[], Function]) -> Function:
    """What of compat does what this of torch does; `named` finds it by its name.

    Many entries are a line of Python around torch's functions: such a line runs with
    compat in torch's place.
    """
    if isinstance(theirs, partial):
        function = getattr(compat.nn.functional, theirs.func.__name__)
        return partial(function, *theirs.args, **theirs.keywords)
    if isinstance(theirs, FunctionType) and theirs.__module__.startswith("torch.test"):
        names = {**theirs.__globals__, "torch": compat, "wrapper_set_seed": _seeded}
        name, ends = theirs.__name__, (theirs.__defaults__, theirs.__closure__)
        return FunctionType(theirs.__code__, names, name, *ends)
    if isinstance(theirs, torch._ops.OpOverload | torch._ops.OpOverloadPacket):
        return operator.attrgetter(str(theirs))(compat.ops)
    return named()


def _seeded(function: Function, *args: Any, **kwargs: Any) -> Any:
    """In place of the function of torch's that draws from a seed of its own."""
    compat.manual_seed(_seed[0])
    return function(*args, **kwargs)


_seed = [42]


def of_torch(function: Any) -> Any:
    """A function or module of torch, given as an argument, as one of compat."""
    if isinstance(function, torch.nn.LinearCrossEntropyOptions):
        return compat.nn.functional.LinearCrossEntropyOptions(**asdict(function))
    if isinstance(function, torch.nn.Module):
        return getattr(compat.nn, type(function).__name__)()
    name = getattr(function, "__name__", "")
    return getattr(compat.nn.functional, name, function)


def is_drawn(function: Function, arguments: Any) -> bool:
    """Tell whether another seed gives another result."""
    found = []
    first, args, kwargs = arguments
    for seed in range(1, 6):
        _seed[0] = seed
        result = _seeded(function, first.detach().clone(), *args, **kwargs)
        result = result[0] if isinstance(result, tuple) else result
        found.append(result.detach().numpy())
    _seed[0] = 42
    return any(not np.array_equal(found[0], x, equal_nan=True) for x in found)
