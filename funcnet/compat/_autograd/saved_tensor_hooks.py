"""Hooks on what a gradient keeps: packed when it is recorded, unpacked to compute it.

PyTorch keeps tensors for the gradient of an operation; here the program decides what it
keeps. While hooks are set, each input on which a gradient depends goes through them (or
the result, where PyTorch keeps that), and the gradient is computed from what they give
back.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import jax.numpy as jnp

from funcnet.compat._autograd.node import OpNode
from funcnet.compat._core.context import no_grad
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine.graph import Node, Recorded, Value, record
from funcnet.compat._engine.op import Op
from funcnet.compat._engine.pullback import needed_inputs
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.views import alias

RESULT: Final = -1
"""The index of a result among what is packed."""

# The gradients that PyTorch computes from the result: of it and of the gradient given.
_OF_RESULT: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "exp": lambda y, g: g * y,
    "sigmoid": lambda y, g: g * y * (1 - y),
    "tanh": lambda y, g: g * (1 - y * y),
    "sqrt": lambda y, g: g / (2 * y),
    "rsqrt": lambda y, g: -0.5 * g * y**3,
    "reciprocal": lambda y, g: -g * y * y,
    "relu": lambda y, g: jnp.where(y > 0, g, 0),
}
_PULLS: Final = {
    name: Op(f"{name}_backward", lambda y, g, run=run: run(y, g).astype(g.dtype))
    for name, run in _OF_RESULT.items()
}


class SavedTensorHooks(NamedTuple):
    """The two hooks of `torch.autograd.graph.saved_tensors_hooks`."""

    pack_hook: Callable[[Any], Any]
    unpack_hook: Callable[[Any], Any]

    def packed(self, x: Tensor) -> "Packed":
        """What the hook makes of a tensor, which it must not write to."""
        version = x._storage.version
        with no_grad():
            content = self.pack_hook(x)
        if x._storage.version != version:
            raise RuntimeError(
                "A saved tensor pack hook is modifying its input in place. Tensors "
                "provided as input to pack hook cannot be modified by in-place "
                "operations as this can lead to unexpected side-effects. Please open "
                "an issue if you need to perform in-place operations on the input to a "
                "pack hook."
            )
        return Packed(content, self)

    def pack(self, fn: OpNode, inputs: list[Any]) -> None:
        """Pack what a new node keeps; of a result there is nothing yet."""
        call = fn.call
        assert call is not None, "a recorded operation"
        if call.op.name in _PULLS and call.output_specs[0].dtype.is_floating_point:
            fn.packed = {RESULT: None}
            return
        fn.packed = {
            index: self.packed(inputs[index])
            for index in sorted(needed_inputs(call, fn.wanted), reverse=True)
            if index < len(inputs) and isinstance(inputs[index], Tensor)
        }

    def pack_result(self, fn: OpNode, result: Tensor) -> None:
        """Pack the result of a node that keeps it."""
        if fn.packed and RESULT in fn.packed:
            fn.packed = {RESULT: self.packed(alias(result))}


class Packed(NamedTuple):
    """What a pack hook gave, and the hooks that it came of."""

    content: Any
    hooks: SavedTensorHooks

    def unpacked(self) -> Tensor:
        """The tensor that the unpack hook makes of it."""
        with no_grad():
            x = self.hooks.unpack_hook(self.content)
        if not isinstance(x, Tensor):
            raise TypeError(
                "Output of saved tensor unpack_hook expected to be a Tensor but got "
                f"result of type {type(x).__name__}"
            )
        return x


def recorded_pullback(
    fn: OpNode, given: tuple[int, ...], cotangents: tuple[Value, ...]
) -> Recorded | None:
    """Record the gradient from a packed result; None if it is not from one."""
    if RESULT not in fn.packed or not given:
        return None
    assert fn.call is not None, "a function of the user's has no result to pack"
    result = fn.packed[RESULT].unpacked()
    sources = (result._value(), *cotangents)
    return record(
        _PULLS[fn.call.op.name], sources, ((PLACEHOLDER, PLACEHOLDER), NO_KEYWORDS)
    )


def unpacked_node(fn: OpNode, node: Node) -> Node:
    """The node of a function with what was unpacked as its sources."""
    sources = list(node.sources)
    for index, saved in fn.packed.items():
        sources[index] = saved.unpacked()._value()
    return Node(node.call, tuple(sources))
