"""`cat` and `stack` of any number of tensors are not traced, and give the same."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._engine import executor
from funcnet.compat._ops.shape.joining import _CAT, _STACK
from funcnet.compat._tiers import tier


@pytest.fixture(autouse=True)
def nothing_is_pending() -> Iterator[None]:
    executor.run_pending()
    yield
    executor.run_pending()


def joined(name: str, dim: int, shapes: Any, dtype: torch.dtype) -> list[Any]:
    """The result and the gradients of all but the last tensor."""
    xs = [torch.arange(3.0 ** len(shape)).to(dtype).reshape(shape) for shape in shapes]
    if not dtype.is_floating_point and not dtype.is_complex:
        return [getattr(torch, name)([x + 1 for x in xs], dim).tolist()]
    for x in xs[:-1]:
        x.requires_grad_(True)
    out = getattr(torch, name)([x * (i + 2) for i, x in enumerate(xs)], dim)
    if xs[0].requires_grad:
        (out * out.conj()).abs().sum().backward()
    return [out.tolist(), *[x.grad.tolist() for x in xs[:-1]]]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int64])
@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize(
    ("name", "dim", "shape"),
    [
        ("cat", 0, (3,)),
        ("cat", 1, (3, 3)),
        ("cat", -1, (3, 3)),
        ("stack", 0, ()),
        ("stack", 0, (3,)),
        ("stack", 1, (3,)),
        ("stack", -2, (3, 3)),
    ],
)
def test_it_equals_the_compiled_program(
    name: str, dim: int, shape: tuple[int, ...], count: int, dtype: torch.dtype
) -> None:
    results = []
    for one in ("interpret", "compile"):
        with tier(one):  # type: ignore[arg-type]
            results.append(joined(name, dim, [shape] * count, dtype))
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("name", "shape"), [("cat", (1,)), ("cat", (2, 1)), ("stack", (2,))]
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_many_are_joined_in_parts(name: str, shape: Any, dtype: torch.dtype) -> None:
    """XLA takes a minute to compile a concatenation of 512 arrays."""
    count = 300
    xs = [torch.full(shape, 1.0 + i).to(dtype).numpy() for i in range(count)]
    op = _CAT if name == "cat" else _STACK
    dim = len(shape) - 1

    def join(xs: Any) -> Any:
        return op.run(xs, dim)

    equations = jax.make_jaxpr(join)(xs).jaxpr.eqns
    joining = [one for one in equations if one.primitive.name == "concatenate"]
    assert max(len(one.invars) for one in joining) <= 128
    together = np.concatenate if name == "cat" else np.stack
    np.testing.assert_array_equal(jax.jit(join)(xs), together(xs, dim))
    if dtype is torch.float32:
        out = together(xs, dim)
        _, pullback = jax.vjp(join, xs)
        (gradients,) = pullback(jnp.asarray(out))
        for x, gradient in zip(xs, gradients, strict=True):
            np.testing.assert_array_equal(gradient, x)
        batched = jax.vmap(join)([np.stack([x, x + 1]) for x in xs])
        np.testing.assert_array_equal(batched, np.stack([out, out + 1]))


def ragged() -> list[torch.Tensor]:
    return [torch.ones(2, 3), torch.zeros(1, 3), torch.full((4, 3), 2.0)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.cat(ragged()),
        lambda: torch.cat([*ragged(), torch.zeros(0)]),
        lambda: torch.cat([torch.ones(2), torch.ones(3, dtype=torch.int64)]),
        lambda: torch.cat([torch.ones(2).half(), torch.ones(3)]),
        lambda: torch.stack([torch.ones(2), torch.ones(2, dtype=torch.int64)]),
        lambda: torch.func.vmap(lambda x: torch.cat([x, x]))(torch.ones(2, 3)),
        lambda: torch.func.jacrev(lambda x: torch.stack([x, x * x]))(torch.ones(2)),
        lambda: torch.func.hessian(lambda x: (torch.cat([x, x**2]) ** 2).sum())(
            torch.arange(3.0)
        ),
    ],
)
def test_other_inputs(make: Callable[[], torch.Tensor]) -> None:
    results = []
    for one in ("interpret", "compile"):
        with tier(one):  # type: ignore[arg-type]
            result = make()
            results.append((result.dtype, result.shape, result.tolist()))
    assert results[0] == results[1]


def test_a_gradient_that_runs_by_itself() -> None:
    with tier("interpret"):
        xs = [torch.full((2,), float(i), requires_grad=True) for i in range(3)]
        out = torch.stack(xs)
        assert out.tolist() == [[0, 0], [1, 1], [2, 2]]
        (out * torch.arange(6.0).reshape(3, 2)).sum().backward()
        assert [x.grad.tolist() for x in xs] == [[0, 1], [2, 3], [4, 5]]


def test_another_number_of_tensors_traces_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tier("interpret"):
        joined("stack", 0, [(3,)] * 3, torch.float32)
        traced: list[Any] = []
        original = jax.make_jaxpr

        def make_jaxpr(function: Any, *args: Any, **kwargs: Any) -> Any:
            traced.append(function)
            return original(function, *args, **kwargs)

        monkeypatch.setattr(jax, "make_jaxpr", make_jaxpr)
        xs = [torch.ones(3, requires_grad=True) for _ in range(17)]
        torch.stack(xs).sum(0).tolist()
        torch.cat(xs[:11]).tolist()
    assert len(traced) <= 1  # the sum of another shape
