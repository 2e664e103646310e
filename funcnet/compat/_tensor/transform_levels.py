"""Levels: what a function of tensors is recorded as while `torch.func` transforms it.

Inside a level the function sees tensors whose values are `Logical`: they have the shape
that the function expects, no array, and beside each stands the tensor outside the level
that it means. Whatever is recorded with such a value is recorded outside the level in
another form (for `grad` the same operation, for `vmap` that of a whole batch); what the
function recorded itself is never run. So nothing that happens in the function, views,
writes in place, gradients, whole layers, needs anything of its own.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from funcnet.compat._core.context import thread
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._engine import deferred_errors, executor
from funcnet.compat._engine.graph import Node, Recorded, Value, record
from funcnet.compat._engine.op import Op, TensorSpec
from funcnet.compat._tensor.level_draws import computed_of, drawn, drawn_of

COPY = Op("clone", lambda x: x, strides=ResultStrides.ELEMENTWISE)
_ONE = ((PLACEHOLDER,), NO_KEYWORDS)


class Logical(Value):
    """A value that a function sees inside a level.

    `tensor` is what it means outside, and `inner` what that held. Once the level is
    closed and the value is used all the same, it `settled`: it is that value.
    """

    __slots__ = ("inner", "level", "logical_spec", "settled", "tensor")

    def __init__(
        self,
        level: "Level",
        tensor: Any,
        logical_spec: TensorSpec,
        node: Node | None = None,
        index: int = 0,
    ) -> None:
        self.array = None
        self.node = node
        self.index = index
        self.level = level
        self.tensor = tensor
        self.inner: Value = tensor._value()
        self.logical_spec = logical_spec
        self.settled = False

    @property
    def spec(self) -> TensorSpec:
        """Shape, dtype and device; read before a value is used."""
        if not self.level.open and not self.settled:
            self.level.settle(self)
        return self.logical_spec


class Level:
    """A transformation inside which a function is running.

    Attributes:
        open: how often it was entered and not left.
        maps: whether it maps over a dimension.
        transforms: whether it is one of `torch.func`.
    """

    open = 0
    maps = False
    transforms = False

    def enter(self) -> None:
        """Make this level the innermost of this thread."""
        thread.context.levels.append(self)
        self.open += 1

    def leave(self) -> None:
        """Close this level."""
        thread.context.levels.remove(self)
        self.open -= 1

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Make this level the innermost in a `with` block."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def lowered(self) -> contextlib.AbstractContextManager[None]:
        """Record what is outside this level, which is the innermost."""
        return Lowered(self)

    def is_own(self, value: object) -> bool:
        """Return whether a value is one of this level."""
        return type(value) is Logical and value.level is self

    def note(self, node: Node) -> Recorded:
        """Record a node: its outputs are what the function sees."""
        raise NotImplementedError

    def make_grad_node(self, node: Node, inputs: list[Any]) -> Any:
        """The place of a node that was recorded in the gradient graphs."""
        raise NotImplementedError

    def track(self, tensor: Any) -> None:
        """Take note of a tensor that got a place in a gradient graph."""
        with self.lowered():
            levels = thread.context.levels
            if levels:
                levels[-1].track(tensor)

    def has_tangent(self, value: Value) -> bool:
        """Return whether a value has a tangent here or further outside."""
        with self.lowered():
            levels = thread.context.levels
            return bool(levels) and levels[-1].has_tangent(value)

    def drawn(self, shape: tuple[int, ...], draw: Callable[..., Any]) -> Any:
        """See `_drawing`: what concerns this level alone is where it maps."""
        with self.lowered():
            return drawn(shape, draw)

    def drawn_into(
        self, value: Value, shape: Sequence[int], draw: Callable[..., Any]
    ) -> Any:
        """See `_drawing`."""
        inner = value.inner if self.is_own(value) else value  # type: ignore[attr-defined]
        with self.lowered():
            levels = thread.context.levels
            if levels:
                return levels[-1].drawn_into(inner, shape, draw)
            return draw(shape)

    def drawn_of(self, tensors: Sequence[Any], draw: Callable[..., Any]) -> Any:
        """See `_drawing`."""
        outside = [self.outside_of(x) for x in tensors]
        with self.lowered():
            return drawn_of(outside, draw)

    def computed_of(self, tensors: Sequence[Any], run: Callable[..., Any]) -> Any:
        """See `_drawing`."""
        outside = [self.outside_of(x) for x in tensors]
        with self.lowered():
            return computed_of(outside, run)

    def spread(self, x: Any, value: Value) -> Any:
        """See `as_batch_of`."""
        inner = value.inner if self.is_own(value) else value  # type: ignore[attr-defined]
        with self.lowered():
            return as_batch_of(x, inner)

    def apply_function(self, cls: Any, args: Any, kwargs: Any) -> Any:
        """Call a function with a gradient of its own."""
        raise NotImplementedError

    def outside_of(self, x: Any) -> Any:
        """What a tensor of the function is outside."""
        return x

    def array_of(self, value: Logical) -> Any:
        """The array of a value that the function reads."""
        return array_of(value.inner)

    def settle(self, value: Logical) -> None:
        """Replace a value that has outlived this level by what it means outside."""
        if thread.context.levels:  # see `present`
            return
        inner = present(value.inner)
        value.array = inner.array
        if value.array is None:
            value.node, _ = record(COPY, (inner,), _ONE)
            value.index = 0
            thread.context.pending[-1] = value.node, [value]
        value.settled = True


class Lowered:
    """A `with` block that is outside the innermost level."""

    __slots__ = ("level",)

    def __init__(self, level: Level) -> None:
        self.level = level

    def __enter__(self) -> None:
        left = thread.context.levels.pop()
        assert left is self.level, "left levels in another order"

    def __exit__(self, *error: object) -> None:
        thread.context.levels.append(self.level)


def present(value: Value) -> Value:
    """A value as it is now, should the level be closed that it was made in."""
    while type(value) is Logical and not value.level.open:
        if not value.settled:
            _ = value.spec  # which raises where nothing is left of it
        value = value.inner
    return value


def with_present(node: Node) -> Node:
    """A node whose sources are all of levels that are open."""
    for source in node.sources:
        if type(source) is Logical and not source.level.open:
            break
    else:
        return node
    sources = tuple([present(source) for source in node.sources])
    return Node(node.call, sources, node.forward)


def array_of(value: Value) -> Any:
    """The numbers of a value, as far as the levels that are open show them."""
    if value.array is None:
        if type(value) is Logical and not value.settled:
            return value.level.array_of(value)
        executor.materialize(value)
    if thread.context.unread_checks:
        deferred_errors.raise_failed()
    return value.array


def beside(node: Node | None, level: Level) -> Any:
    """What a level made beside a node; None if it made nothing."""
    result = getattr(node, "beside", None)
    return None if result is None else result.get(level)


def put_beside(node: Node, level: Level, result: Any) -> None:
    """Keep what a level made beside a node."""
    if hasattr(node, "beside"):
        node.beside[level] = result
    else:
        node.beside = {level: result}


def mapped_levels(value: Value) -> list[Level]:
    """The levels over which a value is mapped, the innermost first."""
    result = []
    while type(value) is Logical:
        if value.level.maps and value.level.open:
            result.append(value.level)
        value = value.inner
    return result


def check_written(old: Value, new: Value) -> None:
    """Raise where a value that is mapped would be written into one that is not."""
    if type(new) is not Logical:
        return
    known = mapped_levels(old)
    if any(level not in known for level in mapped_levels(new)):
        raise RuntimeError(
            "vmap: inplace arithmetic(self, *extra_args) is not possible because there "
            "exists a Tensor `other` in extra_args that has more elements than `self`. "
            "This happened due to `other` being vmapped over but `self` not being "
            "vmapped over in a vmap. Please try to use out-of-place operators instead "
            "of inplace arithmetic. If said operator is being called inside the "
            "PyTorch framework, please file a bug report instead."
        )


def refuse_inside(what: str, more: str = "") -> None:
    """Raise where a function that is transformed calls a method of this name."""
    if any(level.transforms for level in thread.context.levels):
        raise RuntimeError(
            f"You are attempting to call {what}{more} inside of a function being "
            "transformed by a functorch transform. This is unsupported, please attempt "
            "to use the functorch transforms (e.g. grad, vjp, jacrev, jacfwd, hessian) "
            f"or call {what.removeprefix('Tensor.')} outside of a function being "
            "transformed instead."
        )


AS_NUMBER: Final = (
    "vmap: It looks like you're calling .item() on a Tensor. We don't support vmap "
    "over calling .item() on a Tensor, please try to rewrite what you're doing with "
    "other operations. If error is occurring somewhere inside PyTorch internals, "
    "please file a bug report."
)
IN_CONTROL_FLOW: Final = (
    "vmap: It looks like you're attempting to use a Tensor in some data-dependent "
    "control flow. We don't support that yet, please file an issue at "
    "https://github.com/pytorch/pytorch/issues ."
)


def is_mapped(x: Any) -> bool:
    """Return whether a tensor stands for a batch."""
    return bool(thread.context.levels) and bool(mapped_levels(x._value()))


def refuse_shape(x: Any, name: str) -> None:
    """Raise where the shape of a result would be another for each member."""
    if is_mapped(x):
        raise RuntimeError(
            "vmap: We do not support batching operators that can output dynamic shape. "
            f"Attempted to vmap over aten::{name}. Please file an issue at "
            "https://github.com/pytorch/pytorch/issues if you need this feature."
        )


def refuse_mapped(x: Any, message: str) -> None:
    """Raise where a tensor stands for a batch."""
    if is_mapped(x):
        raise RuntimeError(message)


@contextlib.contextmanager
def outside_of(level: Level) -> Iterator[None]:
    """A `with` block outside a level and all that are inside it, to read values."""
    levels = thread.context.levels
    before = levels.copy()
    del levels[before.index(level) :]
    try:
        yield
    finally:
        levels[:] = before


def numbers_of_all(x: Any) -> Any:
    """The values of a tensor, of all members of a batch, to check them."""
    value: Value = x._value()
    while type(value) is Logical and not value.settled:
        value = value.inner
    return array_of(value)


def as_batch_of(x: Any, value: Value) -> Any:
    """A new tensor as one that is mapped where a value is mapped."""
    levels = thread.context.levels
    return levels[-1].spread(x, value) if levels else x
