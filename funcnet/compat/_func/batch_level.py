"""The level of `vmap`."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._autograd.node import OpNode
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine.graph import Node, Recorded, Value, record, record_pullback
from funcnet.compat._engine.op import Op, OpCall, tensor_spec
from funcnet.compat._engine.pullback import PullbackCall
from funcnet.compat._func.beside import OuterLevel
from funcnet.compat._func.custom import in_batch
from funcnet.compat._gradient_rules.saved_inputs import Places
from funcnet.compat._tensor.level_draws import computed_of, drawn, drawn_of
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import Logical, beside

MOVED: Final = Op("movedim", lambda x, old, new: jnp.moveaxis(x, old, new))
SHAPED: Final = Op("view", lambda x, shape: x.reshape(shape))
SPREAD: Final = Op("expand", lambda x, size: jnp.broadcast_to(x, (size, *x.shape)))


def _mapped(
    call: OpCall, axes: Sequence[int | None], size: int, *arrays: Array
) -> tuple[Any, ...]:
    run: Any = jax.vmap(call.outputs, in_axes=axes, axis_size=size)
    return tuple(run(*arrays))


class MappedOp(Op):
    """Operation mapped over a batch."""

    __slots__ = ("member",)

    def __init__(self, member: Op) -> None:
        super().__init__(f"vmap({member.name})", _mapped, member.grad_name)
        self.member = member

    def kept(self, call: OpCall, wanted: Places) -> Places:
        """Return what the operation saves for its gradient, as for one member."""
        return self.member.kept(call.template[0][0], wanted)


_mapped_op: Callable[[Op], MappedOp] = functools.cache(MappedOp)


class BatchLevel(OuterLevel):
    """Level whose tensors are members of batches, with the batch dimension first.

    Attributes:
        size: how many members the batch has.
        randomness: whether random operations are an error, or draw the same for each
            member, or for each its own.
    """

    maps = transforms = True

    def __init__(self, size: int, randomness: str) -> None:
        self.size = size
        self.randomness = randomness

    def member(self, batch: Tensor, dim: int = 0) -> Tensor:
        """Return the member that the function sees; called outside the level."""
        if dim:
            batch = record_op(MOVED, (batch, dim, 0))
        result = batch._spec
        return self.wrapped(
            batch, tensor_spec(result.shape[1:], result.dtype, result.device)
        )

    def batch(self, x: Tensor) -> Tensor:
        """Return the batch of a tensor of the function; called inside the level."""
        result = self.unwrapped(x)
        if result is None:
            with self.lowered():
                return record_op(SPREAD, (x, self.size))
        return result

    def outside(self, node: Node) -> Recorded:
        """Record the operation on the whole batch."""
        inner = tuple([self.inner(source) for source in node.sources])
        own = [self.is_own(source) for source in node.sources]
        call = node.call
        if isinstance(call, PullbackCall) and call.axes is None:
            count = len(call.forward.input_specs)
            forward = beside(node.forward, self)
            if forward is not None and all(own[p] for p in call.wanted):
                if all(own[count:]):
                    return record_pullback(
                        forward.node, call.wanted, call.given, inner[count:]
                    )
            elif node.forward is not None and not any(own[:count]):
                axes = tuple([0 if one else None for one in own[count:]])
                return record_pullback(
                    node.forward,
                    call.wanted,
                    call.given,
                    inner[count:],
                    axes,
                    self.size,
                )
        axes = tuple([0 if one else None for one in own])

        def template() -> Any:
            return (call, axes, self.size, *[PLACEHOLDER] * len(axes)), NO_KEYWORDS

        key = (call.id, axes, self.size)
        return record(_mapped_op(call.op), inner, key, template)

    def connected(self, node: Node, inputs: list[Any]) -> OpNode | None:
        """Return None: a batch has its gradient outside."""
        return None

    def spread(self, x: Tensor, value: Value) -> Tensor:
        """Return a tensor as a batch of members, as `as_batch_of`."""
        result: Tensor = super().spread(x, value)
        if not self.is_own(value):
            return result
        with self.lowered():
            return self.member(record_op(SPREAD, (result, self.size)))

    def apply_function(
        self, cls: type, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Apply a custom function."""
        return in_batch(self, cls, args, kwargs)

    def drawn(self, shape: tuple[int, ...], draw: Callable[..., Any]) -> Any:
        """Draw random values: the same for all members, or different ones."""
        self._check_random()
        with self.lowered():
            if self.randomness == "same":
                return drawn(shape, draw)
            batch = drawn((self.size, *shape), draw)
        return self.member(batch)

    def drawn_into(
        self, value: Value, shape: ShapeLike, draw: Callable[..., Any]
    ) -> Any:
        """Draw random values to be written into `value`."""
        self._check_random()
        own = self.is_own(value)
        if self.randomness == "same":
            result = super().drawn_into(value, shape, draw)
            if not own:
                return result
            with self.lowered():
                return self.member(record_op(SPREAD, (result, self.size)))
        if not own:
            raise RuntimeError(
                "vmap: Cannot ask for different inplace randomness on an unbatched "
                "tensor. This will appear like same randomness. If this is necessary "
                "for your usage, please file an issue with functorch."
            )
        return self.member(super().drawn_into(value, (self.size, *shape), draw))

    def drawn_of(self, tensors: Sequence[Any], draw: Callable[..., Any]) -> Any:
        """Draw random values that depend on tensors, for all members."""
        self._check_random()
        outside = [self.unwrapped(x) for x in tensors]
        if self.randomness == "same":
            if any(x is not None for x in outside):
                raise RuntimeError(
                    "Vmap does not currently support same randomness with a batched "
                    "tensor input. Please file an issue with functorch"
                )
            with self.lowered():
                return drawn_of(tensors, draw)
        with self.lowered():
            return self.member(drawn_of(self._aligned(tensors), draw))

    def computed_of(self, tensors: Sequence[Any], run: Callable[..., Any]) -> Any:
        """Compute values on the host, for all members."""
        with self.lowered():
            if all(self.unwrapped(x) is None for x in tensors):
                return computed_of(tensors, run)
            return self.member(computed_of(self._aligned(tensors), run))

    def _aligned(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """Align batches so that they broadcast as their members do."""
        most = max([x.ndim for x in tensors])
        result = []
        for x in tensors:
            batch = self.unwrapped(x)
            if batch is None:
                batch = record_op(SPREAD, (x, self.size))
            shape = batch._spec.shape
            ones = (1,) * (most + 1 - len(shape))
            result.append(record_op(SHAPED, (batch, (shape[0], *ones, *shape[1:]))))
        return result

    def _check_random(self) -> None:
        if self.randomness == "error":
            raise RuntimeError(
                "vmap: called random operation while in randomness error mode. Please "
                "either use the 'same' or 'different' randomness flags on vmap or "
                "perform the randomness operation out of vmap"
            )

    def array_of(self, value: Logical) -> NoReturn:
        """Raise RuntimeError: a member has no values of its own."""
        if not self.open:
            self.settle(value)
        raise RuntimeError(
            "vmap: Cannot access data pointer of Tensor that doesn't have storage: "
            "what was called looks at the numbers of a mapped tensor, which stands for "
            "a whole batch. We do not support batching operators that can output "
            "dynamic shape, nor tolist() and numpy(); please rewrite this with "
            "operations on tensors."
        )

    def settle(self, value: Logical) -> NoReturn:
        """Raise RuntimeError: the member is used after the function has returned."""
        raise RuntimeError(
            "Either your tensor may have escaped from inside a function being vmapped "
            "and this is a user error (see "
            "https://pytorch.org/functorch/stable/ux_limitations.html), or a module "
            "kept a tensor that it computed inside vmap. Such a tensor stands for a "
            "batch and is gone with the call of vmap: return what is needed later."
        )
