"""A small program that repeats becomes one function, which computes the same bits."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._engine import executor
from funcnet.compat._tiers import policy, tier
from funcnet.compat._tiers.interpret import Interpretation, own


def trained() -> list[Any]:
    """A step of a network: residuals, a gradient of each parameter, new values."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    opt = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    loss = nn.functional.cross_entropy(net(X), Y)
    loss.backward()
    opt.step()
    return [loss, *net.parameters(), *[p.grad for p in net.parameters()]]


def joined() -> list[Any]:
    """Plans that are functions, not steps, and their gradients."""
    xs = [torch.full((2,), float(i), requires_grad=True) for i in range(3)]
    out = torch.stack(xs) * torch.cat([xs[0], xs[2], xs[2]]).reshape(3, 2)
    out.sum().backward()
    return [out, *[x.grad for x in xs]]


def shared() -> list[Any]:
    """Results that are constants, inputs, views and each other's memory."""
    x = X.clone()
    y = x + 0
    values, places = torch.sort(x * 2, dim=1)
    return [x, y, torch.ones_like(x), y.T.contiguous(), values, places, values[0]]


def reused() -> list[Any]:
    """One value read by several calls, of which some could write into it."""
    y = X * 2
    z = torch.exp(y) + torch.sin(y)
    return [z * y, y.relu() - y, -z]


def twice() -> list[Any]:
    """A gradient of a gradient."""
    x = X.clone().requires_grad_()
    (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad((first * first).sum(), x)
    return [first, second]


X, Y = torch.arange(15.0).reshape(5, 3) / 7 - 1, torch.tensor([0, 1, 1, 0, 1])


@pytest.mark.parametrize("program", [trained, joined, shared, reused, twice])
def test_each_use_gives_the_same_bits(
    program: Callable[[], list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    write = Interpretation.write

    def spy(self: Interpretation) -> None:
        write(self)
        written.append(self._plan is not None)

    monkeypatch.setattr(Interpretation, "write", spy)
    runs = []
    with tier("interpret"):
        for _ in range(policy.WRITTEN + 3):
            results = program()
            executor.run_pending()
            runs.append([x.detach().numpy().copy() for x in results])
            for x in results:  # what is written into one is in no other
                x.detach().numpy()[...] = 0
    assert written
    assert all(written)
    for run in runs[1:]:
        for a, b in zip(runs[0], run, strict=True):
            assert a.tobytes() == b.tobytes()


def test_a_view_of_all_of_new_memory_is_not_copied() -> None:
    given, new = np.arange(6.0), np.arange(6.0)
    results = own(
        [given], [new.reshape(2, 3), new, given.reshape(3, 2), new.reshape(2, 3).T]
    )
    assert np.shares_memory(results[0], new)
    for i, x in enumerate(results):
        assert x.flags.c_contiguous
        assert not np.shares_memory(x, given)
        assert not any(np.shares_memory(x, other) for other in results[:i])
    (part,) = own([], [np.arange(6.0)[:3]])
    assert part.base is None  # the rest is let go


def test_an_error_names_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(inputs: Any) -> Any:
        raise MemoryError("no memory")

    with tier("interpret"):
        for _ in range(policy.WRITTEN + 2):
            y = torch.sqrt(X * X) - 1
            y.tolist()
        use = next(reversed(policy._used.programs.values()))
        assert use.interpretation is not None
        whole = use.interpretation._plan
        assert whole is not None
        monkeypatch.setattr(whole, "run", fail)
        y = torch.sqrt(X * X) - 1
        y.tolist()  # call by call
        monkeypatch.setattr(use.interpretation._planned.plans[1], "run", fail)
        y = torch.sqrt(X * X) - 1
        with pytest.raises(RuntimeError, match="sqrt cannot be computed: no memory"):
            y.tolist()
