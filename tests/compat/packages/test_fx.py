"""Graphs of modules: traced, run, changed and made code again."""

import copy
import operator
import pickle
from pathlib import Path
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import fx, nn
from funcnet.compat.fx.experimental import optimization
from funcnet.compat.fx.passes.shape_prop import ShapeProp
from funcnet.compat.fx.passes.split_module import split_module


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
    %x : typing.Any [num_users=1] = placeholder[target=x]
    %scale : float [num_users=1] = placeholder[target=scale](default=2.0)
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
    traced.graph.output_node().prev.replace_all_uses_with(new)
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


def doubled(x: Any) -> Any:
    return x + x.ndim


fx.wrap("doubled")


def test_calls_of_wrapped_functions_are_nodes() -> None:
    traced = fx.symbolic_trace(lambda x: doubled(x))
    assert 'wrap("' in traced.code
    assert [
        n.target for n in traced.graph.find_nodes(op="call_function", target=doubled)
    ]
    assert traced(torch.ones(2)).tolist() == [2, 2]
    again = fx.symbolic_trace(traced)
    assert [n.op for n in again.graph.nodes] == [
        "placeholder",
        "call_function",
        "output",
    ]


def test_values_of_arguments_are_specialized() -> None:
    traced = fx.symbolic_trace(lambda x, flag: x if flag else -x, {"flag": True})
    assert traced(torch.ones(1), True).item() == 1
    with pytest.raises(AssertionError, match="flag has been specialized"):
        traced(torch.ones(1), False)
    tree = fx.symbolic_trace(lambda d: {"out": d["a"] * 2}, {"d": {"a": fx.PH}})
    assert tree({"a": torch.ones(1)})["out"].item() == 2


def test_modules_of_graphs_are_copied_pickled_and_saved(tmp_path: Path) -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    traced, x = fx.symbolic_trace(net), torch.ones(1, 2)
    torch.save(traced, tmp_path / "traced.pt")
    with pytest.warns(UserWarning, match="weights_only"):
        loaded = torch.load(tmp_path / "traced.pt", weights_only=False)
    for other in (copy.deepcopy(traced), pickle.loads(pickle.dumps(traced)), loaded):
        assert other.code == traced.code
        assert other(x).tolist() == net(x).tolist()
        assert other.get_submodule("0") is not traced.get_submodule("0")


def test_shapes_are_noted_and_graphs_split() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1)).eval()
    traced = fx.symbolic_trace(net)
    ShapeProp(traced).propagate(torch.ones(4, 2))
    shapes = [tuple(n.meta["tensor_meta"].shape) for n in traced.graph.nodes]
    assert shapes == [(4, 2), (4, 3), (4, 3), (4, 1), (4, 1)]
    parts = split_module(traced, net, lambda node: int(node.target) // 2)
    assert [name for name, _ in parts.named_children()] == ["submod_0", "submod_1"]
    assert parts(torch.ones(4, 2)).tolist() == net(torch.ones(4, 2)).tolist()
    with pytest.raises(RuntimeError, match="cycle"):
        split_module(traced, net, lambda node: int(node.target) % 2)


def test_batch_norms_are_folded() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.Dropout(0.5))
    net(torch.rand(2, 1, 3, 3))
    net.eval()
    fused, x = optimization.fuse(net), torch.rand(1, 1, 2, 2)
    assert [n.op for n in fused.graph.nodes].count("call_module") == 2
    torch.testing.assert_close(fused(x), net(x))
    assert "1.weight" not in fused.state_dict()
    plain = optimization.remove_dropout(nn.Sequential(nn.Dropout(0.5)))
    assert [n.op for n in plain.graph.nodes] == ["placeholder", "output"]


def test_arguments_of_nodes_are_not_changed_in_place() -> None:
    graph = fx.symbolic_trace(lambda x: torch.cat([x, x])).graph
    with pytest.raises(TypeError, match="does not support mutation"):
        graph.find_nodes(op="call_function", target=torch.cat)[0].args[0][0] = 1


def test_functional_calls_are_recorded_with_their_settings() -> None:
    code = fx.symbolic_trace(lambda x: nn.functional.relu(x)).code
    assert "torch.nn.functional.relu(x, inplace = False)" in code


def test_functions_compute_at_once_after_tracing() -> None:
    fx.symbolic_trace(lambda x: torch.sin(x))
    assert torch.sin(torch.tensor(0.0)).item() == 0
    assert nn.Linear(1, 1)(torch.ones(1, 1)).shape == (1, 1)
