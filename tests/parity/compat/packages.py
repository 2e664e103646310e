"""Packages outside of tensors and layers: fx, sparse, library, checkpoints."""

import operator
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from tests.parity.report import Tally, Trial
from tests.parity.scripts.common import compare, refused

PLACES, VALUES = [[0, 1, 1], [2, 0, 2]], [3.0, 4.0, 5.0]


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for entry, rows in TABLES.items():
        for name, run in rows.items():
            yield Trial(entry, name, partial(compare, run))


# --- sparse ---------------------------------------------------------------------------


def parts(x: Any) -> Any:
    """What a result is made of: sparse tensors by their parts."""
    if getattr(x, "is_sparse", False):
        x = x.coalesce()
        return [x.indices(), x.values(), x.shape, x.requires_grad]
    return x


def of_sparse(run: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    def made(lib: Any) -> Any:
        x = lib.sparse_coo_tensor(lib.tensor(PLACES), lib.tensor(VALUES), (2, 3))
        return parts(run(lib, x))

    return made


SPARSE: dict[str, Callable[[Any, Any], Any]] = {
    "parts": lambda L, x: [x._nnz(), x.sparse_dim(), x.dense_dim(), x.is_coalesced()],
    "repr": lambda L, x: repr(x),
    "repr of doubles": lambda L, x: repr(x.double()),
    "repr of leaves": lambda L, x: repr(x.requires_grad_()),
    "repr of nothing": lambda L, x: repr(L.sparse_coo_tensor((2, 3))),
    "coalesced": lambda L, x: x,
    "dense": lambda L, x: x.to_dense(),
    "sum": lambda L, x: x + x,
    "difference": lambda L, x: x - 2 * x,
    "dense sum": lambda L, x: L.ones(2, 3) + x,
    "scaled": lambda L, x: x * 3 / 2,
    "mm": lambda L, x: L.mm(x, L.ones(3, 2)),
    "mv": lambda L, x: x.matmul(L.ones(3)),
    "left": lambda L, x: L.ones(2, 2) @ x,
    "sparse mm": lambda L, x: x @ x.t(),
    "masked": lambda L, x: L.ones(2, 3).sparse_mask(x.coalesce()),
    "elementwise": lambda L, x: x * L.full((2, 3), 2.0),
    "relu": lambda L, x: L.relu(x),
    "abs": lambda L, x: (-x).abs(),
    "pow": lambda L, x: x.pow(2),
    "total": lambda L, x: L.sum(x),
    "over rows": lambda L, x: L.sparse.sum(x, 0),
    "norm": lambda L, x: x.norm(),
    "row": lambda L, x: x[1],
    "cat": lambda L, x: L.cat([x, x], 1),
    "softmax": lambda L, x: L.sparse.softmax(x, 1),
    "of dense": lambda L, x: L.eye(2).to_sparse(),
    "no sum": lambda L, x: refused(lambda: x + L.ones(2, 3), 60),
    "no exp": lambda L, x: refused(lambda: x.exp(), 70),
    "no numpy": lambda L, x: refused(lambda: x.numpy(), 100),
    "no values": lambda L, x: refused(lambda: x.values(), 100),
    "counts": lambda L, x: refused(
        lambda: L.sparse_coo_tensor(L.tensor(PLACES), L.tensor(VALUES[:2])), 100
    ),
}


def sparse_gradient(lib: Any) -> Any:
    x = lib.sparse_coo_tensor(
        lib.tensor(PLACES), lib.tensor(VALUES), (2, 3), requires_grad=True
    )
    y = lib.ones(3, 2, requires_grad=True)
    (lib.sparse.mm(x, y) ** 2).sum().backward()
    return [parts(x.grad), y.grad]


def trained_table(lib: Any, name: str, **settings: Any) -> Any:
    table = lib.nn.Embedding(5, 2, sparse=True, padding_idx=0)
    optimizer = getattr(lib.optim, name)(table.parameters(), **settings)
    seen = []
    for step in range(3):
        optimizer.zero_grad()
        (table(lib.tensor([[1, 1, 3], [0, step, 2]])) ** 2).sum().backward()
        seen.append(refused(optimizer.step, 90))
    return [*seen, table.weight.detach(), parts(table.weight.grad)]


TABLE_ROWS = {
    name: partial(trained_table, name=name.split()[0], **settings)
    for name, settings in {
        "SGD": {"lr": 0.1},
        "SGD momentum": {"lr": 0.1, "momentum": 0.9},
        "Adagrad": {"lr": 0.1},
        "SparseAdam": {"lr": 0.1},
        "Adam": {},
        "RMSprop": {},
    }.items()
}


# --- fx -------------------------------------------------------------------------------


def net(lib: Any) -> Any:
    nn = lib.nn

    class Net(nn.Module):  # type: ignore[name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.a = nn.Linear(3, 4)
            self.rest = nn.Sequential(nn.ReLU(), nn.Linear(4, 2))
            self.w = nn.Parameter(lib.ones(2))
            self.register_buffer("b", lib.zeros(2))

        def forward(self, x, scale=2.0):  # type: ignore[no-untyped-def]
            y = self.rest(self.a(x)) * scale
            y = lib.sin(y + self.w) - self.b
            first, second = y.chunk(2, -1)
            row = y.sum(-1).view(y.shape[0], -1)[:, 0]
            return {"out": lib.cat([first, second], dim=-1), "sum": row}

    return Net()


def traced(lib: Any) -> Any:
    graph_module = lib.fx.symbolic_trace(net(lib))
    result = graph_module(lib.ones(2, 3))
    return [str(graph_module.graph), graph_module.code, result]


def rewritten(lib: Any) -> Any:
    graph_module = lib.fx.symbolic_trace(lambda x: lib.sigmoid(x) * x + 1)
    result = lib.fx.replace_pattern(
        graph_module, lambda x: lib.sigmoid(x) * x, lambda x: lib.sin(x)
    )
    return [len(result), graph_module.code, graph_module(lib.ones(2))]


def inserted(lib: Any) -> Any:
    graph_module = lib.fx.symbolic_trace(lambda x: lib.sin(x) * 2)
    graph = graph_module.graph
    for node in graph.nodes:
        if node.target is operator.mul:
            with graph.inserting_after(node):
                new = graph.call_function(lib.neg, (node,))
                node.replace_all_uses_with(new)
                new.args = (node,)
    graph_module.recompile()
    graph.lint()
    return [graph_module.code, graph_module(lib.ones(2))]


def untraceable(lib: Any) -> Any:
    trace = lib.fx.symbolic_trace
    return [
        refused(lambda: trace(lambda x: x if x.sum() > 0 else -x), 200),
        refused(lambda: trace(lambda x: list(x)), 200),
        refused(lambda: trace(lambda x: len(x)), 200),
    ]


# --- others ---------------------------------------------------------------------------


def own_operator(lib: Any) -> Any:
    @lib.library.custom_op("parity::scaled", mutates_args=())
    def scaled(x: lib.Tensor, factor: float = 2.0) -> lib.Tensor:  # type: ignore[name-defined]
        return factor * x

    x = lib.ones(2, requires_grad=True)
    lost = refused(lambda: scaled(x).sum().backward(), 120)

    def keep(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.factor = inputs[1]

    scaled.register_autograd(lambda ctx, g: (g * ctx.factor, None), setup_context=keep)
    scaled(x, 3.0).sum().backward()
    return [lost, x.grad, lib.ops.parity.scaled(lib.ones(1), 4.0)]


def checkpoints(lib: Any) -> Any:
    check = lib.utils.checkpoint.checkpoint
    x, w = lib.ones(2, requires_grad=True), lib.ones(2, requires_grad=True)

    def run(x: Any, k: int = 1) -> Any:
        return x * w * k

    return [
        refused(lambda: check(run, x, use_reentrant=True, k=2), 100),
        refused(lambda: check(run, x, use_reentrant=True, debug=True), 100),
        check(run, x, use_reentrant=False, k=2),
        check(run, lib.ones(2), use_reentrant=True),
    ]


def versions(lib: Any) -> Any:
    result = lib.torch_version.TorchVersion
    return [
        result("2.1.0") < "2.2",
        result("2.1") == (2, 1, 0),
        result("2.1") > "parrot",
    ]


def scheduled(lib: Any) -> Any:
    plan = lib.profiler.schedule(wait=1, warmup=2, active=2, repeat=2, skip_first=1)
    return [plan(step).name for step in range(14)]


TABLES: dict[str, dict[str, Any]] = {
    "sparse": {name: of_sparse(run) for name, run in SPARSE.items()}
    | {"gradient": sparse_gradient},
    "sparse tables": TABLE_ROWS,
    "fx": {run.__name__: run for run in (traced, rewritten, inserted, untraceable)},
    "others": {
        run.__name__: run for run in (own_operator, checkpoints, versions, scheduled)
    },
}
