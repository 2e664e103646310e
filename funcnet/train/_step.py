"""Training and evaluation steps as pure, jitted functions."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import optax

from funcnet._errors import InputError
from funcnet._jit import jit
from funcnet._types import Array, Key, Params
from funcnet.nn import Layer
from funcnet.train._accumulate import accumulated
from funcnet.train._objective import (
    Batch,
    LossFunction,
    MetricFunctions,
    Metrics,
    make_objective,
)
from funcnet.train._state import TrainState

Augment: TypeAlias = Callable[[Key, Batch], Batch]
Step: TypeAlias = Callable[[TrainState, Batch], tuple[TrainState, Metrics]]
EpochStep: TypeAlias = Callable[[TrainState, Batch, Any], tuple[TrainState, Metrics]]
EvalStep: TypeAlias = Callable[[TrainState, Batch], Metrics]


def train_step(
    model: Layer,
    loss_fn: LossFunction,
    optimizer: optax.GradientTransformation,
    *,
    metrics: MetricFunctions | None = None,
    accumulate: int = 1,
    augment: Augment | None = None,
) -> Step:
    """Make the jitted function of one training step.

    The function is pure except that it donates the arrays of the `TrainState` that it
    gets, which cannot be used again. It is
    compiled once for each shape of batch.

    Args:
        model: called as `apply(params, state, *inputs, key=..., train=True)`.
        loss_fn: `(output, target) -> scalar`, a mean over the batch.
        optimizer: of optax or `funcnet.optim`. It also gets the loss as `value`,
            `grad` and `value_fn`, which line searches need.
        metrics: functions `(output, target) -> scalar` by name, means over the batch.
        accumulate: number of parts of the batch whose gradients are summed, one after
            another, for one step: the large batch in a fraction of the memory.
            The losses of `funcnet.functional` and `funcnet.nn` divide by the
            count of the whole batch, such as its labels that are not ignored, also
            inside a function that combines them; any other loss is taken for a mean
            over samples, so that its parts are weighted by their sizes. The same is
            true inside `jax.jit` and `jax.vmap`. Statistics over a batch, as of batch
            norm, are those of the parts.
        augment: `(key, batch) -> batch`, run first, inside the compiled step.

    Returns:
        `step(train_state, batch) -> (train_state, metrics)`, where batch is
        `(*inputs, target)` and the metrics are `{"loss": ..., **metrics}`.

    Raises (when the step is first called with a shape):
        InputError: the loss is not a scalar, or the batch has fewer samples than parts.
        InputTypeError: the batch is not a tuple of inputs and a target.

    Example:
        >>> import jax, jax.numpy as jnp, optax
        >>> from funcnet import functional as F, nn, train
        >>> net, optimizer = nn.Linear(3, 2), optax.sgd(0.1)
        >>> step = train.train_step(net, F.cross_entropy, optimizer)
        >>> ts = train.TrainState.create(net, optimizer, jax.random.key(0))
        >>> ts, metrics = step(ts, (jnp.ones((4, 3)), jnp.array([0, 1, 1, 0])))
        >>> int(ts.step), list(metrics)
        (1, ['loss'])
    """
    weighed = _step(model, loss_fn, optimizer, metrics, accumulate, augment)
    return with_weights(weighed, donate_argnums=0)


def train_epoch(
    model: Layer,
    loss_fn: LossFunction,
    optimizer: optax.GradientTransformation,
    *,
    metrics: MetricFunctions | None = None,
    accumulate: int = 1,
    augment: Augment | None = None,
) -> EpochStep:
    """Make the jitted function of an epoch: training steps over arrays in memory.

    The steps are those of `train_step`, in one dispatch, on the batches that `order`
    selects from arrays that stay on the device. Worth it for small models,
    whose step takes less time than its dispatch. Not for convolutions on CPUs, where
    XLA computes their gradients in a loop a hundred times slower (jax issue 12868).

    Takes the arguments of `train_step`.

    Returns:
        `epoch(train_state, arrays, order) -> (train_state, metrics)`: `arrays` are the
        inputs and the target of all samples, `order` `(steps, batch)` holds indices,
        as `ArrayLoader.batches` gives them, and each metric is an array `(steps,)`.

    Example:
        >>> import jax, jax.numpy as jnp, numpy as np, optax
        >>> from funcnet import functional as F, nn, train
        >>> net, optimizer = nn.Linear(3, 1), optax.sgd(0.1)
        >>> epoch = train.train_epoch(net, F.mse_loss, optimizer)
        >>> ts = train.TrainState.create(net, optimizer, jax.random.key(0))
        >>> x = jnp.ones((8, 3))
        >>> ts, metrics = epoch(ts, (x, x[:, :1]), np.arange(8).reshape(4, 2))
        >>> int(ts.step), metrics["loss"].shape
        (4, (4,))
    """
    weighed = _step(model, loss_fn, optimizer, metrics, accumulate, augment)

    @partial(jit, donate_argnums=0)
    def epoch(
        ts: TrainState, arrays: Batch, order: Array
    ) -> tuple[TrainState, Metrics]:
        def body(ts: TrainState, chosen: Array) -> tuple[TrainState, Metrics]:
            batch = tuple(jnp.take(array, chosen, axis=0) for array in arrays)
            return weighed(ts, batch)[:2]

        return jax.lax.scan(body, ts, order)

    return epoch


def eval_step(
    model: Layer, loss_fn: LossFunction, *, metrics: MetricFunctions | None = None
) -> EvalStep:
    """Make the jitted function that evaluates a model on one batch.

    Returns:
        `step(train_state, batch) -> {"loss": ..., **metrics}`, with the layers in
        evaluation mode.

    Example:
        >>> import jax, jax.numpy as jnp, optax
        >>> from funcnet import functional as F, nn, train
        >>> net = nn.Linear(3, 2)
        >>> hits = {"accuracy": train.accuracy}
        >>> step = train.eval_step(net, F.cross_entropy, metrics=hits)
        >>> ts = train.TrainState.create(net, optax.sgd(0.1), jax.random.key(0))
        >>> sorted(step(ts, (jnp.ones((4, 3)), jnp.array([0, 1, 1, 0]))))
        ['accuracy', 'loss']
    """
    objective = make_objective(model, loss_fn, metrics, train=False)

    def weighed(ts: TrainState, batch: Batch) -> tuple[Metrics, Metrics]:
        loss, (_, measured, weights) = objective(ts.params, ts.state, batch, None)
        return {"loss": loss, **measured}, weights

    return with_weights(weighed)


def with_weights(weighed: Callable[..., Any], **options: Any) -> Any:
    """Jit a step without its last result; `.weighed` returns all of them.

    The last result has the weights of metrics in a mean over batches, where that is not
    the size of the batch.
    """

    def step(ts: TrainState, batch: Batch) -> Any:
        result = weighed(ts, batch)[:-1]
        return result if len(result) > 1 else result[0]

    jitted: Any = jit(step, **options)
    jitted.weighed = jit(weighed, **options)
    return jitted


def _step(
    model: Layer,
    loss_fn: LossFunction,
    optimizer: optax.GradientTransformation,
    metrics: MetricFunctions | None,
    accumulate: int,
    augment: Augment | None,
) -> Callable[[TrainState, Batch], tuple[TrainState, Metrics, Metrics]]:
    """A step that also returns the weights of the metrics."""
    objective = make_objective(model, loss_fn, metrics, train=True)
    update = optax.with_extra_args_support(optimizer).update
    if accumulate < 1:
        raise InputError(
            f"train_step: accumulate is {accumulate}, at least 1 is needed."
        )

    def step(ts: TrainState, batch: Batch) -> tuple[TrainState, Metrics, Metrics]:
        augment_key, model_key = jax.random.split(jax.random.fold_in(ts.key, ts.step))
        if augment is not None:
            batch = augment(augment_key, batch)
        if accumulate == 1:
            gradient = jax.value_and_grad(objective, has_aux=True)
            result = gradient(ts.params, ts.state, batch, model_key)
        else:
            result = accumulated(
                objective, ts.params, ts.state, batch, model_key, accumulate
            )
        (loss, (state, measured, weights)), grads = result

        def value_fn(params: Params) -> Array:
            return objective(params, ts.state, batch, model_key)[0]

        updates, opt_state = update(
            grads, ts.opt_state, ts.params, value=loss, grad=grads, value_fn=value_fn
        )
        params = optax.apply_updates(ts.params, updates)
        ts = TrainState(params, state, opt_state, ts.step + 1, ts.key)
        return ts, {"loss": loss, **measured}, weights

    return step
