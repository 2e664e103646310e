"""What a network computes inside, as `torchvision.models.feature_extraction`."""

import copy
import inspect
import math
import re
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from funcnet.compat import fx
from funcnet.compat.fx.graph import Graph
from funcnet.compat.fx.graph_module import GraphModule, _copy_attr
from funcnet.compat.fx.node import Node
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.torchvision import ops

__all__ = ["create_feature_extractor", "get_graph_node_names"]

Names = Mapping[str, str] | Sequence[str]


class LeafModuleAwareTracer(fx.Tracer):
    """A tracer that does not trace into modules of some classes.

    Args:
        leaf_modules: the classes.
    """

    def __init__(self, *args: Any, leaf_modules: Iterable[type] = (), **kwargs: Any):
        self.leaf_modules = leaf_modules
        super().__init__(*args, **kwargs)

    def is_leaf_module(self, m: Module, module_qualname: str) -> bool:
        leaf = isinstance(m, tuple(self.leaf_modules))
        return leaf or super().is_leaf_module(m, module_qualname)


class NodePathTracer(LeafModuleAwareTracer):
    """A tracer that names each node by the path of the module that made it.

    A node that is the call of a module has the module's path, any other the path and
    its own name: "layer1.0.add". What is there several times has a number: "relu_1".
    The names are in `node_to_qualname`, in the order of the nodes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current_module_qualname = ""
        self.node_to_qualname: OrderedDict[Node, str] = OrderedDict()

    def call_module(
        self,
        m: Module,
        forward: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Record the call of a leaf module, or call its forward, under its path."""
        before = self.current_module_qualname
        self.current_module_qualname = path = self.path_of_module(m)
        try:
            if self.is_leaf_module(m, path):
                return self.create_proxy("call_module", path, args, kwargs)
            return forward(*args, **kwargs)
        finally:
            self.current_module_qualname = before

    def create_proxy(self, *args: Any, **kwargs: Any) -> Any:
        """Record an operation and name it."""
        proxy = super().create_proxy(*args, **kwargs)
        self.node_to_qualname[proxy.node] = self._name(proxy.node)
        return proxy

    def _name(self, node: Node) -> str:
        parts = [self.current_module_qualname]
        if node.op != "call_module":
            parts.append(str(node))
        name = re.sub(r"(?<=.)_[0-9]+$", "", ".".join(part for part in parts if part))
        for known in reversed(self.node_to_qualname.values()):
            match = re.fullmatch(rf"{re.escape(name)}(?:_([0-9]+))?", known)
            if match:
                return f"{name}_{int(match[1] or 0) + 1}"
        return name


def _options(given: dict[str, Any] | None) -> dict[str, Any]:
    """The tracer's arguments: operators of torchvision are not traced into."""
    leaves = [
        one
        for name in ops.__all__
        if inspect.isclass(one := getattr(ops, name)) and issubclass(one, Module)
    ]
    options = {} if given is None else dict(given)
    modules = tuple(options.get("autowrap_modules", ()))
    options["autowrap_modules"] = tuple(dict.fromkeys((*modules, math, ops)))
    options["leaf_modules"] = [*options.get("leaf_modules", ()), *leaves]
    return options


def get_graph_node_names(
    model: Module,
    tracer_kwargs: dict[str, Any] | None = None,
    suppress_diff_warning: bool = False,
    concrete_args: dict[str, Any] | None = None,
) -> tuple[list[str], list[str]]:
    """List the names of what a network computes, in training and in evaluation.

    Args:
        tracer_kwargs: of `torch.fx.Tracer`, and `leaf_modules`: classes of modules that
            are not traced into.
        suppress_diff_warning: do not warn where the two modes differ.
        concrete_args: arguments of `forward` that are given.

    Example:
        >>> from funcnet.compat.torchvision import models
        >>> names, _ = models.feature_extraction.get_graph_node_names(models.alexnet())
        >>> names[:3]
        ['x', 'features.0', 'features.1']
    """
    options, training, tracers = _options(tracer_kwargs), model.training, []
    try:
        for mode in (True, False):
            tracer = NodePathTracer(**options)
            tracer.trace(model.train(mode), concrete_args=concrete_args)
            tracers.append(tracer)
    finally:
        model.train(training)
    names = [list(tracer.node_to_qualname.values()) for tracer in tracers]
    if not suppress_diff_warning:
        _warn_of_differences(*names)
    return names[0], names[1]


def _warn_of_differences(train: list[str], evaluation: list[str]) -> None:
    if train == evaluation:
        return
    text = (
        "The nodes obtained by tracing the model in train mode are different to those "
        "obtained in eval mode. "
    )
    pairs = ("eval", "train", train, evaluation), ("train", "eval", evaluation, train)
    for less, more, names, wanted in pairs:
        rest = iter(names)
        if all(name in rest for name in wanted):
            text = (
                f"NOTE: The nodes obtained by tracing the model in {less} mode are a "
                f"subsequence of those obtained in {more} mode. "
            )
            break
    warnings.warn(
        f"{text}When choosing nodes for feature extraction, you may need to specify "
        "output nodes for train and eval mode separately.",
        stacklevel=3,
    )


class DualGraphModule(GraphModule):
    """A module with a graph for training, and one for evaluation.

    Args:
        root: has the modules and parameters that the graphs name.
        train_graph, eval_graph: the graphs.
        class_name: of the module's class.
    """

    def __init__(
        self,
        root: Module,
        train_graph: Graph,
        eval_graph: Graph,
        class_name: str = "GraphModule",
    ) -> None:
        super().__init__(root, train_graph, class_name)
        for node in eval_graph.nodes:
            if node.op in ("get_attr", "call_module"):
                _copy_attr(root, self, node.target)
        self.train_graph, self.eval_graph = train_graph, eval_graph
        super().train()

    def train(self, mode: bool = True) -> Any:
        if mode != self.training:
            self.graph = self.train_graph if mode else self.eval_graph
        return super().train(mode)

    def __deepcopy__(self, memo: dict[int, Any]) -> "DualGraphModule":
        root = Module()
        for name, value in vars(self).items():
            if name not in ("_graph", "_code", "train_graph", "eval_graph"):
                root.__dict__[name] = copy.deepcopy(value, memo)
        graphs = copy.deepcopy(self.train_graph), copy.deepcopy(self.eval_graph)
        result: DualGraphModule = DualGraphModule(root, *graphs, type(self).__name__)
        return result.train(self.training)


def create_feature_extractor(
    model: Module,
    return_nodes: Names | None = None,
    train_return_nodes: Names | None = None,
    eval_return_nodes: Names | None = None,
    tracer_kwargs: dict[str, Any] | None = None,
    suppress_diff_warning: bool = False,
    concrete_args: dict[str, Any] | None = None,
) -> Any:
    """Build a module that returns what a network computes inside, by name.

    It shares the network's parameters, and has none that nothing returned depends on.

    Args:
        return_nodes: names of nodes, or of modules, of which the last node is meant; as
            a dict each with the name of what is returned.
        train_return_nodes, eval_return_nodes: the same, where the modes differ.
        tracer_kwargs, suppress_diff_warning, concrete_args: see
            `get_graph_node_names`.

    Raises:
        ValueError: a name is that of no node, or none are given.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.torchvision import models
        >>> make = models.feature_extraction.create_feature_extractor
        >>> body = make(models.resnet18(), {"layer1": "low", "layer3": "high"})
        >>> {name: y.shape[1:] for name, y in body(torch.zeros(2, 3, 64, 64)).items()}
        {'low': torch.Size([64, 16, 16]), 'high': torch.Size([256, 4, 4])}
    """
    wanted = _wanted(return_nodes, train_return_nodes, eval_return_nodes)
    options, training = _options(tracer_kwargs), model.training
    graphs, names = [], []
    try:
        for mode, chosen in zip((True, False), wanted, strict=True):
            tracer = NodePathTracer(**options)
            graph = tracer.trace(model.train(mode), concrete_args=concrete_args)
            names.append(list(tracer.node_to_qualname.values()))
            graphs.append(_cut(graph, tracer.node_to_qualname, chosen))
    finally:
        model.train(training)
    if not suppress_diff_warning:
        _warn_of_differences(*names)
    train_graph, eval_graph = graphs
    name = type(model).__name__
    result: Any = DualGraphModule(model, train_graph, eval_graph, name)
    return result.train(training)


def _wanted(both: Names | None, train: Names | None, evaluation: Names | None) -> Any:
    """The names in the two modes, each with the name of what is returned."""
    if both is None and train is None and evaluation is None:
        raise ValueError(
            "Either `return_nodes` or `train_return_nodes` and `eval_return_nodes` "
            "together, should be specified"
        )
    if (train is None) != (evaluation is None):
        raise ValueError(
            "If any of `train_return_nodes` and `eval_return_nodes` are specified, "
            "then both should be specified"
        )
    if (both is None) == (train is None):
        raise ValueError(
            "If `train_return_nodes` and `eval_return_nodes` are specified, then both "
            "should be specified"
        )
    return [
        {str(k): str(v) for k, v in dict(names).items()}
        if isinstance(names, Mapping)
        else {str(name): str(name) for name in names or ()}
        for names in (train or both, evaluation or both)
    ]


def _cut(graph: Graph, names: Mapping[Node, str], wanted: dict[str, str]) -> Graph:
    """Let a graph return the wanted nodes, and drop what they do not need."""
    for query in wanted:
        if not any(f"{name}.".startswith(f"{query}.") for name in names.values()):
            raise ValueError(
                f"node: '{query}' is not present in model. Hint: use "
                "`get_graph_node_names` to make sure the `return_nodes` you specified "
                "are present. It may even be that you need to specify "
                "`train_return_nodes` and `eval_return_nodes` separately."
            )
    for node in reversed(list(graph.nodes)):
        if node.op == "output":
            graph.erase_node(node)
    nodes, left = list(graph.nodes), dict(wanted)
    outputs: list[tuple[str, Node]] = []
    for node in reversed(nodes):
        path = names.get(node, "").split(".")
        for query in left:
            if query == ".".join(path[: query.count(".") + 1]):
                outputs.append((left.pop(query), node))
                break
    with graph.inserting_after(nodes[-1]):
        graph.output(OrderedDict(reversed(outputs)))
    graph.eliminate_dead_code()
    return graph
