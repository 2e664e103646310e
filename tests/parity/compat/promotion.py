"""Two operands of all types: tensors with and without dimensions, and numbers."""

import itertools
import operator
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import torch

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.report import Tally, Trial

KINDS = (
    *("bool", "uint8", "int8", "int32", "int64"),
    *("float16", "bfloat16", "float32", "float64"),
    *("complex32", "complex64", "complex128"),
)
NUMBERS = (True, 3, 2.5, 1.5 + 2j)
# To these PyTorch rounds in between, too.
COARSE = {"float16": 2e-3, "bfloat16": 2e-2, "complex32": 4e-3}

Run: TypeAlias = Callable[[Any, Any, Any], Any]
OPERATORS = (
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lt", "eq"),
    *("and_", "or_", "xor", "lshift", "iadd", "isub", "imul", "itruediv"),
    *("ifloordiv", "ipow", "iand"),
)
BOTH: dict[str, Run] = {
    "where": lambda torch, x, y: torch.where(torch.tensor([True, False]), x, y),
    "maximum": lambda torch, x, y: torch.maximum(x, y),
    "result_type": lambda torch, x, y: str(torch.result_type(x, y)),
    "cat": lambda torch, x, y: torch.cat([x, y]),
    "stack": lambda torch, x, y: torch.stack([x, y]),
    "clamp": lambda torch, x, y: torch.clamp(x, min=y),
    "copy_": lambda torch, x, y: x.copy_(y),
    "fill_": lambda torch, x, y: x.fill_(y),
    "setitem": lambda torch, x, y: (x.__setitem__(slice(0, 1), y), x)[1],
    "dot": lambda torch, x, y: torch.dot(x, y),
    "add alpha": lambda torch, x, y: torch.add(x, y, alpha=2),
    "addcmul": lambda torch, x, y: torch.addcmul(x, x, x, value=y),
    "lerp": lambda torch, x, y: torch.lerp(x, x + x, y),
    "mse_loss": lambda torch, x, y: torch.nn.functional.mse_loss(x, y),
    "atan2": lambda torch, x, y: torch.atan2(x, y),
    "full_like": lambda torch, x, y: torch.full_like(x, y),
    "isin": lambda torch, x, y: torch.isin(x, y),
}


def trials(tally: Tally) -> Iterator[Trial]:
    tensors = list(itertools.product(KINDS, (0, 1)))
    pairs = [
        *itertools.product(tensors, [*tensors, *NUMBERS]),
        *itertools.product(NUMBERS, tensors),
    ]
    for name in OPERATORS:
        run = partial(_operate, getattr(operator, name))
        yield from _each(tally, name, run, pairs)
    for name, run in BOTH.items():
        yield from _each(tally, name, run, pairs)


def _each(tally: Tally, name: str, run: Run, pairs: Sequence[Any]) -> Iterator[Trial]:
    """The pairs that PyTorch gives an answer for; it often lacks a kernel."""
    refused = 0
    for first, second in pairs:
        with quiet():
            try:
                wanted = run(torch, _made(torch, first), _made(torch, second))
            except Exception:
                refused += 1
                continue
        compare = partial(_compare, run, first, second, wanted)
        yield Trial(name, f"{first} {second}", compare)
    tally.excluded[name] = f"{refused} pairs without an answer"


def _operate(run: Callable[[Any, Any], Any], library: Any, x: Any, y: Any) -> Any:
    del library
    return run(x, y)


def _compare(run: Run, first: Any, second: Any, wanted: Any) -> None:
    with quiet():
        result = run(compat, _made(compat, first), _made(compat, second))
    if not isinstance(wanted, torch.Tensor):
        assert result == wanted, f"{result}, PyTorch {wanted}"
        return
    assert isinstance(result, compat.Tensor), f"{result}, PyTorch {wanted}"
    assert str(result.dtype) == str(wanted.dtype), f"{result.dtype}, not {wanted.dtype}"
    assert result.shape == wanted.shape
    kinds = f"{wanted.dtype} {first} {second}"
    coarse = max([1e-5, *(COARSE[kind] for kind in COARSE if kind in kinds)])
    wide = "complex128" if wanted.dtype.is_complex else "float64"
    ours, theirs = (
        x.to(getattr(library, wide)).numpy()
        for library, x in ((compat, result), (torch, wanted))
    )
    np.testing.assert_allclose(ours, theirs, coarse, 1e-6)


def _made(library: Any, one: Any) -> Any:
    """A tensor of a type, without dimensions or with one; or a Python number."""
    if not isinstance(one, tuple):
        return one
    kind, dims = one
    numbers = [1, 0] if kind == "bool" else [3, 2]
    result = library.tensor(numbers, dtype=getattr(library, kind))
    return result if dims else result[0].clone()
