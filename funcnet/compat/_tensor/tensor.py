"""The tensor: a mutable holder of a recorded value, with a place in the gradient graph.

Methods other than the core's are installed by the modules of `funcnet.compat._ops`.
"""

import functools
import operator
import traceback
import weakref
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import jax
import numpy as np

from funcnet.compat._core.autocast_policy import casts, precision
from funcnet.compat._core.context import modes
from funcnet.compat._core.conversion import converted, in_memory
from funcnet.compat._core.device import ANYWHERE, device
from funcnet.compat._core.dtype import complex32, dtype
from funcnet.compat._core.removable_handle import Hooks
from funcnet.compat._core.static_args import HOLE, NO_KEYWORDS, frozen
from funcnet.compat._core.strides import Layout, contiguous, layout_in
from funcnet.compat._engine import deferred_errors as _late
from funcnet.compat._engine import executor as _program
from funcnet.compat._engine.graph import (
    Node,
    Recorded,
    Value,
    constant,
    following,
    number,
    record,
    recording,
)
from funcnet.compat._engine.op import Aval, Call, Op, is_differentiable, needed_inputs
from funcnet.compat._gradient_rules.node_names import grad_name_of
from funcnet.compat._tensor.storage import Counter, Storage, ever_inferred
from funcnet.compat._tensor.transform_levels import Logical, array_of
from funcnet.compat._tensor.view_ops import (
    ALIAS,
    DETACH,
    PUT,
    Step,
    ViewOp,
    put,
    put_sources,
    take,
)
from funcnet.compat._tensor.view_origin import Origin, refusal


class Size(tuple):
    """A shape, as `torch.Size`."""

    __slots__ = ()

    def numel(self) -> int:
        """How many elements a tensor of this shape has."""
        count = 1
        for size in self:
            count *= size
        return count

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def __getitem__(self, place: Any) -> Any:
        found = tuple.__getitem__(self, place)
        return Size(found) if isinstance(place, slice) else found

    def __add__(self, other: tuple[Any, ...]) -> "Size":
        return Size(tuple(self) + tuple(other))

    def __reduce__(self) -> Any:
        return Size, (tuple(self),)


def construct(cls: type, *args: Any, **kwargs: Any) -> Any:
    """Make a tensor as `torch.Tensor(...)` does; `_creation` installs what does it."""
    raise NotImplementedError


class Tensor:
    """A multi-dimensional array of one dtype, as `torch.Tensor`.

    Operations on tensors are recorded, and computed when a number is looked at.
    """

    _storage: Storage
    # Of a view: the tensor it shows, the steps that lead from the storage to it, what
    # they gave, and at which version of the storage.
    _base: "Tensor | None" = None
    _steps: tuple[Step, ...] = ()
    _taken: Value | None = None
    _taken_at: int = 0
    # Of a view that cannot follow a write: how it was made.
    _origin: Origin | None = None
    # What counts the writes, if it is not the storage.
    _counter: Counter | None = None
    # In the gradient graph: what computed this tensor, as which of its outputs.
    _fn: Any = None
    _output: int = 0
    _requires_grad: bool = False
    _grad: "Tensor | None" = None
    _retains_grad: bool = False
    _hooks: Any = None
    _after_accumulate: Any = None
    _sparse = False
    _accumulation: Any = None
    # Of a subclass: whether it is a parameter, which is a matter of its class else.
    _is_param: bool = False
    _is_buffer: bool = False
    __array_priority__ = 1000

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The methods that the table of operations installs."""

        def _with(self, other: Any) -> "Tensor":
            """The operators that it installs."""
            ...

        def _alone(self) -> "Tensor": ...

        __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _with
        __truediv__ = __rtruediv__ = __floordiv__ = __mod__ = __matmul__ = _with
        __pow__ = __rpow__ = __and__ = __or__ = __xor__ = __getitem__ = _with
        __lt__ = __le__ = __gt__ = __ge__ = _with
        __neg__ = __invert__ = __abs__ = _alone

        def __setitem__(self, place: Any, value: Any) -> None: ...
        def __float__(self) -> float: ...
        def __int__(self) -> int: ...

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        return construct(cls, *args, **kwargs)

    # --- the value -------------------------------------------------------------------

    def _value(self) -> Value:
        """What this tensor holds now."""
        storage = self._storage
        if not self._steps:
            return storage.value if storage.host is None else storage.read()
        if self._taken_at != storage.stamp or storage.host is not None:
            self._look_again()
        assert self._taken is not None, "a view without a value"
        return self._taken

    def _look_again(self) -> None:
        """Take the view anew after its base was written to."""
        base, storage = self._base, self._storage
        # Inside a level what is outside may have a gradient where this has none.
        smooth = base is not None and (
            following or (base.requires_grad and is_grad_recorded())
        )
        smooth = smooth and self._origin is None  # which loses its place
        if base is not None and smooth and (base._fn is not None or self._is_of(base)):
            again = base
            for step in self._steps_from(base):
                again = _wrap_step(again, step)
            self._taken = again._taken
            self._set_fn(again._fn)
        else:
            self._taken = _taken_on_host(self) or take(storage.read(), self._steps)
        self._taken_at = storage.stamp

    def _steps_from(self, base: "Tensor") -> tuple[Step, ...]:
        """The steps from its base to this view, if the base is still what it was."""
        if not self._is_of(base):
            raise RuntimeError(
                "the tensor that this view was taken of has since got other memory, "
                "through .data or set_, or another shape in place, through t_, "
                "squeeze_ or the like: the gradient of a write cannot follow. Take the "
                "view again."
            )
        return self._steps[len(base._steps) :]

    def _is_of(self, base: "Tensor") -> bool:
        """Whether the base shows the memory that it did when the view was taken."""
        return self._storage is base._storage and all(
            map(operator.is_, base._steps, self._steps)
        )

    def _known(self) -> np.ndarray | None:
        """The numbers, not to be written, if they are data that lie on the host."""
        if self._storage.host is not None:
            return None
        array = self._value().array
        return array if type(array) is np.ndarray else None

    @property
    def _aval(self) -> Aval:
        """Shape, dtype and device."""
        taken = self._taken
        if taken is not None:
            return taken.aval
        return self._storage.value.aval

    def _array(self) -> Any:
        """The numbers, computed, as an array that must not be written."""
        value = self._value()
        if value.array is not None:
            if _late.waiting:
                _late.look()
            return value.array
        if type(value) is Logical and not value.settled:
            return array_of(value)
        if self._steps and value.aval.device.type == "cpu" and not following:
            # A program for each part of a tensor would be one compile for each, so
            # the base alone is computed.
            del value
            self._taken = None
            try:
                shown = np.asarray(self._storage.array())
            except BaseException:
                self._look_again()
                raise
            for step in self._steps:
                shown = step.see(shown)
            self._taken = constant(shown)
            return self._taken.array
        _program.computed(value)
        if _late.waiting:
            _late.look()
        return value.array

    def _counts(self) -> "Storage | Counter":
        """What counts the writes to this tensor, its views and its base: `.version`."""
        counter = self._counter
        return self._storage if counter is None else counter

    def _count_write(self) -> None:
        self._counts().version += 1

    def _take_memory(self, storage: Storage) -> None:
        """Show other memory, all of it; writes are counted on from where they were."""
        self._counter = Counter(self._counts().version)
        self._storage, self._steps = storage, ()
        self._base = self._taken = None

    def _write(self, value: Value, fn: Any = None, output: int = 0) -> None:
        """Put another value into the memory of this tensor, and of all its views."""
        storage, base = self._storage, self._base
        if following and not is_grad_recorded():
            value = _without_graph(value)
        if fn is not None and self._origin is not None:
            raise refusal(self._origin, self._fn, itself=True)
        if base is not None and (base.requires_grad or self._is_of(base)):
            # What the base holds now is a function of what it held and of the writing.
            numbers, settings = put_sources(self._steps_from(base))
            shown = _wrap(value, fn, output)
            sources = (base._value(), value, *numbers)
            recorded = record(PUT, sources, ((HOLE, HOLE, settings), NO_KEYWORDS))
            new = finish(recorded, [base, shown])
            base._write(new._storage.value, new._fn)
            return
        storage.write(put(storage.read(), value, self._steps) if self._steps else value)
        self._count_write()
        if is_grad_recorded():  # else the gradient goes past the writing, unchanged
            self._set_fn(fn, output)
            if following:
                following[-1].track(self)

    def _write_uncounted(self, value: Value) -> None:
        """Write what PyTorch's kernels write without counting it."""
        counts = self._counts()
        version = counts.version
        self._write(value)
        counts.version = version

    def _check_origin(self) -> None:
        """Raise where this view has lost its place in the gradient graph."""
        origin, base = self._origin, self._base
        assert origin is not None, "asked of a view that follows"
        if origin.version == self._counts().version:
            return
        if base is not None and base._wants_grad:
            raise refusal(origin, self._fn, itself=False)

    def _set_fn(self, fn: Any, output: int = 0) -> None:
        """Say what computed this tensor now, in place; a gradient retained follows."""
        old = self._fn
        if self._retains_grad and old is not None and old is not fn:
            mine = [entry for entry in old.retained or () if entry[1]() is self]
            old.retained = [entry for entry in old.retained or () if entry not in mine]
            for _, me in mine:
                retain(fn, output, me)
        self._fn, self._output = fn, output

    # --- what everybody asks --------------------------------------------------------

    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        return Size(self._aval.shape)

    @property
    def dtype(self) -> dtype:
        """The type of the elements."""
        return self._aval.dtype

    @property
    def device(self) -> device:
        """Where the tensor lies."""
        return self._aval.device

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self._aval.shape)

    @property
    def requires_grad(self) -> bool:
        """Whether gradients reach this tensor."""
        if self._steps and self._taken_at != self._storage.stamp:
            self._look_again()
        return self._fn is not None or self._requires_grad

    _wants_grad = requires_grad  # of this package, which asks nobody first

    @property
    def is_leaf(self) -> bool:
        """Whether nothing that is differentiated computed this tensor."""
        return self._fn is None

    @property
    def grad_fn(self) -> Any:
        """What computed this tensor, for the gradient; None for a leaf."""
        if self._origin is not None and is_grad_recorded():
            self._check_origin()
        if self._steps and self._taken_at != self._storage.stamp:
            self._look_again()
        return self._fn

    def _layout(self) -> Layout:
        """Where the elements lie in memory: as PyTorch would have them."""
        memory, aval = self._storage.host, self._storage.value.aval
        if memory is not None:
            return layout_in(memory, self._look(memory))
        if not self._steps:
            return contiguous(aval.shape)
        if any(step.numbers for step in self._steps):
            return layout_after(aval, self._steps)
        return _known_layout(aval, self._steps)

    def _look(self, memory: np.ndarray) -> np.ndarray:
        """What this tensor shows of an array in the place of its storage."""
        for step in self._steps:
            memory = step.look(memory)
        return memory


def layout_after(aval: Aval, steps: tuple[Step, ...]) -> Layout:
    """Where the elements lie to which the steps lead from a contiguous tensor."""
    shown = memory = contiguous(aval.shape).blank(aval.dtype.numpy)
    for step in steps:
        shown = step.look(shown)
    return layout_in(memory, shown)


_known_layout = functools.lru_cache(4096)(layout_after)


def is_grad_recorded() -> bool:
    return modes.grad and not modes.inference


_new = object.__new__


def _wrap(value: Value, fn: Any = None, output: int = 0, cls: type = Tensor) -> Tensor:
    """A tensor with memory of its own."""
    made: Any = _new(cls)
    made._storage = Storage(value)
    if fn is not None:
        made._fn = fn
        made._output = output
    return made


def wrap(value: Value) -> Tensor:
    """A tensor of a value, outside the gradient graph."""
    return _wrap(value)


def stand_in(value: Value, target: Any, output: int) -> Tensor:
    """A tensor that goes where the gradient of another goes, if not that itself."""
    if isinstance(target, Tensor):
        return target
    made: Tensor = _new(Tensor)
    made._taken = value
    made._fn, made._output = target, output
    return made


def from_array(array: Any, where: Any = None) -> Tensor:
    """A tensor of an array that nobody else will write to."""
    from_place = where if where is not None else _CPU
    return _wrap(constant(array, from_place))


def like(x: Tensor, array: Any) -> Tensor:
    """A tensor of numbers of another one, which are an array of that one's."""
    return from_array(in_memory(x._aval.dtype, array), x._aval.device)


_CPU = device("cpu")


# What counts the writes to a tensor, the count, and its place among the inputs, or
# ~place among the outputs.
Saved: TypeAlias = tuple[Storage | Counter, int, int]


class Function:
    """A node of the gradient graph: from gradients of the outputs to those of inputs.

    `edges` are, for each input that wants a gradient, the function (or the leaf tensor)
    that gets it and as which of its outputs. `saved` is what PyTorch keeps as tensors.
    """

    __slots__ = (
        "__weakref__",
        "_metadata",
        "call",
        "edges",
        "hooks",
        "made_at",
        "node",
        "number",
        "outputs",
        "packed",
        "prehooks",
        "retained",
        "saved",
        "wanted",
    )

    def __init__(
        self,
        node: Node,
        wanted: tuple[int, ...],
        edges: tuple[tuple[Any, int], ...],
        saved: tuple[Saved, ...],
    ) -> None:
        self.node: Node | None = node
        self.call: Call | None = node.call
        node.kept = True
        self.number = node.number
        self.wanted = wanted
        self.edges = edges
        self.outputs = len(node.call.outs)
        self.saved = saved
        self.hooks: Any = None
        self.prehooks: Any = None
        self.retained: Any = None
        self.made_at: Any = None
        # By hooks on what is kept; with a dictionary, versions are of no account.
        self.packed: Any = None
        self._metadata: dict[str, Any] | None = None

    def __del__(self) -> None:
        self.free()

    def free(self) -> None:
        """Let go of what the gradient needs."""
        if self.node is not None:
            self.node.kept = False
            self.node = None
        self.saved = ()
        self.packed = None

    def name(self) -> str:
        """What PyTorch calls this function."""
        return type(self).__name__

    @property
    def metadata(self) -> dict[str, Any]:
        """A dictionary for the user's notes."""
        if self._metadata is None:
            self._metadata = {}
        return self._metadata

    @property
    def requires_grad(self) -> bool:
        """Yes: there is no such function where no gradient is wanted."""
        return True

    def _sequence_nr(self) -> int:
        return self.number

    @property
    def next_functions(self) -> tuple[tuple[Any, int], ...]:
        """The functions that get the gradients, each with the place of its output."""
        return tuple(
            (accumulation(target) if isinstance(target, Tensor) else target, place)
            for target, place in self.edges
        )

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Say why there are no `_saved_self` and the like."""
            said = f"{type(self).__name__!r} object has no attribute {name!r}"
            if name.startswith(("_saved_", "_raw_saved_")):
                said += (
                    ": funcnet.compat keeps no tensors by name for a gradient; forward "
                    "and backward are one program, which decides what to keep"
                )
            raise AttributeError(said)

    def register_hook(self, hook: Any) -> Any:
        """Call `hook(grad_inputs, grad_outputs)` after this function has run."""
        if self.hooks is None:
            self.hooks = Hooks()
        return self.hooks.add(hook)

    def register_prehook(self, hook: Any) -> Any:
        """Call `hook(grad_outputs)` before this function runs."""
        if self.prehooks is None:
            self.prehooks = Hooks()
        return self.prehooks.add((None, hook))

    def __repr__(self) -> str:
        return f"<{self.name()} object at {id(self):#x}>"


@functools.cache
def named_function(base: type, name: str) -> Any:
    """The class of the gradient functions of a name, such as `AddBackward0`."""
    return type(name, (base,), {"__slots__": (), "__module__": "torch.autograd"})


def retain(fn: Function | None, output: int, tensor: "weakref.ref[Tensor]") -> None:
    """Let a function keep the gradient of an output in the `grad` of a tensor."""
    if fn is not None:
        fn.retained = [*(fn.retained or ()), (output, tensor)]


class AccumulateGrad:
    """Stands for a leaf in the gradient graph, where its gradient is added up."""

    def __init__(self, variable: Tensor) -> None:
        self.variable = variable
        self.metadata: dict[str, Any] = {}

    def name(self) -> str:
        """What PyTorch calls it."""
        return "torch::autograd::AccumulateGrad"

    def register_hook(self, hook: Any) -> Any:
        """Call `hook((), grads)` each time a gradient was added to the leaf's."""

        def after(leaf: Any, grad: Any) -> None:
            hook((), (grad,))

        after.takes_gradient = True  # type: ignore[attr-defined]
        if self.variable._after_accumulate is None:
            self.variable._after_accumulate = Hooks()
        return self.variable._after_accumulate.add(after)

    def register_prehook(self, hook: Any) -> Any:
        """Call `hook(grads)` before a gradient is added to the leaf's."""

        def before(grad: Any) -> Any:
            replaced = hook((grad,))
            return replaced[0] if isinstance(replaced, tuple) else replaced

        if self.variable._hooks is None:
            self.variable._hooks = Hooks()
        return self.variable._hooks.add(before)

    @property
    def next_functions(self) -> tuple[()]:
        """Nothing comes after a leaf."""
        return ()

    def __repr__(self) -> str:
        return f"<AccumulateGrad object at {id(self):#x}>"


def accumulation(leaf: Tensor) -> AccumulateGrad:
    """The one that stands for a leaf, as long as somebody holds it."""
    found = leaf._accumulation and leaf._accumulation()
    if found is None:
        found = AccumulateGrad(leaf)
        leaf._accumulation = weakref.ref(found)
    return found


def edge(tensor: Tensor) -> tuple[Any, int]:
    """Where the gradient of a tensor goes: to what computed it, or to itself."""
    fn = tensor._fn
    return (tensor, 0) if fn is None else (fn, tensor._output)


def apply_op(
    op: Op, args: tuple[Any, ...], kwargs: dict[str, Any] | None = None
) -> Any:
    """Record an operation on tensors: a tensor, or a tuple of them, as `op` gives."""
    inputs: list[Any] = []
    template = tuple([frozen(arg, inputs, is_input) for arg in args])
    named = frozen(kwargs, inputs, is_input) if kwargs else NO_KEYWORDS
    if modes.autocast is not None:
        inputs = _autocast_inputs(op, inputs)
    sources = tuple([as_value(x) for x in inputs])
    return finish(record(op, sources, (template, named)), inputs)


def _autocast_inputs(op: Op, inputs: list[Any]) -> list[Any]:
    """The inputs in the precision in which `torch.autocast` wants an operation."""
    cast = []
    for x in inputs:
        if isinstance(x, Tensor):
            low = modes.autocast.get(x._aval.device.type)
            wanted = low and precision(op.name, x._aval.device.type, low)
            if wanted and casts(x._aval.dtype, wanted):
                x = apply_op(CAST, (x, wanted))
        cast.append(x)
    return cast


CAST = Op("to", converted, "ToCopyBackward0")


def is_input(argument: Any) -> bool:
    """Tell what enters a program as an array: tensors, arrays, numbers so marked."""
    return isinstance(argument, Tensor | Number | np.ndarray)


def as_value(argument: Any) -> Value:
    if isinstance(argument, Tensor):
        return argument._value()
    if type(argument) is Number:
        return number(argument.value)
    return constant(np.array(argument), ANYWHERE)


def finish(recorded: Recorded, inputs: list[Any]) -> Any:
    """Wrap the outputs of a recorded node and connect them to the gradient graph."""
    node, values = recorded
    fn = function_of(node, inputs)
    call = node.call
    if call.single:
        made = _wrap(values[0], fn)
        if fn is not None:
            if (kept := call.kept[fn.wanted]) and kept[-1] < 0:
                fn.saved += ((made._storage, 0, ~0),)
                if fn.packed:
                    packing_result[0](fn, made)
            if following:
                following[-1].track(made)
        if len(recording) > _program.MOST_NODES:
            _program.flush()
        return made
    results = []
    for place, value in enumerate(values):
        smooth = fn is not None and is_differentiable(value.aval.dtype)
        made = _wrap(value, fn if smooth else None, place)
        results.append(made)
        if fn is not None:
            if ~place in call.kept[fn.wanted]:
                fn.saved += ((made._storage, 0, ~place),)
            if following and smooth:
                following[-1].track(made)
    return jax.tree.unflatten(call.structure, results)


def function_of(
    node: Node, inputs: list[Any], of_level: bool = False
) -> Function | None:
    """The node of the gradient graph for a recorded one, if it needs any.

    The innermost level decides, unless it is that which asks: `of_level`.
    """
    if following and not of_level:
        return following[-1].function_of(node, inputs)  # type: ignore[no-any-return]
    if not modes.grad or modes.inference:
        return None
    wanted = []
    edges = []
    call = node.call
    for place in call.smooth:
        x = inputs[place]
        if isinstance(x, Tensor):
            if x._origin is not None:
                x._check_origin()
            if x._wants_grad:
                wanted.append(place)
                edges.append(edge(x))
    if not wanted:
        return None
    chosen = tuple(wanted)
    if ever_inferred and _is_inferred(call, chosen, inputs):
        return None
    kept = call.kept.get(chosen)
    if kept is None:
        kept = call.kept[chosen] = call.op.kept(call, chosen)
    if call.node_class is None:
        call.node_class = named_function(Function, grad_name_of(call))
    saved = saved_of(inputs, kept) if kept else ()
    fn: Function = call.node_class(node, chosen, tuple(edges), saved)
    if modes.looks:
        _look(fn, inputs)
    return fn


packing_result: Final[list[Callable[[Function, Tensor], None]]] = []
packing: Final[list[Callable[[Function, list[Any]], None]]] = []
"""Who packs what a function keeps, while `saved_tensors_hooks` are set."""


def _look(fn: Function, inputs: list[Any]) -> None:
    """Do with a new function what is rarely done."""
    if modes.anomaly:
        fn.made_at = traceback.extract_stack()
    if modes.mutation:  # values never change: what was overwritten is still there
        fn.packed = {}
    if modes.saved_hooks:
        packing[0](fn, inputs)


NOT_SAVED: Final = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created "
    "in inference mode in computation tracked by autograd. To work around this, you "
    "can make a clone to get a normal tensor and use it in autograd, or use "
    "`torch.no_grad()` instead of `torch.inference_mode()`."
)


def _is_inferred(call: Call, wanted: tuple[int, ...], inputs: list[Any]) -> bool:
    """Whether all was made in `inference_mode`, so that no gradient is wanted.

    Raises:
        RuntimeError: not all was, and the gradient needs what was.
    """
    made_there = [
        place
        for place, x in enumerate(inputs)
        if isinstance(x, Tensor) and x._taken is None and x._storage.is_inference
    ]
    if not made_there:
        return False
    if len(made_there) == len(inputs):
        return True
    if not needed_inputs(call, wanted).isdisjoint(made_there):
        raise RuntimeError(NOT_SAVED)
    return False


def saved_of(inputs: Sequence[Any], places: Sequence[int]) -> tuple[Saved, ...]:
    """What counts the writes to these inputs, and how many there were."""
    saved = []
    for place in places:
        if place >= 0:
            x = inputs[place]
            if isinstance(x, Tensor):
                counts = x._counter or x._storage
                saved.append((counts, counts.version, place))
    return tuple(saved)


def view_of(x: Tensor, op: ViewOp, *settings: Any) -> Tensor:
    """A view of a tensor: the same memory, seen through one more step."""
    inputs: list[Any] = []
    template = tuple([frozen(part, inputs, is_input) for part in settings])
    return _wrap_step(x, Step(op, template, tuple([as_value(part) for part in inputs])))


def views_of(parts: Iterable[Tensor]) -> tuple[Tensor, ...]:
    """What a function gives that returns several views: none follows a write."""
    found = tuple(parts)
    if modes.grad:
        for place, part in enumerate(found):
            part._origin = Origin("several", place, part._counts().version)
    return found


def _wrap_step(x: Tensor, step: Step) -> Tensor:
    made = _new(Tensor)
    made._storage = x._storage
    made._base = x if x._base is None or x._requires_grad else x._base
    made._steps = (*x._steps, step)
    made._taken_at = x._storage.stamp
    if x._counter is not None:
        made._counter = x._counter
    if x._origin is not None or not modes.grad:
        kind = x._origin.kind if x._origin is not None and modes.grad else "no_grad"
        made._origin = Origin(kind, 0, made._counts().version)
    if not (x.requires_grad and is_grad_recorded()):
        if modes.inference and x.requires_grad:
            made._requires_grad = True  # as PyTorch says of it, a leaf
        made._taken = _taken_on_host(made, x)
        if made._taken is not None:
            return made
    node, (made._taken,) = record(step.op, (x._value(), *step.numbers), step.template)
    fn = function_of(node, [x])
    if fn is not None:
        made._fn = fn
        if following:
            following[-1].track(made)
    return made


def _taken_on_host(view: Tensor, before: Tensor | None = None) -> Value | None:
    """What a view shows of data that lie on the host: known without a program.

    `before` is what the last step is taken from, if it is known to be up to date.
    """
    if following:  # levels follow what is recorded
        return None
    storage = view._storage
    memory = storage.host
    if memory is not None:  # somebody may write there: copy the part that is shown
        shown = np.array(view._look(memory), order="C")
        return constant(shown, storage.value.aval.device)
    if before is None:
        known, steps = storage.value.array, view._steps
    else:
        known, steps = before._value().array, view._steps[-1:]
    if type(known) is not np.ndarray:
        return None
    kind = storage.value.aval.dtype if before is None else before._aval.dtype
    if kind is complex32:
        known = in_memory(kind, known)
    for step in steps:
        known = step.see(known)
    return constant(known, storage.value.aval.device)


def alias(x: Tensor) -> Tensor:
    """The same memory outside the gradient graph, as `detach` gives it."""
    made: Tensor = _new(Tensor)
    share(made, x)
    return made


def share(made: Tensor, x: Tensor) -> None:
    """Let a new tensor show what another shows, and count its writes with it."""
    made._storage = x._storage
    made._steps = x._steps
    if x._steps:
        made._taken = x._value()
        made._taken_at = x._storage.stamp
    if x._counter is not None:
        made._counter = x._counter


def detached(x: Tensor) -> Tensor:
    """The same memory outside the gradient graphs, also of what a level makes of it."""
    made = alias(x)
    # Through the step no derivative of what is written later would be seen either.
    if following and (x.requires_grad or _is_followed(x._value())):
        step = Step(DETACH, (x._aval.shape,))
        made._taken, made._taken_at = take(x._value(), (step,)), x._storage.stamp
        made._steps = (*made._steps, step)
    return made


def _is_followed(value: Value) -> bool:
    """Whether a level that is open follows a value."""
    return type(value) is Logical or following[-1].has_tangent(value)


def _without_graph(value: Value) -> Value:
    """A value outside the gradient graphs of what the open levels make of it.

    As under `no_grad`, its tangents go on.
    """
    return take(value, (Step(ALIAS, (value.aval.shape,)),))


class Number:
    """A Python number that enters the program as an input, not as a constant."""

    __slots__ = ("value",)

    def __init__(self, value: complex) -> None:
        self.value = value
