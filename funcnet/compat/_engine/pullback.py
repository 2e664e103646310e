"""The gradient of a recorded call: its vector-Jacobian product.

Passes through here: nodes of the gradient graph in a backward pass, each as a
`PullbackCall` of the call that it differentiates. No operation has a gradient of its
own written: `jax.vjp` of its call is taken inside the program, where the forward
computation runs, too, and is not repeated.
"""

import functools
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import jax
import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.conversion import halved
from funcnet.compat._engine.op import (
    Op,
    OpCall,
    TensorSpec,
    call_ids,
    differentiable_inputs,
    pytorch_promotion,
    tensor_spec,
)

PULLBACK: Final = Op("pullback", lambda: None, "PullbackBackward0")


class PullbackCall(OpCall):
    """The gradient of a call: from its inputs and the gradients of its outputs.

    `wanted` says which inputs are differentiated, `given` which outputs have one. With
    `axes` it is that of `size` gradients at once: those with an axis 0, not None, come
    as batches.
    """

    __slots__ = ("axes", "forward", "given", "size", "wanted")

    def __init__(
        self,
        forward: OpCall,
        wanted: tuple[int, ...],
        given: tuple[int, ...],
        axes: tuple[int | None, ...] | None = None,
        size: int = 0,
    ) -> None:
        self.id = next(call_ids)
        self.kept = {}
        self.plans = {}
        self.node_class = None
        self.op = PULLBACK
        self.rule = None
        self.template = None
        self.forward = forward
        self.wanted = wanted
        self.given = given
        self.axes = axes
        self.size = size
        cotangents = [forward.output_specs[index] for index in given]
        gradients = [forward.input_specs[index] for index in wanted]
        if axes is not None:
            cotangents = [
                spec if axis is None else _batched(spec, size)
                for spec, axis in zip(cotangents, axes, strict=True)
            ]
            gradients = [_batched(spec, size) for spec in gradients]
        self.input_specs = forward.input_specs + tuple(cotangents)
        self.number_inputs = forward.number_inputs
        self.output_specs = tuple(gradients)
        self.single = False
        self.structure = jax.tree.structure(self.output_specs)
        self.differentiable_inputs = differentiable_inputs(
            self.input_specs, self.output_specs
        )

    def outputs(self, *arrays: Any) -> tuple[Any, ...]:
        inputs = arrays[: len(self.forward.input_specs)]
        _, linearized = linearize_call(self.forward, inputs, self.wanted, self.given)
        return pull_back(self, linearized, arrays[len(inputs) :])


def _batched(spec: TensorSpec, size: int) -> TensorSpec:
    return tensor_spec((size, *spec.shape), spec.dtype, spec.device)


class Linearized(NamedTuple):
    """What differentiates a call at its inputs.

    Attributes:
        vjp: the pullback that JAX makes, a pytree of what it keeps of the forward
            computation.
        wanted: the inputs that it differentiates.
        given: the outputs that it takes gradients of.
    """

    vjp: Any
    wanted: tuple[int, ...]
    given: tuple[int, ...]


def differentiated(
    pullbacks: Sequence[PullbackCall],
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The inputs and the outputs with which these gradients of a call have to do."""
    wanted = sorted({index for call in pullbacks for index in call.wanted})
    given = sorted({index for call in pullbacks for index in call.given})
    return tuple(wanted), tuple(given)


def linearize_call(
    forward: OpCall,
    inputs: Sequence[Any],
    wanted: tuple[int, ...],
    given: tuple[int, ...],
) -> tuple[tuple[Any, ...], Linearized]:
    """The outputs of a call, and what computes gradients of it.

    Outputs that none of them has a gradient for are left out of the differentiation: a
    zero in their place would meet the infinite derivatives of eigenvectors.
    """

    def differentiable(*chosen: Any) -> Any:
        arrays = list(inputs)
        for index, array in zip(wanted, chosen, strict=True):
            arrays[index] = array
        outputs = forward.outputs(*arrays)
        return [outputs[index] for index in given], outputs

    chosen = [inputs[index] for index in wanted]
    _, vjp, outputs = jax.vjp(differentiable, *chosen, has_aux=True)
    return outputs, Linearized(vjp, wanted, given)


def pull_back(
    call: PullbackCall, linearized: Linearized, cotangents: Sequence[Any]
) -> tuple[Any, ...]:
    """The gradients that a call asks for."""
    if call.axes is None:
        return _pull_back_one(call, linearized, cotangents)
    of_member = functools.partial(_pull_back_one, call, linearized)
    run: Any = jax.vmap(of_member, (list(call.axes),), axis_size=call.size)
    gradients: tuple[Any, ...] = run(list(cotangents))
    return gradients


def _pull_back_one(
    call: PullbackCall, linearized: Linearized, cotangents: Sequence[Any]
) -> tuple[Any, ...]:
    forward = call.forward
    known = dict(zip(call.given, cotangents, strict=True))
    # PyTorch's gradient of a complex number is the conjugate of JAX's.
    gradients = linearized.vjp(
        [
            jax.numpy.conj(known[index])
            if index in known
            else _zeros(forward.output_specs[index])
            for index in linearized.given
        ]
    )
    gradient_of = dict(zip(linearized.wanted, gradients, strict=True))
    return tuple(
        [
            _conjugate(gradient_of[index], forward.input_specs[index])
            for index in call.wanted
        ]
    )


def _zeros(spec: TensorSpec) -> np.ndarray:
    return np.zeros(spec.shape, spec.dtype.jax)


def _conjugate(gradient: Any, spec: TensorSpec) -> Any:
    gradient = jax.numpy.conj(gradient)
    return halved(gradient) if spec.dtype is _dtypes.complex32 else gradient


@functools.lru_cache(1024)
def needed_inputs(forward: OpCall, wanted: tuple[int, ...]) -> frozenset[int]:
    """The indices of the inputs on which the gradients of a call depend."""
    specs = forward.output_specs
    given = [index for index, spec in enumerate(specs) if spec.dtype.is_inexact]
    call = PullbackCall(forward, wanted, tuple(given))
    with jax.enable_x64(True), pytorch_promotion():
        structs = [spec.struct for spec in call.input_specs]
        traced = jax.make_jaxpr(call.run)(*structs).jaxpr
    used = {id(out) for out in traced.outvars}
    for equation in reversed(traced.eqns):
        if any(id(out) in used for out in equation.outvars):
            used |= {id(x) for x in equation.invars}
    inputs = traced.invars[: len(forward.input_specs)]
    return frozenset([index for index, x in enumerate(inputs) if id(x) in used])
