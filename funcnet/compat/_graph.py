"""The recording: values, and the nodes that compute them.

A `Node` is one application of an operation to values; a `Value` is one of a node's
outputs, or an array that is known. Both are immutable but for one thing: when a program
has run, a value that it gave back holds its array and forgets its node.

What can be known about an application without its numbers is a `Call`: the operation,
its settings, the shapes and dtypes that go in and come out. Calls are interned, so that
recording an operation again looks up one dictionary, and a whole program is compared by
the numbers of its calls.
"""

import contextlib
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

import jax
import numpy as np

from funcnet._errors import InputError, InputTypeError
from funcnet.compat import _dtypes
from funcnet.compat._devices import CPU, device
from funcnet.compat._dtypes import dtype
from funcnet.compat._shapes import check_broadcast_all


class Aval:
    """Shape, dtype, device and size of a value; one object for each combination.

    `number` marks a Python number that enters as an input; it has no say in the dtype
    of a result beyond its kind.
    """

    __slots__ = ("bytes", "device", "dtype", "number", "shape", "struct")

    def __init__(
        self, shape: tuple[int, ...], kind: dtype, where: device, number: bool
    ) -> None:
        self.shape = shape
        self.dtype = kind
        self.device = where
        self.number = number
        self.bytes = math.prod(shape) * kind.itemsize
        self.struct = jax.ShapeDtypeStruct(shape, kind.numpy, weak_type=number)

    def __repr__(self) -> str:
        return f"{self.dtype.name}{list(self.shape)}"


_avals: dict[Any, Aval] = {}


def aval(
    shape: tuple[int, ...], kind: dtype, where: device = CPU, number: bool = False
) -> Aval:
    """The one `Aval` of this shape, dtype and device."""
    key = (shape, kind, where, number)
    found = _avals.get(key)
    if found is None:
        found = _avals[key] = Aval(shape, kind, where, number)
    return found


_NUMBERS: Final = {
    bool: aval((), _dtypes.bool_, number=True),
    int: aval((), _dtypes.int64, number=True),
    float: aval((), _dtypes.float64, number=True),
    complex: aval((), _dtypes.complex128, number=True),
}


class Op:
    """An operation: a pure function of arrays and settings.

    Attributes:
        name: as PyTorch calls it.
        run: takes arrays where the recorded call had tensors, and gives an array or a
            tuple of arrays.
        grad_name: what `grad_fn` is called.
        saves: what PyTorch keeps for the gradient, "inputs", "factors" (an input whose
            partner has a gradient), "result" or nothing; to write into it in place
            before `backward` is an error.
    """

    __slots__ = ("grad_name", "name", "run", "saves")

    def __init__(
        self,
        name: str,
        run: Callable[..., Any],
        grad_name: str | None = None,
        saves: str = "",
    ) -> None:
        self.name = name
        self.run = run
        words = name.strip("_").replace(".", "_").split("_")
        self.grad_name = (
            grad_name or "".join(w.capitalize() for w in words) + "Backward0"
        )
        self.saves = saves

    def __repr__(self) -> str:
        return f"Op({self.name})"


class Hole:
    """Stands in the settings of a call for the next array."""

    def __repr__(self) -> str:
        return "_"


HOLE: Final = Hole()


@contextlib.contextmanager
def pytorchs_promotion() -> Iterator[None]:
    """Let operations mix dtypes and ranks, whatever the user allows JAX elsewhere."""
    with jax.numpy_dtype_promotion("standard"), jax.numpy_rank_promotion("allow"):
        yield


class Call:
    """What is known of an application without its numbers.

    `smooth` are the places of the inputs that can have a gradient, if an output can.
    """

    __slots__ = (
        "avals",
        "id",
        "op",
        "outs",
        "single",
        "smooth",
        "structure",
        "template",
    )

    def __init__(self, op: Op, template: Any, avals: tuple[Aval, ...]) -> None:
        self.id = next(_call_ids)
        self.op = op
        self.template = template
        self.avals = avals
        where = _place(op, avals)
        structs = [one.struct for one in avals]
        with jax.enable_x64(True), pytorchs_promotion():
            result = jax.eval_shape(self.run, *structs)
        leaves, self.structure = jax.tree.flatten(result)
        self.single = leaves == [result]
        self.outs: tuple[Aval, ...] = tuple(
            aval(out.shape, _dtypes.BY_NUMPY[out.dtype], where) for out in leaves
        )
        self.smooth = _smooth(avals, self.outs)

    def run(self, *arrays: Any) -> Any:
        """Compute the outputs from the inputs, a function for JAX to trace."""
        args, kwargs = fill(self.template, iter(arrays))
        result = self.op.run(*args, **kwargs)
        return jax.tree.map(_strong, result)

    def outputs(self, *arrays: Any) -> tuple[Any, ...]:
        """The outputs, always as a tuple."""
        return tuple(jax.tree.leaves(self.run(*arrays)))


def _strong(x: Any) -> Any:
    """An array with a dtype of its own; only Python numbers have JAX's weak types."""
    x = jax.numpy.asarray(x)
    return jax.lax.convert_element_type(x, x.dtype) if x.weak_type else x


class PullbackCall(Call):
    """The gradient of a call: from its inputs and the gradients of its outputs.

    `wanted` says which inputs are differentiated, `given` which outputs have one.
    """

    __slots__ = ("forward", "given", "wanted")

    def __init__(
        self, forward: Call, wanted: tuple[int, ...], given: tuple[int, ...]
    ) -> None:
        self.id = next(_call_ids)
        self.op = PULLBACK
        self.template = None
        self.forward = forward
        self.wanted = wanted
        self.given = given
        self.avals = forward.avals + tuple(forward.outs[place] for place in given)
        self.outs = tuple(forward.avals[place] for place in wanted)
        self.single = False
        self.structure = jax.tree.structure(self.outs)
        self.smooth = _smooth(self.avals, self.outs)

    def run(self, *arrays: Any) -> Any:
        inputs = arrays[: len(self.forward.avals)]
        _, pullback = forward_and_pullback(self.forward, inputs, [self])
        return pullback(self, arrays[len(inputs) :])


def forward_and_pullback(
    forward: Call, inputs: Sequence[Any], pullbacks: Sequence[PullbackCall]
) -> tuple[tuple[Any, ...], Callable[[PullbackCall, Sequence[Any]], Any]]:
    """Run a call and keep what these gradients of it need; a function computes them.

    Outputs that none of them has a gradient for are left out of the differentiation:
    a zero in their place would meet the infinite derivatives of eigenvectors.
    """
    wanted = sorted({place for one in pullbacks for place in one.wanted})
    given = sorted({place for one in pullbacks for place in one.given})

    def smooth(*chosen: Any) -> Any:
        filled = list(inputs)
        for place, array in zip(wanted, chosen, strict=True):
            filled[place] = array
        outputs = forward.outputs(*filled)
        return [outputs[place] for place in given], outputs

    chosen = [inputs[place] for place in wanted]
    _, transposed, outputs = jax.vjp(smooth, *chosen, has_aux=True)

    def pullback(call: PullbackCall, cotangents: Sequence[Any]) -> Any:
        known = dict(zip(call.given, cotangents, strict=True))
        # PyTorch's gradient of a complex number is the conjugate of JAX's.
        grads = transposed(
            [
                jax.numpy.conj(known[place])
                if place in known
                else np.zeros(
                    forward.outs[place].shape, forward.outs[place].dtype.numpy
                )
                for place in given
            ]
        )
        found = dict(zip(wanted, grads, strict=True))
        return tuple([jax.numpy.conj(found[place]) for place in call.wanted])

    return outputs, pullback


PULLBACK: Final = Op("pullback", lambda: None, "PullbackBackward0")


def _smooth(inputs: tuple[Aval, ...], outs: tuple[Aval, ...]) -> tuple[int, ...]:
    if not any(is_differentiable(out.dtype) for out in outs):
        return ()
    return tuple(
        place for place, one in enumerate(inputs) if is_differentiable(one.dtype)
    )


def is_differentiable(kind: dtype) -> bool:
    return kind.is_floating_point or kind.is_complex


_call_ids = itertools.count()
_calls: dict[Any, Call] = {}


class Value:
    """An array, or one that a node will compute."""

    __slots__ = ("array", "aval", "index", "node")

    def __init__(
        self, kind: Aval, array: Any = None, node: "Node | None" = None, index: int = 0
    ) -> None:
        self.aval = kind
        self.array = array
        self.node = node
        self.index = index


class Node:
    """One application of an operation. `forward` is the node whose gradient this is.

    `kept` says that the gradient graph still needs the sources. A node does not refer
    to its outputs: they refer to it.
    """

    __slots__ = ("call", "forward", "kept", "number", "sources")

    def __init__(
        self, call: Call, sources: tuple[Value, ...], forward: "Node | None" = None
    ) -> None:
        self.call = call
        self.sources = sources
        self.forward = forward
        self.kept = False
        self.number = next(_node_numbers)


_node_numbers = itertools.count()


def next_number() -> int:
    """The number of something among the nodes, such as a custom function."""
    return next(_node_numbers)


def constant(array: Any, where: device = CPU) -> Value:
    """A value that is known: an array of JAX or of numpy, never changed afterwards."""
    return Value(aval(array.shape, _dtypes.BY_NUMPY[array.dtype], where), array)


def number(value: complex) -> Value:
    """A Python number as an input: its value may change from step to step."""
    return Value(_NUMBERS[type(value)], value)


Recorded: TypeAlias = tuple[Node, list[Value]]

recording: Final[list[list[Value]]] = []
"""What was recorded and has not run, in order: the outputs of each node."""


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
    avals = tuple([source.aval for source in sources])
    key = (op, template, avals)
    try:
        call = _calls.get(key)
    except TypeError:
        raise TypeError(
            f"{op.name}: its settings {template!r} hold something that cannot be "
            "compared by value. Give numbers, strings or tuples of them."
        ) from None
    if call is None:
        call = _calls[key] = _first(op, template if make is None else make(), avals)
    return _noted(Node(call, sources))


def _noted(node: Node) -> Recorded:
    outs = node.call.outs
    if len(outs) == 1:
        values = [Value(outs[0], None, node)]
    else:
        values = [Value(kind, None, node, i) for i, kind in enumerate(outs)]
    if values:
        recording.append(values)
    return node, values


def _first(op: Op, template: Any, avals: tuple[Aval, ...]) -> Call:
    try:
        return Call(op, template, avals)
    except InputTypeError as error:
        raise TypeError(str(error)) from None
    except InputError as error:
        raise RuntimeError(str(error)) from None
    except TypeError as error:
        if "incompatible shapes for broadcasting" in str(error):
            check_broadcast_all(one.shape for one in avals)
        _without_notes(error)
        raise
    except (IndexError, RuntimeError, ValueError) as error:
        _without_notes(error)
        raise


def _without_notes(error: Exception) -> None:
    """Drop what JAX says about its own frames in the traceback."""
    error.__dict__.pop("__notes__", None)


def record_pullback(
    node: Node,
    wanted: tuple[int, ...],
    given: tuple[int, ...],
    cotangents: tuple[Value, ...],
) -> Recorded:
    """Record the gradient of a node."""
    key = (PULLBACK, node.call.id, wanted, given)
    call = _calls.get(key)
    if call is None:
        call = _calls[key] = PullbackCall(node.call, wanted, given)
    return _noted(Node(call, node.sources + cotangents, node))


def forget_calls() -> None:
    """Drop what was interned; done when the default dtype changes."""
    _calls.clear()


def fill(template: Any, arrays: Any) -> Any:
    """Put the arrays where the template has holes."""
    if template is HOLE:
        return next(arrays)
    if type(template) is not tuple:
        return template
    if not template or type(template[0]) is not Tag:
        return tuple([fill(part, arrays) for part in template])
    tag, *parts = template
    if tag is LIST:
        return [fill(part, arrays) for part in parts]
    if tag is DICT:
        return {name: fill(part, arrays) for name, part in parts}
    if tag is SLICE:
        return slice(*[fill(part, arrays) for part in parts])
    return parts[0]


class Tag:
    """Says what a tuple in a template stands for: 1, 1.0 and True are equal keys."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


LIST: Final = Tag("list")
DICT: Final = Tag("dict")
SLICE: Final = Tag("slice")
SCALAR: Final = {kind: Tag(kind.__name__) for kind in (bool, float, complex)}
NO_KEYWORDS: Final = (DICT,)


def frozen(setting: Any, arrays: list[Any], is_array: Callable[[Any], bool]) -> Any:
    """A template of a setting; what `is_array` says goes into the list, in order."""
    kind = type(setting)
    if kind is int or kind is str or setting is None:
        return setting
    if is_array(setting):
        arrays.append(setting)
        return HOLE
    if kind in SCALAR:
        # All NaNs are one key; 0.0 and -0.0 are two.
        if kind is float and setting != setting:
            return (SCALAR[float], math.nan)
        return (
            (SCALAR[kind], setting, str(setting))
            if not setting
            else (SCALAR[kind], setting)
        )
    if isinstance(setting, list):
        return (LIST, *[frozen(part, arrays, is_array) for part in setting])
    if isinstance(setting, tuple):
        return tuple([frozen(part, arrays, is_array) for part in setting])
    if isinstance(setting, dict):
        pairs = [(k, frozen(v, arrays, is_array)) for k, v in setting.items()]
        return (DICT, *pairs)
    if isinstance(setting, slice):
        ends = (setting.start, setting.stop, setting.step)
        return (SLICE, *[frozen(end, arrays, is_array) for end in ends])
    return setting


def _place(op: Op, avals: tuple[Aval, ...]) -> device:
    """The device of the result; numbers and tensors without dimensions may travel."""
    places = {one.device for one in avals if not one.number}
    if len(places) > 1:
        sized = {one.device for one in avals if one.shape}
        if len(sized) > 1:
            first, second = sorted(map(str, sized))[:2]
            raise RuntimeError(
                "Expected all tensors to be on the same device, but found at least two "
                f"devices, {first} and {second}! ({op.name})"
            )
        places = sized or {next(one for one in places if one.type != "cpu")}
    return next(iter(places), CPU)
