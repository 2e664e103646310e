"""Graphs of modules: traced, run, changed and made code again."""

import copy
import operator
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import fx, nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.rest = nn.Sequential(nn.ReLU(), nn.Linear(4, 2))
        self.w = nn.Parameter(torch.ones(2))

    def forward(self, x: Any, scale: float = 2.0) -> Any:
        y = self.rest(self.a(x)) * scale
        first, second = torch.relu(y + self.w).chunk(2, -1)
        return {"out": torch.cat([first, second], dim=-1), "sum": y.sum(-1)[:1]}


GRAPH = """graph():
    %x : [num_users=1] = placeholder[target=x]
    %scale : [num_users=1] = placeholder[target=scale](default=2.0)
    %a : [num_users=1] = call_module[target=a](args = (%x,), kwargs = {})
    %rest_0 : [num_users=1] = call_module[target=rest.0](args = (%a,), kwargs = {})
    %rest_1 : [num_users=1] = call_module[target=rest.1](args = (%rest_0,), kwargs = {})
    %mul : [num_users=2] = call_function[target=operator.mul](args = (%rest_1, %scale), kwargs = {})
    %w : [num_users=1] = get_attr[target=w]"""  # noqa: E501


def test_a_module_is_traced_to_a_graph_that_computes_the_same() -> None:
    torch.manual_seed(0)
    net, x = Net(), torch.rand(2, 3)
    traced = fx.symbolic_trace(net)
    traced.graph.lint()
    assert "\n".join(str(traced.graph).splitlines()[:8]) == GRAPH
    wanted = net(x)
    for run in (traced, copy.deepcopy(traced), fx.Interpreter(traced).run):
        result = run(x)
        assert result["out"].tolist() == wanted["out"].tolist()
        assert result["sum"].tolist() == wanted["sum"].tolist()
    assert 'rest_0 = getattr(self.rest, "0")(a);  a = None' in traced.code
    assert list(traced.state_dict()) == list(net.state_dict())
    traced(x)["out"].sum().backward()
    assert net.w.grad is not None


def test_a_graph_is_changed_and_compiled_again() -> None:
    traced = fx.symbolic_trace(lambda x: torch.sin(x) * 2 + 1)
    for node in traced.graph.nodes:
        if node.target is operator.mul:
            with traced.graph.inserting_after(node):
                new = traced.graph.call_function(torch.neg, (node,))
                node.replace_all_uses_with(new)
                new.args = (node,)
    traced.recompile()
    assert traced(torch.tensor(0.5)).item() == pytest.approx(1 - 2 * 0.4794255, 1e-4)
    with pytest.raises(RuntimeError, match="still had 1 users"):
        traced.graph.erase_node(new)
    traced.graph.nodes[-2].replace_all_uses_with(new)
    assert traced.graph.eliminate_dead_code()
    assert [n.name for n in traced.graph.nodes] == ["x", "sin", "mul", "neg", "output"]


def test_patterns_are_replaced() -> None:
    traced = fx.symbolic_trace(lambda x: torch.sigmoid(x) * x + torch.sigmoid(x))
    result = fx.replace_pattern(
        traced, lambda x: torch.sigmoid(x) * x, lambda x: nn.functional.silu(x)
    )
    assert len(result) == 1
    assert "silu" in traced.code
    x = torch.tensor(0.3)
    wanted = (torch.sigmoid(x) * (x + 1)).item()
    assert traced(x).item() == pytest.approx(wanted, 1e-5)


def test_transformers_make_other_graphs() -> None:
    class Cosines(fx.Transformer):
        def call_function(self, target: Any, args: Any, kwargs: Any) -> Any:
            other = torch.cos if target is torch.sin else target
            return super().call_function(other, args, kwargs)

    changed = Cosines(fx.symbolic_trace(lambda x: torch.sin(x))).transform()
    assert changed(torch.tensor(0.0)).item() == 1


@pytest.mark.parametrize(
    ("function", "kind", "words"),
    [
        (lambda x: x if x.sum() > 0 else -x, fx.proxy.TraceError, "control flow"),
        (lambda x: list(x), fx.proxy.TraceError, "cannot be iterated"),
        (lambda x: len(x), RuntimeError, "'len' is not supported"),
    ],
)
def test_what_depends_on_values_is_refused(
    function: Any, kind: Any, words: str
) -> None:
    with pytest.raises(kind, match=words):
        fx.symbolic_trace(function)


def test_functions_compute_at_once_after_tracing() -> None:
    fx.symbolic_trace(lambda x: torch.sin(x))
    assert torch.sin(torch.tensor(0.0)).item() == 0
    assert nn.Linear(1, 1)(torch.ones(1, 1)).shape == (1, 1)
