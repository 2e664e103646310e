"""The objective of a training step: the loss of a batch, with metrics and state."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import jax.numpy as jnp

from funcnet._errors import InputError, InputTypeError
from funcnet._types import Array, Key, Params, State
from funcnet.functional._loss.parts import Part, computing
from funcnet.nn import Layer

Batch: TypeAlias = tuple[Any, ...]
"""The inputs of the model and, last, the target of the loss."""

Metrics: TypeAlias = dict[str, Array]
LossFunction: TypeAlias = Callable[[Any, Any], Array] | Layer
"""`(output, target) -> scalar`: `F.cross_entropy`, or a layer as `nn.MSELoss()`."""

MetricFunctions: TypeAlias = Mapping[str, Callable[[Any, Any], Array]]
Objective: TypeAlias = Callable[..., tuple[Array, tuple[State, Metrics, Metrics]]]
"""`(params, state, batch, key, part=None) -> (loss, (state, metrics, weights))`."""


def make_objective(
    model: Layer,
    loss_fn: LossFunction,
    metrics: MetricFunctions | None,
    train: bool,
) -> Objective:
    """Make the loss as a function of the parameters, with metrics and state."""
    compute_loss = as_function(loss_fn)

    def objective(
        params: Params,
        state: State,
        batch: Batch,
        key: Key | None,
        part: Part | None = None,
    ) -> tuple[Array, tuple[State, Metrics, Metrics]]:
        inputs, target = split_batch(batch)
        output, state = model.apply(params, state, *inputs, key=key, train=train)
        result: Metrics = {}
        weights: Metrics = {}
        part = part or Part()
        with computing(part):
            for name, compute in {"loss": compute_loss, **(metrics or {})}.items():
                before = len(part.weights)
                result[name] = compute(output, target)
                if len(part.weights) == before + 1:
                    weights[name] = part.weights[before]
        loss = result.pop("loss")
        if jnp.shape(loss):
            raise InputError(
                f"the loss has shape {jnp.shape(loss)}, a scalar is needed. "
                'Use reduction="mean", or take the mean.'
            )
        return loss, (state, result, weights)

    return objective


def as_function(loss_fn: LossFunction) -> Callable[[Any, Any], Array]:
    """Make a function of a loss that is a layer without parameters."""
    if isinstance(loss_fn, Layer):
        return lambda output, target: loss_fn.apply({}, {}, output, target)[0]
    if hasattr(loss_fn, "lower"):  # of jax.jit, which is not needed inside a step
        plain: Callable[[Any, Any], Array] = getattr(loss_fn, "__wrapped__", loss_fn)
        return plain
    return loss_fn


def split_batch(batch: Batch) -> tuple[tuple[Any, ...], Any]:
    """Split a batch into the inputs and the target."""
    if not isinstance(batch, tuple | list) or len(batch) < 2:
        raise InputTypeError(
            f"a batch is a tuple of inputs and, last, the target; this one is a "
            f"{type(batch).__name__}. Give (x, y); to reconstruct x, (x, x)."
        )
    return tuple(batch[:-1]), batch[-1]
