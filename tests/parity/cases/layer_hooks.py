"""Hooks of modules: which gradients they see, in which order, what they may return."""

import collections
import functools
import warnings
from typing import Any

from tests.parity.scripts import common as scripts
from tests.parity.scripts.common import numbers, refused

ROWS: list[tuple[str, str, Any]] = []
script = functools.partial(scripts.script, rows=ROWS)

Pair = collections.namedtuple("Pair", "a b")
OUTPUTS = {
    "one": lambda x: x * 2,
    "two": lambda x: (x * 2, x * 3),
    "with a string": lambda x: (x * 2, "tag", x * 3),
    "nested": lambda x: (x * 2, (x * 3, [x * 4])),
    "list": lambda x: [x * 2],
    "dict": lambda x: {"y": x * 2},
    "named": lambda x: Pair(x * 2, x * 3),
    "itself": lambda x: x,
    "detached": lambda x: (x * 2, x.detach()),
}


def _seen(grads: Any) -> list[Any]:
    return [None if g is None else g.detach().clone() for g in grads]


def _module(lib: Any, run: Any) -> Any:
    class Module(lib.nn.Module):
        def forward(self, *inputs: Any, **named: Any) -> Any:
            return run(*inputs, **named)

    return Module()


def _first(output: Any) -> Any:
    while isinstance(output, list | tuple | dict):
        output = next(iter(output.values() if isinstance(output, dict) else output))
    return output


def _told(call: Any) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return [str(one.message)[:60] for one in caught]


@script("full backward hooks", *OUTPUTS)
def outputs(lib: Any, kind: str) -> Any:
    module, log = _module(lib, OUTPUTS[kind]), []
    module.register_full_backward_hook(lambda m, gi, go: log.append((*gi, *go)))
    module.register_full_backward_pre_hook(lambda m, go: log.append(go))
    x = numbers(lib, 3).requires_grad_()
    output = module(x * 1)
    kinds = type(output).__name__
    told = _told(lambda: _first(output).sum().backward())
    return kinds, [_seen(one) for one in log], told, x.grad


@script("full backward hooks")
def inputs_that_are_no_tensors(lib: Any) -> Any:
    module = _module(lib, lambda scale, x, flag, y: (x * scale, y * 5))
    log: list[Any] = []
    module.register_full_backward_hook(lambda m, gi, go: log.append((gi, go)))
    x, y = numbers(lib, 2).requires_grad_(), numbers(lib, 2)
    a, b = module(3, x, "f", y)
    (a + b).sum().backward()
    return [(_seen(gi), _seen(go)) for gi, go in log]


RETURNED = {
    "twice": lambda gi: tuple(None if g is None else g * 2 for g in gi),
    "list": lambda gi: [g * 3 for g in gi],
    "too many": lambda gi: (*gi, *gi),
    "none": lambda gi: (None,) * len(gi),
    "another shape": lambda gi: (gi[0].sum(),),
}


@script("full backward hooks", *RETURNED)
def returned(lib: Any, kind: str) -> Any:
    layer = lib.nn.Linear(2, 3)
    layer.register_full_backward_hook(lambda m, gi, go: RETURNED[kind](gi))
    x = numbers(lib, 4, 2).requires_grad_()
    error = refused(lambda: layer(x).sum().backward(), 90)
    return error, x.grad


@script("full backward hooks", *RETURNED)
def returned_before(lib: Any, kind: str) -> Any:
    layer = lib.nn.Linear(2, 3)
    layer.register_full_backward_pre_hook(lambda m, go: RETURNED[kind](go))
    x = numbers(lib, 4, 2).requires_grad_()
    if kind == "another shape":
        return None
    error = refused(lambda: layer(x).sum().backward(), 90)
    return error, x.grad


@script("full backward hooks")
def no_input_wants_a_gradient(lib: Any) -> Any:
    layer, log = lib.nn.Linear(2, 3), []
    layer.register_full_backward_hook(lambda m, gi, go: log.append((gi, go)))
    told = _told(lambda: layer(numbers(lib, 1, 2)).sum().backward())
    other = lib.nn.Linear(2, 3)
    other.register_full_backward_hook(lambda m, gi, go: (numbers(lib, 1, 2),))
    error = refused(lambda: other(numbers(lib, 1, 2)).sum().backward(), 60)
    with lib.no_grad():
        quiet = layer(numbers(lib, 1, 2)).grad_fn
    return [(_seen(gi), _seen(go)) for gi, go in log], told, error, quiet


@script("full backward hooks", "LSTM", "MultiheadAttention", "Transformer")
def layers_of_several_outputs(lib: Any, kind: str) -> Any:
    layer = {
        "LSTM": lambda: lib.nn.LSTM(4, 3),
        "MultiheadAttention": lambda: lib.nn.MultiheadAttention(4, 2),
        "Transformer": lambda: lib.nn.TransformerEncoderLayer(4, 2, 8, 0.0),
    }[kind]()
    log: list[Any] = []
    layer.register_full_backward_hook(lambda m, gi, go: log.append((gi, go)))
    x = numbers(lib, 2, 3, 4).requires_grad_()
    inputs = (x, x, x) if kind == "MultiheadAttention" else (x,)
    (_first(layer(*inputs)) ** 3).sum().backward()
    return [(_seen(gi), _seen(go)) for gi, go in log], x.grad


@script("full backward hooks")
def in_place_afterwards(lib: Any) -> Any:
    relu, x = lib.nn.ReLU(inplace=True), numbers(lib, 2).requires_grad_()
    relu.register_full_backward_hook(lambda *a: None)
    same = lib.nn.Identity()
    same.register_full_backward_hook(lambda *a: None)
    return refused(lambda: relu(x * 1), 60), refused(lambda: same(x * 1).add_(1), 400)


@script("full backward hooks")
def second_derivative(lib: Any) -> Any:
    layer, log = lib.nn.Linear(2, 1), []
    layer.register_full_backward_hook(lambda m, gi, go: log.append((gi, go)))
    x = numbers(lib, 3, 2).requires_grad_()
    (g,) = lib.autograd.grad((layer(x) ** 3).sum(), x, create_graph=True)
    (g**2).sum().backward()
    return [(_seen(gi), _seen(go)) for gi, go in log], layer.weight.grad


OLD = {
    "Linear": (lambda nn: nn.Linear(2, 3), (4, 2)),
    "Linear without bias": (lambda nn: nn.Linear(2, 3, bias=False), (4, 2)),
    "Conv2d": (lambda nn: nn.Conv2d(1, 2, 2), (1, 1, 3, 3)),
    "BatchNorm1d": (lambda nn: nn.BatchNorm1d(2), (4, 2)),
    "LayerNorm": (lambda nn: nn.LayerNorm(2), (4, 2)),
    "ReLU": (lambda nn: nn.ReLU(), (4, 2)),
    "MaxPool1d": (lambda nn: nn.AvgPool2d(2), (1, 4, 2)),
}


@script("old backward hooks", *OLD)
def of_a_layer(lib: Any, kind: str) -> Any:
    make, shape = OLD[kind]
    seen = []
    for wants in (True, False):
        layer, log = make(lib.nn), []
        layer.register_backward_hook(lambda m, gi, go, log=log: log.append((gi, go)))
        x = numbers(lib, *shape).requires_grad_(wants)
        if not (wants or list(layer.parameters())):
            continue
        told = _told((layer(x) ** 2).sum().backward)
        seen.append(([(_seen(gi), _seen(go)) for gi, go in log], len(told)))
    return seen


@script("old backward hooks")
def what_they_return(lib: Any) -> Any:
    layer, x = lib.nn.Linear(2, 3), numbers(lib, 4, 2).requires_grad_()
    layer.register_backward_hook(lambda m, gi, go: tuple(g * 2 for g in gi))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        layer(x).sum().backward()
    return x.grad, layer.weight.grad, layer.bias.grad


@script("old backward hooks")
def not_beside_full_ones(lib: Any) -> Any:
    hook = lambda *a: None  # noqa: E731
    one, two = lib.nn.ReLU(), lib.nn.ReLU()
    one.register_full_backward_hook(hook)
    two.register_backward_hook(hook)
    return (
        refused(lambda: one.register_backward_hook(hook), 200),
        refused(lambda: two.register_full_backward_hook(hook), 200),
    )


@script("forward hooks")
def order_and_replacing(lib: Any) -> Any:
    layer, log = lib.nn.Linear(2, 2), []
    x = numbers(lib, 2)
    layer.register_forward_pre_hook(lambda m, a: log.append(len(a)))
    layer.register_forward_pre_hook(lambda m, a: a[0] * 2)
    layer.register_forward_pre_hook(
        lambda m, a, k: ((), {"input": a[0] + 1}), with_kwargs=True
    )
    layer.register_forward_pre_hook(lambda m, a: log.append("first"), prepend=True)
    layer.register_forward_hook(lambda m, a, o: log.append(len(a)))
    layer.register_forward_hook(lambda m, a, k, o: o * len(k), with_kwargs=True)
    handle = layer.register_forward_hook(lambda m, a, o: o + 100, prepend=True)
    seen = [layer(x)]
    handle.remove()
    handle.remove()
    seen.append(layer(x))
    with layer.register_forward_hook(lambda m, a, o: o * 0):
        seen.append(layer(x))
    seen.append(layer(x))
    return seen, log, isinstance(handle.id, int), len(layer._forward_hooks)


@script("forward hooks")
def wrong_results(lib: Any) -> Any:
    layer = lib.nn.Linear(2, 2)
    layer.register_forward_pre_hook(lambda m, a, k: 3, with_kwargs=True)
    return refused(lambda: layer(numbers(lib, 2)), 120)


@script("forward hooks")
def always_called(lib: Any) -> Any:
    def fail(*inputs: Any) -> Any:
        raise ValueError("no")

    module, log = _module(lib, fail), []
    module.register_forward_hook(lambda m, a, o: log.append((1, o)), always_call=True)
    module.register_forward_hook(lambda m, a, o: log.append(2))
    module.register_forward_hook(
        lambda m, a, k, o: log.append((3, k)), always_call=True, with_kwargs=True
    )
    module.register_forward_hook(lambda m, a, o: fail(), always_call=True)
    told = _told(lambda: log.append(refused(lambda: module(1), 4)))
    return log, told


@script("hooks of all modules")
def around_calls(lib: Any) -> Any:
    of_all, log = lib.nn.modules.module, []
    handles = [
        of_all.register_module_forward_pre_hook(
            lambda m, a: log.append(("pre", type(m).__name__))
        ),
        of_all.register_module_forward_hook(
            lambda m, a, k, o: log.append(("post", type(m).__name__, len(k))),
            with_kwargs=True,
        ),
        of_all.register_module_full_backward_pre_hook(
            lambda m, g: log.append(("back", type(m).__name__))
        ),
        of_all.register_module_full_backward_hook(
            lambda m, gi, go: log.append((type(m).__name__, _seen(gi), _seen(go)))
        ),
    ]
    model = lib.nn.Sequential(lib.nn.Linear(2, 2), lib.nn.Tanh(), lib.nn.Linear(2, 1))
    x = numbers(lib, 3, 2).requires_grad_()
    try:
        model(x).sum().backward()
        error = refused(lambda: of_all.register_module_backward_hook(print), 60)
    finally:
        for handle in handles:
            handle.remove()
    model(x)
    return log, error


@script("hooks of all modules")
def around_registration(lib: Any) -> Any:
    of_all, log = lib.nn.modules.module, []
    names = ("parameter", "buffer", "module")
    handles = [
        getattr(of_all, f"register_module_{what}_registration_hook")(
            lambda m, name, value, what=what: log.append((what, name))
        )
        for what in names
    ]
    try:
        model = lib.nn.Sequential(
            lib.nn.BatchNorm1d(2), lib.nn.Linear(2, 2, bias=False)
        )
        model[1].bias = lib.nn.Parameter(numbers(lib, 2))
        model.register_buffer("mean", numbers(lib, 2))
        model.mean = numbers(lib, 2)
    finally:
        for handle in handles:
            handle.remove()
    lib.nn.Linear(1, 1)
    return sorted(log)
