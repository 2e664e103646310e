"""The recording: values, and the nodes that compute them.

Passes through here: each operation on tensors, forward and backward. `record` looks up
its `OpCall` and puts a node into `Context.pending`; nothing is computed. A `Node` is an
operation applied to values; a `Value` is one of a node's outputs, or an array that is
known. Both are immutable but for one thing: when a program has run, a value that it
gave back holds its array and forgets its node.
"""

import itertools
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.context import thread
from funcnet.compat._core.conversion import from_halves
from funcnet.compat._core.device import CPU, META, device
from funcnet.compat._engine.op import Op, OpCall, TensorSpec, tensor_spec
from funcnet.compat._engine.pullback import PULLBACK, PullbackCall
from funcnet.compat._messages.translate import user_error

_NUMBERS: Final = {
    bool: tensor_spec((), _dtypes.bool_, weak_type=True),
    int: tensor_spec((), _dtypes.int64, weak_type=True),
    float: tensor_spec((), _dtypes.float64, weak_type=True),
    complex: tensor_spec((), _dtypes.complex128, weak_type=True),
}


_MOST_CALLS: Final = 8192

_calls: Final[dict[Any, OpCall]] = {}
"""The calls that were recorded lately, at most so many: looked up each time."""
_older: Final[dict[Any, OpCall]] = {}
"""Those before; one that is recorded again is recent."""


def _keep(key: Any, call: OpCall) -> None:
    """Keep a call, and forget those that were not recorded for long."""
    if len(_calls) >= _MOST_CALLS:
        _older.clear()
        _older.update(_calls)
        _calls.clear()
    _calls[key] = call


class Value:
    """An array, or one that a node will compute.

    `stride` is set where PyTorch would not have it contiguous, and is not known from
    the node any more: see `_tensor.memory_order`.
    """

    __slots__ = ("array", "index", "node", "spec", "stride")

    stride: tuple[int, ...] | None

    def __init__(
        self,
        spec: TensorSpec,
        array: Any = None,
        node: "Node | None" = None,
        index: int = 0,
    ) -> None:
        self.spec = spec
        self.array = array
        self.node = node
        self.index = index


class Node:
    """One application of an operation. `forward` is the node whose gradient this is.

    `keeps_sources` says that the gradient graph still needs them. A node does not refer
    to its outputs: they refer to it. `beside` is what the open levels of `torch.func`
    have made beside it; it is there only where they have. `compiles` is there where a
    call that `torch.compile` was given recorded the node.
    """

    __slots__ = (
        "beside",
        "call",
        "compiles",
        "forward",
        "keeps_sources",
        "number",
        "sources",
    )
    beside: dict[Any, Any]
    compiles: bool

    def __init__(
        self, call: OpCall, sources: tuple[Value, ...], forward: "Node | None" = None
    ) -> None:
        self.call = call
        self.sources = sources
        self.forward = forward
        self.keeps_sources = False
        self.number = next(_node_numbers)


_node_numbers = itertools.count()


def next_number() -> int:
    """The number of something among the nodes, such as a custom function."""
    return next(_node_numbers)


def constant(array: Any, device: device = CPU) -> Value:
    """A value that is known: an array of JAX or of numpy, never changed afterwards."""
    dtype = _dtypes.BY_NUMPY[array.dtype]
    if device is META:
        return Value(tensor_spec(array.shape, dtype, META))
    if dtype is _dtypes.complex32:
        array = from_halves(array)
    return Value(tensor_spec(array.shape, dtype, device), array)


def scalar_input(value: complex) -> Value:
    """A Python number as an input: its value may change from step to step."""
    return Value(_NUMBERS[type(value)], value)


class Number(Value):
    """A Python number that seldom changes: an index, the slope of an activation.

    It is an input of its call and a constant of compiled programs, until it changes:
    see `_tiers/fixed_numbers.py`.
    """

    __slots__ = ()


def number_input(value: complex) -> Value:
    """A Python number as an input that is a constant of programs until it changes."""
    return Number(_NUMBERS[type(value)], value)


Recorded: TypeAlias = tuple[Node, list[Value]]
"""A node and its outputs."""


def record(
    op: Op,
    sources: tuple[Value, ...],
    template: Any,
    make: Callable[[], Any] | None = None,
) -> Recorded:
    """Record an application; nothing is computed.

    Where a template is costly to make, `template` may be anything that tells it from
    the operation's others; `make` is called for the template itself when it is new.
    """
    specs = tuple([source.spec for source in sources])
    key = (op, template, specs, _dtypes.default_dtype)
    try:
        call = _calls.get(key)
    except TypeError:
        raise TypeError(
            f"{op.name}: its settings {template!r} hold something that cannot be "
            "compared by value. Give numbers, strings or tuples of them."
        ) from None
    if call is None:
        call = _older.get(key) or _meta_calls.get(key)
        if call is None:
            call = _new_call(op, template if make is None else make(), specs)
        if call.output_specs and call.output_specs[0].device is META:
            return _meta_outputs(key, call, sources)
        _keep(key, call)
    return record_node(Node(call, sources))


_meta_calls: dict[Any, OpCall] = {}
"""The calls on tensors of the device "meta", apart from those looked up first."""


def _meta_outputs(key: Any, call: OpCall, sources: tuple[Value, ...]) -> Recorded:
    """A node that is never run, and what it gives: shapes and dtypes only."""
    if len(_meta_calls) >= _MOST_CALLS:
        _meta_calls.clear()
    _meta_calls[key] = call
    return Node(call, sources), [Value(out) for out in call.output_specs]


def record_node(node: Node) -> Recorded:
    """Let the innermost level record a node, or add it to what is pending."""
    context = thread.context
    if context.levels:
        return context.levels[-1].note(node)
    specs = node.call.output_specs
    if len(specs) == 1:
        values = [Value(specs[0], None, node)]
    else:
        values = [Value(spec, None, node, i) for i, spec in enumerate(specs)]
    recorded = node, values
    if values:
        context.pending.append(recorded)
    return recorded


class Hooks:
    """What the rooms above have done while operations are recorded.

    Attributes:
        new_call: makes the call of an operation with new settings or specs.
    """

    def __init__(self) -> None:
        self.new_call: Callable[..., OpCall] = OpCall


hooks: Final = Hooks()


def _new_call(op: Op, template: Any, specs: tuple[TensorSpec, ...]) -> OpCall:
    try:
        return hooks.new_call(op, template, specs)
    except Exception as error:
        refusal = user_error(error, op.name, op.run, template[0])
        if refusal is error:
            raise
        raise refusal from None


def record_pullback(
    node: Node,
    wanted: tuple[int, ...],
    given: tuple[int, ...],
    cotangents: tuple[Value, ...],
    axes: tuple[int | None, ...] | None = None,
    size: int = 0,
) -> Recorded:
    """Record the gradient of a node, or a batch of them: see `PullbackCall`."""
    key = (PULLBACK, node.call.id, wanted, given, axes, size)
    call = _calls.get(key)
    if call is None:
        call = _older.get(key) or _meta_calls.get(key)
        if call is None:
            call = PullbackCall(node.call, wanted, given, axes, size)
        if call.output_specs and call.output_specs[0].device is META:
            return _meta_outputs(key, call, node.sources + cotangents)
        _keep(key, call)
    return record_node(Node(call, node.sources + cotangents, node))
