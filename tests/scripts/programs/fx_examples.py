"""Small tools on torch.fx: inverting, inlining, tracing modules, a native interpreter."""

import operator

import torch
import torch.fx as fx
import torch.nn as nn
from torch.fx import GraphModule, Node, Proxy, Tracer, symbolic_trace

torch.manual_seed(0)

# --- invert ---------------------------------------------------------------------------
invert_mapping = {torch.exp: torch.log, torch.tan: torch.atan, torch.sinh: torch.asinh}
invert_mapping |= {inverse: function for function, inverse in invert_mapping.items()}


def invert(model: nn.Module) -> nn.Module:
    """Compute the inverse of a chain of pointwise functions."""
    fx_model = symbolic_trace(model)
    new_graph = fx.Graph()
    env = {}
    for node in reversed(fx_model.graph.nodes):
        if node.op == "call_function":
            new_node = new_graph.call_function(
                invert_mapping[node.target], (env[node.name],)
            )
            env[node.args[0].name] = new_node
        elif node.op == "output":
            env[node.args[0].name] = new_graph.placeholder(node.name)
        elif node.op == "placeholder":
            new_graph.output(env[node.name])
    new_graph.lint()
    return GraphModule(fx_model, new_graph)


def f(x):
    return torch.exp(torch.tan(x))


x = torch.randn(4)
assert torch.allclose(invert(f)(f(x)), torch.atan(torch.tan(x)), atol=1e-5)
print(invert(f).code)
assert torch.allclose(invert(invert(f))(x), f(x))


# --- inline a function ----------------------------------------------------------------
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(x) + 1.0


traced = symbolic_trace(Net())
tracer = fx.proxy.GraphAppendingTracer(traced.graph)
for node in traced.graph.nodes:
    if node.target == "relu":
        with traced.graph.inserting_before(node):
            proxy = Proxy(node.args[0], tracer)
            output_proxy = (proxy > 0) * proxy
            node.replace_all_uses_with(output_proxy.node)
            traced.graph.erase_node(node)
traced.graph.lint()
traced.recompile()
print(traced.code)
assert torch.equal(traced(x), Net()(x))


# --- a tracer that notes what each module made ----------------------------------------
class ModulePathTracer(Tracer):
    current_module_path = ""

    def __init__(self):
        super().__init__()
        self.node_to_originating_module = {}

    def call_module(self, m, forward, args, kwargs):
        old_path = self.current_module_path
        try:
            self.current_module_path = self.path_of_module(m)
            return super().call_module(m, forward, args, kwargs)
        finally:
            self.current_module_path = old_path

    def create_proxy(
        self, kind, target, args, kwargs, name=None, type_expr=None, *more
    ):
        proxy = super().create_proxy(kind, target, args, kwargs, name, type_expr, *more)
        self.node_to_originating_module[proxy.node] = self.current_module_path
        return proxy


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv1d(width, width, 3, padding=1)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x))) + x


blocks = nn.Sequential(Block(2), nn.Sequential(Block(2), nn.Flatten()))
tracer = ModulePathTracer()
for node in tracer.trace(blocks).nodes:
    print("Node", node, "is from module", tracer.node_to_originating_module.get(node))


class NoLeaves(Tracer):
    def is_leaf_module(self, m, module_qualified_name):
        return isinstance(m, nn.Sequential)


print([node.name for node in NoLeaves().trace(Net()).nodes])


# --- ones and zeros for parameters, by the values of an interpreter -------------------
class Shapes(fx.Interpreter):
    def run_node(self, n: Node):
        result = super().run_node(n)
        n.meta["shape"] = tuple(result.shape) if hasattr(result, "shape") else None
        return result


graph_module = symbolic_trace(blocks)
Shapes(graph_module).run(torch.ones(1, 2, 3))
print({n.name: n.meta["shape"] for n in graph_module.graph.nodes})


# --- lower to a list of instructions --------------------------------------------------
class ElementwiseInterpreter(nn.Module):
    """A machine with two instructions on named values."""

    def __init__(self, inputs, instructions, output, constants):
        super().__init__()
        self.inputs, self.instructions, self.result = inputs, instructions, output
        for name, value in constants.items():
            self.register_buffer(name, value)
        self.constants = list(constants)

    def forward(self, *args):
        env = dict(zip(self.inputs, args, strict=True))
        env |= {name: getattr(self, name) for name in self.constants}
        for op, left, right, out in self.instructions:
            env[out] = {"add": torch.add, "mul": torch.mul}[op](env[left], env[right])
        return env[self.result]


def lower_to_elementwise_interpreter(orig_mod: nn.Module) -> nn.Module:
    mod = symbolic_trace(orig_mod)
    known = {operator.add: "add", torch.add: "add", operator.mul: "mul"}
    inputs, instructions, constants, result = [], [], {}, None
    for n in mod.graph.nodes:
        if n.op == "placeholder":
            inputs.append(n.name)
        elif n.op == "get_attr":
            constants[n.name] = getattr(mod, n.target)
        elif n.op == "call_function":
            left, right = (arg.name for arg in n.args)
            instructions.append((known[n.target], left, right, n.name))
        elif n.op == "output":
            result = n.args[0].name
    print(instructions, sorted(constants))
    return ElementwiseInterpreter(inputs, instructions, result, constants)


class MyElementwiseModule(nn.Module):
    def forward(self, x, y):
        return x * y + y


mem = MyElementwiseModule()
lowered = lower_to_elementwise_interpreter(mem)
a, b = torch.rand(3, 4), torch.rand(3, 4)
torch.testing.assert_close(lowered(a, b), mem(a, b))


# --- graphs by proxies, and outputs wrapped by what is chosen later -------------------
graph1 = fx.Graph()
x1, y1 = graph1.placeholder("x"), graph1.placeholder("y")
cat1 = graph1.call_function(torch.cat, args=([x1, y1],))
graph1.output((graph1.call_function(torch.tanh, args=(cat1,)), cat1))
graph2 = fx.Graph()
raw = Proxy(graph2.placeholder("x"))
result = torch.sigmoid(raw.view(-1) * 2)[1:]
graph2.output(result.node)
for graph, args in ((graph1, (a, b)), (graph2, (a,))):
    gm = GraphModule(nn.Module(), graph)
    print(
        gm.code.strip(),
        [tuple(t.shape) for t in torch.utils._pytree.tree_leaves(gm(*args))],
    )


def wrap_in_activation_function(m: GraphModule, fn) -> GraphModule:
    output_node = m.graph.output_node()
    with m.graph.inserting_before(output_node):
        new_node = fn(Proxy(output_node.args[0])).node
    output_node.args = (new_node,)
    m.graph.eliminate_dead_code()
    m.recompile()
    return m


wrapped = wrap_in_activation_function(symbolic_trace(Net()), lambda p: p.relu().tanh())
print(wrapped.code)
names = [n.name for n in wrapped.graph.find_nodes(op="call_method", target="relu")]
print(names, wrapped.graph.output_node().args[0].all_input_nodes)
print([round(v, 4) for v in wrapped(torch.ones(1, 4)).flatten().tolist()])
