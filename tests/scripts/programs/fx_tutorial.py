"""torch.fx: graphs of modules, printed, changed, matched and made code again."""

import operator

import torch
import torch.fx as fx
import torch.nn as nn
from torch.fx import Proxy, Tracer, replace_pattern, symbolic_trace


class MyModule(nn.Module):
    def __init__(self):
        super().__init__()
        self.param = nn.Parameter(torch.rand(3, 4))
        self.linear = nn.Linear(4, 5)

    def forward(self, x):
        return self.linear(x + self.param).clamp(min=0.0, max=1.0)


class M(nn.Module):
    def forward(self, x, w1, w2):
        val1 = torch.neg(w1)
        m1 = torch.cat([val1, w2]).sum()
        val2 = torch.neg(w1)
        m2 = torch.cat([val2, w2]).sum()
        return x + torch.max(m1) + torch.max(m2)


def transform(m, tracer_class=Tracer):
    """Every addition becomes a product."""
    graph = tracer_class().trace(m)
    for node in graph.nodes:
        if node.op == "call_function" and node.target == operator.add:
            node.target = torch.mul
    graph.lint()
    return fx.GraphModule(m, graph)


class DecomposeTransformer(fx.Transformer):
    def call_function(self, target, args, kwargs):
        if target is torch.relu:
            return args[0] * (args[0] > 0)
        return super().call_function(target, args, kwargs)

    def call_module(self, target, args, kwargs):
        return super().call_module(target, args, kwargs).neg().neg()


@fx.wrap
def scaled(x, by):
    assert not isinstance(x, Proxy)
    return x * by


torch.manual_seed(0)
module = MyModule()
traced = symbolic_trace(module)
print(traced.graph)
print(traced)
x = torch.rand(3, 4)
assert torch.equal(traced(x), module(x))
for n in traced.graph.nodes:
    print(f"{n.name} = {n.op} target={n.target} args={n.args} users={len(n.users)}")
print("product", round(transform(module)(x).sum().item(), 4))

traced = symbolic_trace(lambda a, b: torch.tanh(a) - torch.tanh(b) * 2)
for n in traced.graph.nodes:
    if n.target is torch.tanh:
        with traced.graph.inserting_after(n):
            new_node = traced.graph.call_function(torch.relu, args=(n,))
            n.replace_all_uses_with(new_node, lambda user: user is not new_node)
traced.recompile()
print(traced.code)
print(traced(torch.tensor([-1.0, 1.0]), torch.tensor([0.5, -0.5])))

traced = symbolic_trace(M())
matches = replace_pattern(
    traced,
    lambda w1, w2: torch.cat([torch.neg(w1), w2]).sum(),
    lambda w1, w2: torch.stack([w1, w2]).sum(),
)
print(len(matches), "matches", traced.code)
print(traced(torch.ones(2), torch.ones(2), torch.arange(2.0)))

net = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.1), nn.Linear(4, 2)).eval()
lowered = DecomposeTransformer(symbolic_trace(net)).transform()
print(lowered.code)
assert torch.allclose(lowered(x), net(x))

print(symbolic_trace(lambda x: scaled(x, by=3).sum()).code)
print(symbolic_trace(lambda x, flag: x if flag else -x, {"flag": True}).code)
tree = symbolic_trace(lambda d: d["a"] + d["b"][0], {"d": {"a": fx.PH, "b": [fx.PH]}})
print(tree.code)
print(tree({"a": torch.ones(1), "b": [torch.ones(1)]}))
for function in (lambda x: x if x.sum() > 0 else -x, lambda x: [*x]):
    try:
        symbolic_trace(function)
    except fx.proxy.TraceError as error:
        print(str(error).split(".")[0])
try:
    next(iter(symbolic_trace(lambda x: torch.cat([x, x])).graph.nodes)).next.args[0][
        0
    ] = 1
except TypeError as error:
    print(str(error).split(".")[0])
