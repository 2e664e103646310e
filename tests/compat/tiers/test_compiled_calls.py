"""`torch.compile` means that what is new is compiled at once."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._engine import executor


def ran(work: Callable[[], object]) -> tuple[int, int]:
    """How many uses of programs were interpreted, and how many compiled."""
    with torch.compiler.report() as report:
        work()
    return report.interpreted, report.compiled


def step(model: Any, opt: Any) -> None:
    opt.zero_grad()
    model(torch.ones(4, 3)).square().mean().backward()
    opt.step()


@pytest.mark.parametrize(
    "compiled",
    [
        lambda model: torch.compile(model),
        lambda model: torch.compile()(model),
        lambda model: (model.compile(), model)[1],
        lambda model: torch.compile(lambda x: model(x)),
        lambda model: copy.deepcopy(torch.compile(model)),
        lambda model: pickle.loads(pickle.dumps(torch.compile(model))),
    ],
)
def test_a_step_with_a_compiled_model_is_compiled_at_once(compiled: Any) -> None:
    net = nn.Linear(3, 2)
    model = compiled(net)
    net = model if isinstance(model, nn.Module) else net
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    executor.run_pending()
    assert ran(lambda: step(model, opt)) == (0, 1)
    assert ran(lambda: step(model, opt)) == (0, 1)


def test_gradients_of_what_was_run_before_are_compiled_too() -> None:
    net = torch.compile(nn.Linear(3, 2))
    loss = net(torch.ones(4, 3)).square().mean()
    assert ran(loss.item) == (0, 1)
    loss.backward()
    assert ran(net.weight.grad.tolist) == (0, 1)


def test_what_runs_inside_of_a_compiled_call_is_compiled() -> None:
    @torch.compile
    def function(x: Any) -> Any:
        return x * 2 if (x.sum() > 0).item() else x

    assert ran(lambda: function(torch.ones(3))) == (0, 1)


def test_other_programs_are_interpreted() -> None:
    torch.compile(nn.Linear(3, 2))(torch.ones(3)).tolist()
    assert ran(lambda: (torch.ones(3) * 2).tolist()) == (1, 0)


def test_a_program_that_was_interpreted_is_compiled_when_it_is_called_so() -> None:
    net = nn.Linear(3, 2)
    x = torch.ones(3)
    executor.run_pending()
    assert ran(lambda: net(x).tolist()) == (1, 0)
    net = torch.compile(net)
    assert ran(lambda: net(x).tolist()) == (0, 1)


def test_the_tier_that_compiles_nothing_does_not() -> None:
    net = torch.compile(nn.Linear(3, 2))
    with torch.compiler.tier("interpret"):
        assert ran(lambda: net(torch.ones(3)).tolist()) == (1, 0)


def test_a_compiled_model_stands_around_the_model() -> None:
    net = nn.Linear(3, 2)
    model = torch.compile(net)
    assert model._orig_mod is net
    assert list(model.state_dict()) == ["_orig_mod.weight", "_orig_mod.bias"]
    assert model.in_features == 3
    model.note = "told"
    assert net.note == "told"
    assert not model.eval().training
    assert not net.training
    with pytest.raises(AttributeError, match="'Linear' object has no attribute"):
        model.nothing  # noqa: B018
    assert torch.compile(nn.Linear) is nn.Linear
