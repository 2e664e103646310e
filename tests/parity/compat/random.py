"""Random numbers and initial values of `funcnet.compat`, draw by draw."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.report import Tally, Trial

SEEDS = (0, 1, 42, 2**31 + 5, 2**40 + 7, -3)
SIZES = (0, 1, 2, 7, 15, 16, 17, 40, 1000)
KINDS = ("float32", "float64", "float16", "bfloat16")

Draw = Callable[[Any, int, Any], Any]


def _wide(library: Any, n: int) -> Any:
    return library.arange(n, dtype=library.float64) / 10


# A draw of n numbers of a dtype; the library is torch or compat.
FLOATS: dict[str, Draw] = {
    "rand": lambda t, n, kind: t.rand(n, dtype=kind),
    "randn": lambda t, n, kind: t.randn(n, dtype=kind),
    "uniform_": lambda t, n, kind: t.empty(n, dtype=kind).uniform_(-0.3, 2.7),
    "normal_": lambda t, n, kind: t.empty(n, dtype=kind).normal_(0.3, 2.7),
    "bernoulli": lambda t, n, kind: t.bernoulli(t.rand(n, dtype=kind)),
    "bernoulli_": lambda t, n, kind: t.empty(n, dtype=kind).bernoulli_(0.3),
    "exponential_": lambda t, n, kind: t.empty(n, dtype=kind).exponential_(1.7),
    "geometric_": lambda t, n, kind: t.empty(n, dtype=kind).geometric_(0.2),
    "cauchy_": lambda t, n, kind: t.empty(n, dtype=kind).cauchy_(0.2, 1.5),
    "log_normal_": lambda t, n, kind: t.empty(n, dtype=kind).log_normal_(0.2, 0.5),
    "random_": lambda t, n, kind: t.empty(n, dtype=kind).random_(0, 200),
    "rand_like": lambda t, n, kind: t.rand_like(t.zeros(n, 3, dtype=kind).t()),
    "randn_like": lambda t, n, kind: t.randn_like(t.zeros(n, 3, dtype=kind).t()),
    "transposed": lambda t, n, kind: t.zeros(n, 3, dtype=kind).t().normal_(),
    "sliced": lambda t, n, kind: t.zeros(n, 4, dtype=kind)[:, ::2].uniform_(),
}
OTHERS: dict[str, Draw] = {
    "randint": lambda t, n, _: t.randint(-5, 12, (n,)),
    "randint wide": lambda t, n, _: t.randint(-5, 2**40, (n,)),
    "randint 28 bits": lambda t, n, _: t.randint(0, 2**28, (n,)),
    "randint float": lambda t, n, _: t.randint(0, 10, (n,), dtype=t.float32),
    "randint_like": lambda t, n, _: t.randint_like(t.zeros(n), 2, 9),
    "random_ whole": lambda t, n, _: t.empty(n, dtype=t.int64).random_(),
    "random_ bytes": lambda t, n, _: t.empty(n, dtype=t.uint8).random_(),
    "random_ bool": lambda t, n, _: t.empty(n, dtype=t.bool).random_(),
    "randperm": lambda t, n, _: t.randperm(n),
    "randn complex": lambda t, n, _: t.randn(n, dtype=t.complex64),
    "rand complex": lambda t, n, _: t.rand(n, dtype=t.complex128),
    "poisson": lambda t, n, _: t.poisson(_wide(t, n)),
    "binomial": lambda t, n, _: t.binomial(t.full((n,), 50.0), t.rand(n)),
    "normal of tensors": lambda t, n, _: t.normal(t.rand(n), t.rand(n)),
    "normal of means": lambda t, n, _: t.normal(t.rand(n), 2.0),
    "normal of sizes": lambda t, n, _: t.normal(1.0, 2.0, (n,)),
    "multinomial": lambda t, n, _: t.multinomial(t.rand(n + 3), 3),
    "multinomial of columns": lambda t, n, _: t.multinomial(t.rand(n + 3, 4).t(), 3),
    "multinomial of halves": lambda t, n, _: t.multinomial(
        t.rand(n + 3).bfloat16(), 9, True
    ),
    "rand into columns": lambda t, n, _: t.rand(3, n, out=t.zeros(n, 3).t()),
    "randn into columns": lambda t, n, _: t.randn(3, n, out=t.zeros(n, 3).t()),
    "computed columns": lambda t, n, _: (t.rand(n, 3).t() * 2).normal_(),
    "any bits": lambda t, n, _: t.zeros(n).random_(-(2**63), None),
    "multinomial one": lambda t, n, _: t.multinomial(t.rand(4, n + 1), 1),
    "multinomial again": lambda t, n, _: t.multinomial(t.rand(4, n + 1), 9, True),
}
INITIAL: dict[str, Callable[[Any, Any], Any]] = {
    name: lambda init, x, name=name: getattr(init, name)(x)
    for name in (
        *("uniform_", "normal_", "trunc_normal_", "ones_", "zeros_", "eye_", "dirac_"),
        *("xavier_uniform_", "xavier_normal_", "kaiming_uniform_", "kaiming_normal_"),
        *("orthogonal_", "xavier_uniform", "normal"),
    )
} | {
    "constant_": lambda init, x: init.constant_(x, 0.3),
    "sparse_": lambda init, x: init.sparse_(x, 0.3),
    "kaiming of relu": lambda init, x: init.kaiming_normal_(x, 0, "fan_out", "relu"),
    "kaiming of layers": lambda init, x: init.kaiming_uniform_(x, 5**0.5),
    "xavier with gain": lambda init, x: init.xavier_uniform_(x, 5 / 3),
    "truncated far out": lambda init, x: init.trunc_normal_(x, 0.0, 1.0, 2.0, 3.0),
}
SHAPES = ((4, 5), (20, 30), (8, 4, 3, 3), (5,), (0, 3))


def trials(tally: Tally) -> Iterator[Trial]:
    for name, draw in FLOATS.items():
        for kind in KINDS:
            yield Trial(name, kind, partial(_run, draw, kind))
    for name, draw in OTHERS.items():
        yield Trial(name, "all sizes", partial(_run, draw, "float32"))
    for name, fill in INITIAL.items():
        for shape in SHAPES:
            yield Trial(f"init {name}", str(shape), partial(_run_initial, fill, shape))
    yield Trial("state", "interleaved", _run_state)


def _run(draw: Draw, kind: str) -> None:
    for seed in SEEDS:
        torch.manual_seed(seed)
        compat.manual_seed(seed)
        for size in SIZES:
            wanted = draw(torch, size, getattr(torch, kind))
            result = draw(compat, size, getattr(compat, kind))
            _same(f"seed {seed}, {size} elements", result, wanted)


def _run_initial(fill: Callable[[Any, Any], Any], shape: tuple[int, ...]) -> None:
    torch.manual_seed(7)
    compat.manual_seed(7)
    start = torch.zeros(shape, requires_grad=True)
    wanted = _result_or_error(fill, torch.nn.init, start)
    mine = compat.zeros(shape, requires_grad=True)
    result = _result_or_error(fill, compat.nn.init, mine)
    if isinstance(wanted, str) or isinstance(result, str):
        assert result == wanted, f"{result}, PyTorch {wanted}"
        return
    _same("values", result.detach(), wanted.detach())
    _same("the next draw", compat.rand(3), torch.rand(3))


def _result_or_error(fill: Callable[[Any, Any], Any], init: Any, x: Any) -> Any:
    with quiet():
        try:
            return fill(init, x)
        except ValueError as error:
            return str(error)


def _run_state() -> None:
    """A state of torch continues here, bit by bit, and comes back."""
    torch.manual_seed(11)
    torch.randn(3)
    torch.rand(700)
    state = torch.get_rng_state()
    compat.set_rng_state(compat.tensor(state.numpy()))
    assert (compat.get_rng_state().numpy() == state.numpy()).all(), "another state"
    assert compat.initial_seed() == torch.initial_seed()
    _same("after the state", compat.randn(5), torch.randn(5))
    again = compat.get_rng_state().numpy()
    assert (again == torch.get_rng_state().numpy()).all(), "another state later"


def _same(what: str, found: Any, wanted: torch.Tensor) -> None:
    assert str(found.dtype) == str(wanted.dtype), f"{what}: dtype {found.dtype}"
    if wanted.dtype == torch.bfloat16:
        found, wanted = found.float(), wanted.float()
    mine, theirs = found.numpy(), wanted.numpy()
    assert mine.shape == theirs.shape, f"{what}: shape {mine.shape}, {theirs.shape}"
    close = np.isclose(mine, theirs, 1e-3 if theirs.dtype == np.float16 else 1e-6, 1e-6)
    assert np.all(close | (mine == theirs)), f"{what}: {mine[:5]} is not {theirs[:5]}"
