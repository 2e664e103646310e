"""One training step as a pure, jitted function; many of them in one program."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import optax

from funcnet._errors import InputError, InputTypeError
from funcnet._types import Array, Key, Params, State
from funcnet.nn import Layer
from funcnet.train._state import TrainState

Batch: TypeAlias = tuple[Any, ...]
"""The inputs of the model and, last, the target of the loss."""

Metrics: TypeAlias = dict[str, Array]
LossFunction: TypeAlias = Callable[[Any, Any], Array] | Layer
"""`(output, target) -> scalar`: `F.cross_entropy`, or a layer as `nn.MSELoss()`."""

MetricFunctions: TypeAlias = Mapping[str, Callable[[Any, Any], Array]]
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

    The function is pure, but for one thing: the arrays of the `TrainState` that it
    gets are given away to the one that it returns, and cannot be used again. It is
    compiled once for each shape of batch.

    Args:
        model: called as `apply(params, state, *inputs, key=..., train=True)`.
        loss_fn: `(output, target) -> scalar`, a mean over the batch.
        optimizer: of optax or `funcnet.optim`. It is also handed the loss as `value`,
            `grad` and `value_fn`, which line searches want.
        metrics: functions `(output, target) -> scalar` by name, means over the batch.
        accumulate: add up the gradients of so many parts of the batch, one after
            another, and make one step: the large batch in a fraction of the memory.
            Statistics over a batch, as of batch norm, are those of the parts.
        augment: `(key, batch) -> batch`, run first, inside the compiled step.

    Returns:
        `step(train_state, batch) -> (train_state, metrics)`, where batch is
        `(*inputs, target)` and the metrics are `{"loss": ..., **metrics}`.

    Raises (when the step is first called with a shape):
        InputError: the loss is not a scalar, or `accumulate` does not divide the batch.
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
    step = _step(model, loss_fn, optimizer, metrics, accumulate, augment)
    return jax.jit(step, donate_argnums=0)


def train_epoch(
    model: Layer,
    loss_fn: LossFunction,
    optimizer: optax.GradientTransformation,
    *,
    metrics: MetricFunctions | None = None,
    accumulate: int = 1,
    augment: Augment | None = None,
) -> EpochStep:
    """Make the jitted function of many training steps over arrays in memory.

    The steps are those of `train_step`, which see, in one dispatch, the batches that
    `order` chooses from arrays that stay on the device. Worth it for small models,
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
    step = _step(model, loss_fn, optimizer, metrics, accumulate, augment)

    @partial(jax.jit, donate_argnums=0)
    def epoch(
        ts: TrainState, arrays: Batch, order: Array
    ) -> tuple[TrainState, Metrics]:
        def body(ts: TrainState, chosen: Array) -> tuple[TrainState, Metrics]:
            return step(ts, tuple(jnp.take(array, chosen, axis=0) for array in arrays))

        return jax.lax.scan(body, ts, order)

    return epoch


def eval_step(
    model: Layer, loss_fn: LossFunction, *, metrics: MetricFunctions | None = None
) -> EvalStep:
    """Make the jitted function that measures a model on one batch, changing nothing.

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
    objective = _objective(model, loss_fn, metrics, train=False)

    @jax.jit
    def step(ts: TrainState, batch: Batch) -> Metrics:
        loss, (_, measured) = objective(ts.params, ts.state, batch, None)
        return {"loss": loss, **measured}

    return step


Objective: TypeAlias = Callable[
    [Params, State, Batch, Key | None], tuple[Array, tuple[State, Metrics]]
]


def _step(
    model: Layer,
    loss_fn: LossFunction,
    optimizer: optax.GradientTransformation,
    metrics: MetricFunctions | None,
    accumulate: int,
    augment: Augment | None,
) -> Step:
    objective = _objective(model, loss_fn, metrics, train=True)
    update = optax.with_extra_args_support(optimizer).update
    if accumulate < 1:
        raise InputError(
            f"train_step: accumulate is {accumulate}, at least 1 is needed."
        )

    def step(ts: TrainState, batch: Batch) -> tuple[TrainState, Metrics]:
        augment_key, model_key = jax.random.split(jax.random.fold_in(ts.key, ts.step))
        if augment is not None:
            batch = augment(augment_key, batch)
        gradient = partial(jax.value_and_grad(objective, has_aux=True), ts.params)
        if accumulate == 1:
            (loss, (state, measured)), grads = gradient(ts.state, batch, model_key)
        else:
            (loss, (state, measured)), grads = _accumulated(
                gradient, ts.state, batch, model_key, accumulate
            )

        def value_fn(params: Params) -> Array:
            return objective(params, ts.state, batch, model_key)[0]

        updates, opt_state = update(
            grads, ts.opt_state, ts.params, value=loss, grad=grads, value_fn=value_fn
        )
        params = optax.apply_updates(ts.params, updates)
        ts = TrainState(params, state, opt_state, ts.step + 1, ts.key)
        return ts, {"loss": loss, **measured}

    return step


def _objective(
    model: Layer,
    loss_fn: LossFunction,
    metrics: MetricFunctions | None,
    train: bool,
) -> Objective:
    """The loss as a function of the parameters, with all else that a step returns."""
    compute_loss = as_function(loss_fn)

    def objective(
        params: Params, state: State, batch: Batch, key: Key | None
    ) -> tuple[Array, tuple[State, Metrics]]:
        inputs, target = split_batch(batch)
        output, state = model.apply(params, state, *inputs, key=key, train=train)
        loss = compute_loss(output, target)
        if jnp.shape(loss):
            raise InputError(
                f"the loss has shape {jnp.shape(loss)}, a scalar is needed. "
                'Use reduction="mean", or take the mean.'
            )
        measured = {name: f(output, target) for name, f in (metrics or {}).items()}
        return loss, (state, measured)

    return objective


def as_function(loss_fn: LossFunction) -> Callable[[Any, Any], Array]:
    """Make a function of a loss that is a layer without parameters."""
    if isinstance(loss_fn, Layer):
        return lambda output, target: loss_fn.apply({}, {}, output, target)[0]
    return loss_fn


def split_batch(batch: Batch) -> tuple[tuple[Any, ...], Any]:
    """Take a batch apart into the inputs and the target."""
    if not isinstance(batch, tuple | list) or len(batch) < 2:
        raise InputTypeError(
            f"a batch is a tuple of inputs and, last, the target; this one is a "
            f"{type(batch).__name__}. Give (x, y); to reconstruct x, (x, x)."
        )
    return tuple(batch[:-1]), batch[-1]


def _accumulated(
    gradient: Callable[..., Any], state: State, batch: Batch, key: Key, parts: int
) -> Any:
    """Return what `gradient` of the whole batch returns, computed part by part."""

    def split(array: Array) -> Array:
        if array.shape[0] % parts:
            raise InputError(
                f"accumulate={parts} does not divide the batch of {array.shape[0]}. "
                "Give the loader drop_last=True and a batch_size that it divides."
            )
        return jnp.reshape(array, (parts, array.shape[0] // parts, *array.shape[1:]))

    def body(carry: tuple[State, Any], part: tuple[Key, Batch]) -> Any:
        state, total = carry
        part_key, part_batch = part
        (loss, (state, measured)), grads = gradient(state, part_batch, part_key)
        return (state, jax.tree.map(jnp.add, total, grads)), (loss, measured)

    batches = jax.tree.map(split, batch)
    keys = jax.random.split(key, parts)
    first = jax.tree.map(lambda array: array[0], (batches, keys))
    shapes = jax.eval_shape(gradient, state, *first)[1]
    zeros = jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shapes)
    # On CPUs XLA computes a convolution's gradient a hundred times slower in a loop
    # (jax issue 12868): in 600 ms, not 4, for two layers on 8×8 images.
    unroll = jax.default_backend() == "cpu"
    (state, total), measured = jax.lax.scan(
        body, (state, zeros), (keys, batches), unroll=unroll
    )
    loss, metrics = jax.tree.map(partial(jnp.mean, axis=0), measured)
    return (loss, (state, metrics)), jax.tree.map(lambda g: g / parts, total)
