"""The backward pass: recorded, like everything else, and run with the forward pass.

The graph of `Function`s is walked from the results to the leaves, latest first. Each
function records the pullback of the node that it stands for; a custom function runs the
user's own code. With `create_graph` what is recorded is differentiable in turn.
"""

import heapq
import re
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import jax.numpy as jnp
import numpy as np

from funcnet.compat._autograd import saved_tensor_hooks as _packing
from funcnet.compat._autograd.node import Function, named_function
from funcnet.compat._core.context import is_grad_enabled, modes, set_grad_enabled
from funcnet.compat._engine.graph import (
    Node,
    Value,
    constant,
    following,
    next_number,
    record_pullback,
)
from funcnet.compat._engine.op import (
    PULLBACK,
    Aval,
    Op,
    PullbackCall,
    needed_inputs,
    needs_no_inputs,
)
from funcnet.compat._gradient_rules.node_names import grad_name_of
from funcnet.compat._tensor.grad_graph import gradient_edge, make_grad_node
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor, stand_in, wrap
from funcnet.compat._tensor.views import detached

Grads: TypeAlias = list[Tensor | None]

ZEROS = Op("zeros", lambda shape, kind: jnp.zeros(shape, kind.numpy))
SUM = Op("add", lambda x, y: x + y, "AddBackward0")
ONES_LIKE = Op("ones_like", jnp.ones_like)
TO_SHAPE = Op("expand", lambda x, shape: jnp.broadcast_to(x, shape))

FREED = (
    "Trying to backward through the graph a second time (or directly access saved "
    "tensors after they have already been freed). Saved intermediate values of the "
    "graph are freed when you call .backward() or autograd.grad(). Specify "
    "retain_graph=True if you need to backward through the graph a second time or if "
    "you need to access saved tensors after calling backward."
)


class CustomFunction(Function):
    """A function whose gradient the user has written."""

    __slots__ = ("context", "pull")

    def __new__(cls, name: str, *parts: Any) -> Any:
        """One of the class that has this name."""
        return object.__new__(named_function(CustomFunction, name))

    def __init__(
        self,
        name: str,
        pull: Callable[[Grads], Grads],
        edges: tuple[tuple[Any, int], ...],
        outputs: int,
    ) -> None:
        del name
        self.pull = pull
        self.context: Any = None
        self.node = self.call = None
        self.number = next_number()
        self.wanted = ()
        self.edges = edges
        self.outputs = outputs
        self.saved = ()
        self.hooks = self.prehooks = self.retained = self.packed = None
        self._metadata = None
        self.made_at = traceback.extract_stack() if modes.anomaly else None

    def free(self) -> None:
        """Let go of what the user's `forward` saved, after the backward pass."""
        super().free()
        if self.context is not None:
            self.context._free()

    def __del__(self) -> None:
        self.node = None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """What the user's `forward` left on its context."""
            if name != "context" and self.context is not None and name[:2] != "__":
                return getattr(self.context, name)
            return super().__getattr__(name)


def backward(
    tensors: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
    keep: bool = False,
    create_graph: bool = False,
    inputs: Sequence[Tensor] | None = None,
) -> None:
    """Add the gradients of the leaves, or of `inputs`, to their `grad`."""
    if any(level.transforms for level in following):
        raise RuntimeError(
            "backward() called inside a functorch transform. This is not supported, "
            "please use functorch.grad or functorch.vjp instead or call backward() "
            "outside of functorch transforms."
        )

    def add(leaf: Tensor, grad: Tensor) -> None:
        if not leaf.requires_grad:  # detached in place since
            return
        accumulate(leaf, grad, create_graph)
        for hook in list((leaf._after_accumulate or {}).values()):
            if hasattr(hook, "takes_gradient"):
                hook(leaf, grad)
            else:
                _check_nothing(hook(leaf))

    targets = None if inputs is None else {id(x) for x in inputs}
    _run(tensors, gradients, keep, create_graph, add, targets, inputs or ())


def _check_nothing(given: Any) -> None:
    if isinstance(given, Tensor):
        raise RuntimeError("Tensor post accumulate grad hooks should return None.")
    if given is not None:
        name = type(given).__name__
        raise TypeError(f"expected Variable, but hook returned '{name}'")


def gradients_of(
    tensors: Sequence[Tensor],
    inputs: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
    keep: bool,
    create_graph: bool,
) -> Grads:
    """Gradients of the tensors with respect to the inputs; None where none flows."""
    found: dict[int, Tensor] = {}

    def add(x: Tensor, grad: Tensor) -> None:
        before = found.get(id(x))
        found[id(x)] = grad if before is None else record_op(SUM, (before, grad))

    targets = {id(x) for x in inputs}
    _run(tensors, gradients, keep, create_graph, add, targets, inputs)
    return [found.get(id(x)) for x in inputs]


def accumulate(leaf: Tensor, grad: Tensor, create_graph: bool = False) -> None:
    """Add to a tensor's `grad`, in place unless the sum is to be differentiated."""
    so_far = leaf._grad
    if grad._sparse or (so_far is not None and so_far._sparse):
        leaf._grad = _sparse_sum(so_far, grad)
    elif so_far is None:
        leaf._grad = grad if create_graph else wrap(grad._value())
    elif create_graph:
        leaf._grad = record_op(SUM, (so_far, grad))
    else:
        total = record_op(SUM, (wrap(so_far._value()), wrap(grad._value())))
        so_far._write(total._storage.value)


def _sparse_sum(so_far: Any, grad: Any) -> Any:
    """The sum of gradients of which one at least is sparse, as the dense one is."""
    grad = grad.detach()
    if so_far is None:
        return grad
    if so_far._sparse and grad._sparse:
        return so_far.add(grad)
    dense, sparse = (grad, so_far) if so_far._sparse else (so_far, grad)
    return dense + sparse.to_dense()


def clear_gradient(x: Tensor, set_to_none: bool) -> None:
    """Forget the gradient of a tensor, or fill it with zeros in its own memory."""
    grad = x._grad
    if set_to_none:
        x._grad = None
    elif grad is not None and grad._sparse:
        grad.zero_()
    elif grad is not None:
        kind = grad._aval
        grad._fn, grad._requires_grad = None, False
        grad._write(constant(np.zeros(kind.shape, kind.dtype.numpy), kind.device))


def _run(
    tensors: Sequence[Tensor],
    gradients: Sequence[Tensor | None],
    keep: bool,
    create_graph: bool,
    add: Callable[[Tensor, Tensor], None],
    targets: set[int] | None,
    inputs: Sequence[Tensor],
) -> None:
    # Inputs that are not leaves are met on the way: by function and output.
    on_the_way: dict[int, list[tuple[int, Tensor]]] = {}
    for x in inputs:
        if x._fn is not None:
            on_the_way.setdefault(id(x._fn), []).append((x._output, x))
    arrived: dict[int, Grads] = {}
    waiting: list[tuple[int, int, Function]] = []
    # Leaves whose hooks wait for all of their gradient: what there is of it.
    watched: dict[int, tuple[Tensor, Tensor]] = {}
    coming: dict[int, int] = {}

    def collect(leaf: Tensor, grad: Tensor) -> None:
        if not coming:
            coming.update(_edges_to_leaves(tensors))
        _, before = watched.pop(id(leaf), (None, None))
        total = grad if before is None else record_op(SUM, (before, grad))
        watched[id(leaf)] = (leaf, total)
        coming[id(leaf)] -= 1
        if not coming[id(leaf)]:
            deliver(*watched.pop(id(leaf)))

    def deliver(leaf: Tensor, grad: Tensor) -> None:
        if leaf._hooks:
            grad = _hooked(leaf, grad)
        if targets is None or id(leaf) in targets:
            add(leaf, grad)

    def send(target: Any, place: int, grad: Tensor) -> None:
        if isinstance(target, Tensor):
            if target._hooks or target._after_accumulate:
                collect(target, grad)
            elif targets is None or id(target) in targets:
                add(target, grad)
            return
        grads = arrived.get(id(target))
        if grads is None:
            grads = arrived[id(target)] = [None] * target.outputs
            heapq.heappush(waiting, (-target.number, id(target), target))
        before = grads[place]
        grads[place] = grad if before is None else record_op(SUM, (before, grad))

    needed = None if targets is None else _leading_to(tensors, inputs)
    with set_grad_enabled(create_graph):
        for x, gradient in zip(tensors, gradients, strict=True):
            target, place = gradient_edge(x)
            send(target, place, _starting(x, gradient))
        while waiting:
            _, _, fn = heapq.heappop(waiting)
            grads = arrived.pop(id(fn))
            if fn.prehooks:
                grads = _run_prehooks(fn, grads)
            for place, x in on_the_way.get(id(fn), ()):
                arrived_here = grads[place]
                if arrived_here is not None:
                    add(x, arrived_here)
            if needed is not None and id(fn) not in needed:
                continue
            for place, me in fn.retained or ():
                kept, tensor = grads[place], me()
                if kept is not None and tensor is not None:
                    accumulate(tensor, kept, kept.requires_grad)
            results = _checked_pullback(fn, grads, keep or create_graph)
            for (target, place), grad in zip(fn.edges, results, strict=True):
                if grad is not None and target is not None:
                    send(target, place, grad)
        for leaf, grad in list(watched.values()):  # to which less came than could
            deliver(leaf, grad)


def _edges_to_leaves(tensors: Sequence[Tensor]) -> Counter[int]:
    """How many gradients may arrive at each leaf."""
    found = Counter([id(x) for x in tensors if x._fn is None])
    seen: set[int] = set()
    waiting = [x._fn for x in tensors if x._fn is not None]
    while waiting:
        fn = waiting.pop()
        if id(fn) in seen:
            continue
        seen.add(id(fn))
        for target, _ in fn.edges:
            if isinstance(target, Tensor):
                found[id(target)] += 1
            elif target is not None:
                waiting.append(target)
    return found


def _leading_to(tensors: Sequence[Tensor], inputs: Sequence[Tensor]) -> set[int]:
    """The functions from which an input can be reached."""
    targets = {id(x) for x in inputs} | {id(x._fn) for x in inputs if x._fn is not None}
    order: list[Function] = []
    seen: set[int] = set()
    waiting = [x._fn for x in tensors if x._fn is not None]
    while waiting:
        fn = waiting.pop()
        if id(fn) in seen:
            continue
        seen.add(id(fn))
        order.append(fn)
        waiting += [
            t for t, _ in fn.edges if t is not None and not isinstance(t, Tensor)
        ]
    leading: set[int] = set()
    for fn in sorted(order, key=lambda fn: fn.number):
        if any(id(t) in targets or id(t) in leading for t, _ in fn.edges):
            leading.add(id(fn))
    return leading


def _starting(x: Tensor, gradient: Tensor | None) -> Tensor:
    if gradient is None:
        if x._aval.shape and _numel(x._aval.shape) != 1:
            raise RuntimeError("grad can be implicitly created only for scalar outputs")
        if x._aval.dtype.is_complex:
            raise RuntimeError(
                "grad can be implicitly created only for real scalar outputs but got "
                f"{x._aval.dtype}"
            )
        return record_op(ONES_LIKE, (detached(x),))
    return gradient


def _numel(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _hooked(tensor: Tensor, grad: Tensor) -> Tensor:
    """Run a tensor's hooks on its gradient; each may replace it."""
    for hook in list(tensor._hooks.values()):
        result = hook(grad)
        if result is not None:
            grad = result
    return grad


def _run_prehooks(fn: Function, grads: Grads) -> Grads:
    """Hooks of tensors that this function computed, by output, then of the function."""
    for place, hook in list(fn.prehooks.values()):
        if place is None:
            result = hook(tuple(grads))
            if result is not None:
                grads = list(result)
        elif grads[place] is not None:
            result = hook(grads[place])
            if result is not None:
                grads[place] = result
    return grads


def _checked_pullback(fn: Function, grads: Grads, keep: bool) -> Grads:
    if fn.packed is None:
        for counts, version, place in fn.saved:
            if counts.version != version:
                raise _modified(fn, counts.version, version, place)
    results = fn.pull(grads) if isinstance(fn, CustomFunction) else _pullback(fn, grads)
    if modes.anomaly and modes.check_nan:
        _check_numbers(fn, results)
    if fn.hooks:
        for hook in list(fn.hooks.values()):
            replaced = hook(tuple(results), tuple(grads))
            if replaced is not None:
                results = list(replaced)
    if not keep:
        fn.free()
    return results


def _modified(fn: Function, found: int, wanted: int, place: int) -> RuntimeError:
    """The same for what is kept of an operation: an input, or ~place of an output."""
    call, (maker, output) = fn.call, _maker(fn, place)
    assert call is not None, "a function of the user's looks after what it keeps"
    aval = call.avals[place] if place >= 0 else call.outs[~place]
    return modified(aval, maker, output, found, wanted, _where(fn))


def modified(
    aval: Aval, maker: Any, output: int, found: int, wanted: int, where: str = ""
) -> RuntimeError:
    """The error that something kept for a gradient was written to in place."""
    kind, shape = aval.dtype.type_name, list(aval.shape)
    name = "" if maker is None else re.sub(r"Backward\d*$", "", maker.name())
    made = f", which is output {output} of {name}," if name else ""
    hint = (
        "the backtrace further above shows the operation that failed to compute its "
        "gradient. The variable in question was changed in there or anywhere later. "
        "Good luck!"
        if where
        else "enable anomaly detection to find the operation that failed to compute "
        "its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False)."
    )
    return RuntimeError(
        "one of the variables needed for gradient computation has been modified by an "
        f"inplace operation: [torch.{kind}Tensor {shape}]{made} is at version {found}; "
        f"expected version {wanted} instead. Hint: {hint}{where}"
    )


def _maker(fn: Function, place: int) -> tuple[Any, int]:
    """The function that computed what another keeps, and as which of its outputs."""
    if place < 0:
        return fn, ~place
    if place not in fn.wanted:
        return None, 0
    target, output = fn.edges[fn.wanted.index(place)]
    return (None, 0) if isinstance(target, Tensor) else (target, output)


def _check_numbers(fn: Function, results: Grads) -> None:
    for place, grad in enumerate(results):
        if grad is not None and bool(jnp.isnan(grad._array()).any()):
            raise RuntimeError(
                f"Function '{fn.name()}' returned nan values in its {place}th output."
                + _where(fn)
            )


def _where(fn: Function) -> str:
    if fn.made_at is None:
        return ""
    lines = "".join(traceback.format_list(fn.made_at))
    return f"\nThe forward call that is meant:\n{lines}"


def _pullback(fn: Function, grads: Grads) -> Grads:
    """Record the pullback of the node that a function stands for."""
    node = fn.node or _of_zeros(fn)
    undefined = node.call.op.undefined
    if undefined and 0 in fn.wanted:
        raise NotImplementedError(
            f"the derivative for '{undefined}' is not implemented."
        )
    given = tuple([place for place, grad in enumerate(grads) if grad is not None])
    chosen = [grad for grad in grads if grad is not None]
    cotangents: tuple[Value, ...] = tuple([grad._value() for grad in chosen])
    recorded = None
    if fn.packed:
        recorded = _packing.recorded_pullback(fn, given, cotangents)
        node = node if recorded else _packing.unpacked_node(fn, node)
    pulled, values = recorded or record_pullback(node, fn.wanted, given, cotangents)
    results: Grads = [wrap(value) for value in values]
    if is_grad_enabled() or following:  # with `create_graph`
        sources = _sources_of(pulled, fn, node) + chosen
        further = make_grad_node(pulled, sources)
        if further is not None:
            alone = independent_outputs(pulled, sources)
            for place, made in enumerate(results):
                if made is not None and place not in alone:
                    made._fn, made._output = further, place
    return results


# PyTorch computes all gradients of these in one function, which has them depend alike.
_TOGETHER: Final = frozenset(
    {
        "ConvolutionBackward0",
        "NativeBatchNormBackward0",
        "NativeLayerNormBackward0",
        "NativeGroupNormBackward0",
        "PreluKernelBackward0",
        "WeightNormInterfaceBackward0",
    }
)


def independent_outputs(node: Node, inputs: Sequence[Any]) -> set[int]:
    """The gradients that a node gives which depend on nothing that wants gradients."""
    call = node.call
    if not isinstance(call, PullbackCall) or len(call.wanted) == 1:
        return set()
    wanting = {
        place
        for place, x in enumerate(inputs)
        if isinstance(x, Tensor) and x._wants_grad
    }
    many = len(call.forward.avals)
    if any(place >= many for place in wanting):
        return set()
    if grad_name_of(call.forward) in _TOGETHER:
        return set()
    return {
        place
        for place, one in enumerate(call.wanted)
        if wanting.isdisjoint(needed_inputs(call.forward, (one,)))
    }


def _sources_of(pulled: Node, fn: Function, node: Node) -> list[Any]:
    """What a pullback was computed from besides gradients, as `make_grad_node` asks."""
    if pulled.call.op is PULLBACK:
        return _differentiable_inputs(fn, node)
    result = object.__new__(Tensor)  # from which PyTorch computes it
    result._taken = pulled.sources[0]
    result._fn = fn
    return [result]


def _of_zeros(fn: Function) -> Node:
    """A node in place of a freed one, whose gradient needs none of its inputs.

    PyTorch keeps nothing for sums, views and the like, and so lets `backward` go
    through them again.

    Raises:
        RuntimeError: the gradient needs them.
    """
    call = fn.call
    if call is None or not needs_no_inputs(call, fn.wanted):
        raise RuntimeError(FREED)
    zeros = [record_op(ZEROS, (one.shape, one.dtype)) for one in call.avals]
    return Node(call, tuple([zero._value() for zero in zeros]))


def _differentiable_inputs(fn: Function, node: Any) -> list[Any]:
    """The inputs of a node as stand-ins that know where their gradient goes."""
    inputs: list[Any] = [None] * len(node.sources)
    needed = needed_inputs(node.call, fn.wanted)
    for place, (target, output) in zip(fn.wanted, fn.edges, strict=True):
        if place in needed:
            inputs[place] = stand_in(node.sources[place], target, output)
    return inputs
