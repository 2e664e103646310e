"""Tensors put together: the number of inputs may be another in each call.

So nothing is traced for a new number: what comes out follows from the shapes.
"""

from collections.abc import Callable
from typing import Any, Final

import jax

from funcnet.compat._core.device import META
from funcnet.compat._core.narrow import narrow
from funcnet.compat._core.static_args import bind_args
from funcnet.compat._engine.op import Op, TensorSpec, tensor_spec
from funcnet.compat._engine.untraced import UntracedCall

_ONE_ARRAY: Final = jax.tree.structure(0)


class Joining(Op):
    """An operation that is given a list of tensors and the dimension of their places.

    Attributes:
        makes_axis: whether this dimension is new, as it is for `stack`.
    """

    __slots__ = ("makes_axis",)

    def __init__(self, name: str, run: Callable[..., Any], makes_axis: bool) -> None:
        super().__init__(name, run)
        self.makes_axis = makes_axis


class JoinedCall(UntracedCall):
    """A call of tensors of one dtype that agree in all other dimensions.

    Attributes:
        axis: the dimension.
        makes_axis: whether it is new.
    """

    __slots__ = ("axis", "makes_axis")

    def __init__(
        self, op: Joining, template: object, specs: tuple[TensorSpec, ...], axis: int
    ) -> None:
        super().__init__(op, template, specs, _ONE_ARRAY)
        self.axis = axis
        self.makes_axis = op.makes_axis
        shape = list(specs[0].shape)
        if op.makes_axis:
            shape.insert(axis, len(specs))
        else:
            shape[axis] = sum([spec.shape[axis] for spec in specs])
        out = tensor_spec(tuple(shape), specs[0].dtype, specs[0].device)
        self._set_outputs((out,))


def joined_call(
    op: Joining, template: Any, specs: tuple[TensorSpec, ...]
) -> JoinedCall | None:
    """The call of an operation; None where it has to be traced."""
    (_, axis), _ = bind_args(template, iter(specs))
    first = specs[0]
    if first.weak_type or first.device is META or narrow(op, template, specs):
        return None
    for spec in dict.fromkeys(specs):
        if (
            spec.dtype is not first.dtype
            or spec.device is not first.device
            or spec.weak_type
            or len(spec.shape) != len(first.shape)
            or not _agree(spec.shape, first.shape, -1 if op.makes_axis else axis)
        ):
            return None
    return JoinedCall(op, template, specs, axis)


def _agree(a: tuple[int, ...], b: tuple[int, ...], axis: int) -> bool:
    return a == b or all(
        x == y or d == axis for d, (x, y) in enumerate(zip(a, b, strict=True))
    )
