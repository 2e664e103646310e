"""The tensor: a mutable holder of a recorded value, with a place in the gradient graph.

Methods other than the core's come from the registry in `funcnet.compat._ops`, which
`funcnet.compat._surface` lays over the class.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from funcnet.compat._autograd.node import Node
from funcnet.compat._core.annotations import DType
from funcnet.compat._core.context import is_grad_recorded, thread
from funcnet.compat._core.conversion import in_memory
from funcnet.compat._core.device import CPU, device
from funcnet.compat._core.dtype import complex32
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine import deferred_errors, executor
from funcnet.compat._engine.graph import Value, constant, record
from funcnet.compat._tensor.attributes import with_fields
from funcnet.compat._tensor.base import TensorBase
from funcnet.compat._tensor.grad_graph import make_grad_node
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.transform_levels import Logical, array_of
from funcnet.compat._tensor.view_ops import (
    ALIAS,
    COPY_SLICES,
    Step,
    apply_steps,
    scatter_back,
    scatter_back_inputs,
)
from funcnet.compat._tensor.view_origin import Origin, refusal

if TYPE_CHECKING:  # with what the registry installs: a stub, made by `make stubs`
    from funcnet.compat._tensor.members import TensorMembers
else:
    TensorMembers = TensorBase


class Hooks:
    """What rooms above do for the class of tensors; they set it when imported.

    Attributes:
        construct: makes what `torch.Tensor(...)` gives, of the class and the arguments.
            `_ops/create/constructors.py` sets it: data enter by operations.
    """

    __slots__ = ("construct",)

    construct: Callable[..., Any]


hooks: Final = Hooks()


@with_fields
class Tensor(TensorMembers):
    """A multi-dimensional array of one dtype, as `torch.Tensor`.

    Operations on tensors are recorded, and computed when a value is read.
    """

    _base: "Tensor | None" = None  # declared again for its type
    _grad: "Tensor | None" = None
    __array_priority__ = 1000

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        return hooks.construct(cls, *args, **kwargs)  # type: ignore[no-any-return]

    # --- the value -------------------------------------------------------------------

    def _value(self) -> Value:
        """What this tensor holds now."""
        storage = self._storage
        if not self._steps:
            return storage.value if storage.host is None else storage.read()
        if self._cached_version != storage.content_version or storage.host is not None:
            self._refresh_view()
        assert self._cached is not None, "a view without a value"
        return self._cached

    def _refresh_view(self) -> None:
        """Take the view anew after its base was written to."""
        base, storage = self._base, self._storage
        if base is not None and self._follows(base):
            shown = base
            for step in self._steps_from(base):
                shown = shown._take_step(step)
            self._cached = shown._cached
            self._set_grad_fn(shown._grad_fn)
        else:
            self._cached = _cached_on_host(self) or apply_steps(
                storage.read(), self._steps
            )
        self._cached_version = storage.content_version

    def _follows(self, base: "Tensor") -> bool:
        """Return whether a write to the base becomes part of this view's gradient."""
        if self._origin is not None:  # it has lost its place in the graph
            return False
        # Inside a level what is outside may have a gradient where this has none.
        if not (thread.context.levels or (base._wants_grad and is_grad_recorded())):
            return False
        return base._grad_fn is not None or self._is_of(base)

    def _array(self) -> Any:
        """The numbers, computed, as an array that must not be written."""
        value = self._value()
        if value.array is not None:
            if thread.context.unread_checks:
                deferred_errors.raise_failed()
            return value.array
        if type(value) is Logical and not value.settled:
            return array_of(value)
        on_host = value.spec.device.type == "cpu"
        if self._steps and on_host and not thread.context.levels:
            # A program for each part of a tensor would be one compile for each, so
            # the base alone is computed.
            del value
            self._cached = None
            try:
                shown = np.asarray(self._storage.array())
            except BaseException:
                self._refresh_view()
                raise
            for step in self._steps:
                shown = step.numpy_view_or_copy(shown)
            self._cached = constant(shown)
            return self._cached.array
        executor.materialize(value)
        if thread.context.unread_checks:
            deferred_errors.raise_failed()
        return value.array

    def _write(self, value: Value, fn: Any = None, output: int = 0) -> None:
        """Put another value into the memory of this tensor, and of all its views."""
        storage, base, context = self._storage, self._base, thread.context
        records_grad = context.grad and not context.inference
        if context.levels and not records_grad:
            value = _without_graph(value)
        if fn is not None and self._origin is not None:
            raise refusal(self._origin, self._grad_fn, itself=True)
        if base is not None and (base._wants_grad or self._is_of(base)):
            # What the base holds now is a function of what it held and of the writing.
            values, settings = scatter_back_inputs(self._steps_from(base))
            shown = wrap(value, fn, output)
            sources = (base._value(), value, *values)
            node, (new,) = record(
                COPY_SLICES,
                sources,
                ((PLACEHOLDER, PLACEHOLDER, settings), NO_KEYWORDS),
            )
            base._write(new, make_grad_node(node, [base, shown]))
            return
        storage.write(
            scatter_back(storage.read(), value, self._steps) if self._steps else value
        )
        self._count_write()
        if records_grad:  # else the gradient goes past the writing, unchanged
            self._set_grad_fn(fn, output)
            if context.levels:
                context.levels[-1].track(self)

    def _write_uncounted(self, value: Value) -> None:
        """Write what PyTorch's kernels write without counting it."""
        counts = self._counts()
        version = counts.version
        self._write(value)
        counts.version = version

    def _take_step(self, step: Step) -> "Tensor":
        """A view of this tensor, one step further."""
        result, context = _new(Tensor), thread.context
        result._storage = self._storage
        result._base = self if self._base is None or self._requires_grad else self._base
        result._steps = (*self._steps, step)
        result._cached_version = self._storage.content_version
        if self._counter is not None:
            result._counter = self._counter
        if self._origin is not None or not context.grad:
            creation = (
                self._origin.creation if self._origin and context.grad else "no_grad"
            )
            result._origin = Origin(creation, 0, result._counts().version)
        if not (self._wants_grad and context.grad and not context.inference):
            if context.inference and self._wants_grad:
                result._requires_grad = True  # as PyTorch says of it, a leaf
            result._cached = _cached_on_host(result, self)
            if result._cached is not None:
                return result
        sources = (self._value(), *step.values)
        node, (result._cached,) = record(step.op, sources, step.template)
        fn = make_grad_node(node, [self])
        if fn is not None:
            result._grad_fn = fn
            if context.levels:
                context.levels[-1].track(result)
        return result

    # --- shape and dtype ------------------------------------------------------------

    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        return Size(self._spec.shape)

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._spec.dtype

    @property
    def device(self) -> device:
        """Where the tensor lies."""
        return self._spec.device

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self._spec.shape)

    @property
    def is_leaf(self) -> bool:
        """Return whether nothing that is differentiated computed this tensor."""
        return self._grad_fn is None

    @property
    def grad_fn(self) -> Node | None:
        """What computed this tensor, for the gradient; None for a leaf."""
        if self._origin is not None and is_grad_recorded():
            self._check_origin()
        if self._steps:
            self._refresh_if_outdated()
        return self._grad_fn


_new = object.__new__


def wrap(value: Value, fn: Any = None, output: int = 0) -> Tensor:
    """A tensor with memory of its own that holds a value.

    It lies outside the gradient graph, or is what a node gives as one of its outputs.
    """
    result = _new(Tensor)
    result._storage = Storage(value)
    if fn is not None:
        result._grad_fn = fn
        result._output_nr = output
    return result


def stand_in(value: Value, target: Any, output: int) -> Tensor:
    """A tensor whose gradient goes where that of another goes; it has no memory."""
    result = _new(Tensor)
    result._cached = value
    result._grad_fn, result._output_nr = target, output
    return result


def from_array(array: Any, device: Any = None) -> Tensor:
    """A tensor of an array that is not written to elsewhere."""
    return wrap(constant(array, CPU if device is None else device))


def like(x: Tensor, array: Any) -> Tensor:
    """A tensor of numbers of another one, which are an array of that one's."""
    return from_array(in_memory(x._spec.dtype, array), x._spec.device)


def _cached_on_host(view: Tensor, before: Tensor | None = None) -> Value | None:
    """What a view shows of data that lie on the host: known without a program.

    `before` is what the last step is taken from, if it is known to be up to date.
    """
    if thread.context.levels:  # levels follow what is recorded
        return None
    storage = view._storage
    memory = storage.host
    if memory is not None:  # others may write there: copy the part that is shown
        shown = np.array(view._numpy_view(memory), order="C")
        return constant(shown, storage.value.spec.device)
    if before is None:
        known, steps = storage.value.array, view._steps
    else:
        known, steps = before._value().array, view._steps[-1:]
    if type(known) is not np.ndarray:
        return None
    dtype = storage.value.spec.dtype if before is None else before._spec.dtype
    if dtype is complex32:
        known = in_memory(dtype, known)
    for step in steps:
        known = step.numpy_view_or_copy(known)
    return constant(known, storage.value.spec.device)


def _without_graph(value: Value) -> Value:
    """A value outside the gradient graphs of what the open levels make of it.

    As under `no_grad`, its tangents are kept.
    """
    return apply_steps(value, (Step(ALIAS, (value.spec.shape,)),))
