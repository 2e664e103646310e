"""Values, first and second derivatives at awkward points, laid side by side.

Points are finite and infinite, ties, ends of domains, and the least numbers that XLA
does not take for 0: it flushes those below. Not compared are

- second derivatives where PyTorch's is NaN, and of infinite operands and NaN;
- first derivatives with respect to a NaN, or of a value that is NaN already, as long
  as ours is not the worse: infinite or NaN where PyTorch's is finite.

The sign of zeros and of NaN does not count.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch

from funcnet import compat
from funcnet import functional as F
from tests.parity.bridge import quiet
from tests.parity.report import Tally, Trial

INF, NAN = float("inf"), float("nan")
KINDS = ("float32", "float64")
RTOL, ATOL = {"float32": 1e-3, "float64": 1e-6}, {"float32": 1e-6, "float64": 1e-10}


@dataclass(frozen=True)
class Edge:
    """A function of operands, which takes them after the library: torch or ours.

    `points` makes the operands of a dtype; `order` is that of the last derivative that
    is compared.
    """

    name: str
    run: Callable[..., Any]
    points: Callable[[str], list[np.ndarray]]
    order: int = 2


@dataclass(frozen=True)
class Left:
    """What is not compared: quantities whose names match, where a condition holds.

    `where` takes the operands; without it the quantity is left out altogether.
    """

    what: str
    why: str
    where: Callable[..., Any] | None = None


def trials(
    tally: Tally,
    edges: list[Edge],
    left: dict[str, tuple[Left, ...]],
    ours: Callable[..., dict[str, np.ndarray]],
) -> Iterator[Trial]:
    for edge in edges:
        leaving = left.get(edge.name.removeprefix("nn.functional."), ())
        for one in leaving:
            tally.excluded[f"{edge.name}, {one.what}"] = one.why
        for kind in KINDS:
            yield Trial(edge.name, kind, partial(_run, edge, kind, leaving, ours))


def _run(
    edge: Edge,
    kind: str,
    leaving: tuple[Left, ...],
    ours: Callable[..., dict[str, np.ndarray]],
) -> None:
    operands = edge.points(kind)
    with quiet():
        wanted = of_torch(edge.run, operands, edge.order)
        result = ours(edge.run, operands, edge.order)
    problems = []
    for what, value in wanted.items():
        assert what in result, f"{what} is missing"
        given = result[what]
        assert given.shape == value.shape, f"{what}: {given.shape}, not {value.shape}"
        bad = ~_alike(what, value, given, wanted["value"], operands, kind)
        for one in leaving:
            if what.startswith(one.what):
                everywhere = np.ones(value.shape, bool)
                bad &= ~(everywhere if one.where is None else one.where(*operands))
        problems += [
            f"{what} at {_place(place, value, operands)}: {given[tuple(place)]:.4g}, "
            f"PyTorch {value[tuple(place)]:.4g}"
            for place in np.argwhere(bad)
        ]
    assert not problems, f"{len(problems)} differ: {'; '.join(problems[:4])}"


def _place(place: Any, value: np.ndarray, operands: list[np.ndarray]) -> str:
    if operands[0].ndim == 2:
        return f"{operands[0][place[0]].tolist()}{place[1:].tolist()}"
    if operands[0].shape == value.shape:
        return str(tuple(float(f"{x[tuple(place)]:.3g}") for x in operands))
    return str(place.tolist())


def _alike(
    what: str,
    wanted: np.ndarray,
    found: np.ndarray,
    value: np.ndarray,
    operands: list[np.ndarray],
    kind: str,
) -> np.ndarray:
    with np.errstate(all="ignore"):
        alike = np.isclose(found, wanted, RTOL[kind], ATOL[kind], equal_nan=True)
    order = {"v": 0, "1": 1, "2": 2}[what[0]]
    if not order:
        return alike
    same = [x for x in operands if x.shape == wanted.shape]
    holes = sum((np.isnan(x) for x in same), np.zeros(wanted.shape, bool))
    if order == 2:
        ends = sum((~np.isfinite(x) for x in same), np.zeros(wanted.shape, bool))
        return alike | ends | np.isnan(wanted)
    worse = np.isfinite(wanted) & ~np.isfinite(found)
    if value.shape == wanted.shape:
        holes |= np.isnan(value)
    return alike | (holes & ~worse)


def of_torch(run: Any, operands: list[np.ndarray], order: int) -> dict[str, np.ndarray]:
    try:
        return _recorded(torch, run, operands, order)
    except RuntimeError as error:  # of which NotImplementedError is one
        if order and re.search("not (implemented|differentiable)", str(error)):
            return of_torch(run, operands, order - 1)
        raise


def of_compat(
    run: Any, operands: list[np.ndarray], order: int
) -> dict[str, np.ndarray]:
    return _recorded(compat, run, operands, order)


def _recorded(
    lib: Any, run: Any, operands: list[np.ndarray], order: int
) -> dict[str, np.ndarray]:
    leaves = [lib.tensor(x).requires_grad_() for x in operands]
    result = run(lib, *leaves)
    parts = list(result) if isinstance(result, tuple) else [result]
    found = {"value": parts[0]}
    found |= {f"value {i}": part for i, part in enumerate(parts[1:], 1)}
    smooth = [part for part in parts if part.requires_grad]
    for degree in range(1, order + 1):
        grads = [None] * len(leaves)
        if smooth:
            grads = lib.autograd.grad(
                smooth,
                leaves,
                [lib.ones_like(y) for y in smooth],
                create_graph=degree < order,
                allow_unused=True,
            )
        for i, (grad, leaf) in enumerate(zip(grads, leaves, strict=True)):
            found[f"{degree}{'abc'[i]}"] = (
                lib.zeros_like(leaf) if grad is None else grad
            )
        smooth = [grad for grad in grads if grad is not None and grad.requires_grad]
    return {what: _numbers(x) for what, x in found.items()}


def _numbers(x: Any) -> np.ndarray:
    x = x.detach()
    if isinstance(x, torch.Tensor) and x._is_zerotensor():
        x = torch.zeros(x.shape, dtype=x.dtype)
    return np.asarray(x.numpy())


NATIVE = SimpleNamespace(
    nn=SimpleNamespace(functional=F),
    tensor=lambda x, dtype=None: jnp.asarray(x, dtype),
    stack=jnp.stack,
)
"""What the native layer has of torch, for functions that ask for no more."""


def of_native(
    run: Any, operands: list[np.ndarray], order: int
) -> dict[str, np.ndarray]:
    with warnings.catch_warnings(), jax.enable_x64(operands[0].dtype == np.float64):
        warnings.simplefilter("ignore")
        leaves = [jnp.asarray(x) for x in operands]

        def computed(*leaves: Any) -> Any:
            return run(NATIVE, *leaves)

        def derivative(f: Any) -> Any:
            def total(*leaves: Any) -> Any:
                y = f(*leaves)
                return sum(jnp.sum(part) for part in jax.tree.leaves(y))

            return jax.grad(total, tuple(range(len(leaves))))

        result = {"value": np.asarray(computed(*leaves))}
        f = computed
        for degree in range(1, order + 1):
            f = derivative(f)
            for i, grad in enumerate(jax.jit(f)(*leaves)):
                result[f"{degree}{'abc'[i]}"] = np.asarray(grad)
        return result
