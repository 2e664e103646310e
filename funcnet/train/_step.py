"""One training step as a pure, jitted function; many of them in one program."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp
import optax

from funcnet._errors import InputError, InputTypeError
from funcnet._types import Array, Key, Params, State
from funcnet.functional._loss.parts import Part, computing
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
            The losses of `funcnet.functional` and `funcnet.nn` divide by what the
            whole batch has, as by its labels that are not ignored, also where they
            are part of a loss of one's own; any other loss is taken for a mean over
            samples, so that its parts count by their sizes. That holds for what is
            inside `jax.jit` or `jax.vmap` in it, too. Statistics over a batch, as of
            batch norm, are those of the parts.
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
    weighed = _step(model, loss_fn, optimizer, metrics, accumulate, augment)

    @partial(jax.jit, donate_argnums=0)
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

    def weighed(ts: TrainState, batch: Batch) -> tuple[Metrics, Metrics]:
        loss, (_, measured, weights) = objective(ts.params, ts.state, batch, None)
        return {"loss": loss, **measured}, weights

    return with_weights(weighed)


def with_weights(weighed: Callable[..., Any], **options: Any) -> Any:
    """Jit a step without the last of what it returns; `.weighed` is the whole.

    The last are the weights of what was measured in a mean over batches, where it is
    not the size of the batch that counts.
    """

    def step(ts: TrainState, batch: Batch) -> Any:
        result = weighed(ts, batch)[:-1]
        return result if len(result) > 1 else result[0]

    jitted: Any = jax.jit(step, **options)
    jitted.weighed = jax.jit(weighed, **options)
    return jitted


Objective: TypeAlias = Callable[..., tuple[Array, tuple[State, Metrics, Metrics]]]
"""`(params, state, batch, key, part=None) -> (loss, (state, metrics, weights))`."""


def _step(
    model: Layer,
    loss_fn: LossFunction,
    optimizer: optax.GradientTransformation,
    metrics: MetricFunctions | None,
    accumulate: int,
    augment: Augment | None,
) -> Callable[[TrainState, Batch], tuple[TrainState, Metrics, Metrics]]:
    """A step that also returns the weights of the metrics."""
    objective = _objective(model, loss_fn, metrics, train=True)
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
            result = _accumulated(
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


def _objective(
    model: Layer,
    loss_fn: LossFunction,
    metrics: MetricFunctions | None,
    train: bool,
) -> Objective:
    """The loss as a function of the parameters, with all else that a step returns."""
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
    if hasattr(loss_fn, "lower"):  # by jax.jit, which the step does without
        plain: Callable[[Any, Any], Array] = getattr(loss_fn, "__wrapped__", loss_fn)
        return plain
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
    objective: Objective,
    params: Params,
    state: State,
    batch: Batch,
    key: Key,
    parts: int,
) -> Any:
    """The loss of the whole batch, with its gradient, computed part by part."""
    whole: int = jax.tree.leaves(batch)[0].shape[0]
    groups = _groups(batch, whole, jax.random.split(key, parts))
    # On CPUs XLA computes a convolution's gradient a hundred times slower in a loop
    # (jax issue 12868): in 600 ms, not 4, for two layers on 8×8 images.
    scan = partial(jax.lax.scan, unroll=jax.default_backend() == "cpu")

    def divisors(_: None, part: tuple[Key, Batch]) -> tuple[None, list[Array]]:
        own = Part()
        objective(params, state, part[1], part[0], own)
        return None, own.weights

    # Of the model nothing is computed here, since labels are all that weights need.
    result = [scan(divisors, None, group)[1] for group in groups]
    each = zip(*result, strict=True)
    totals = [jnp.sum(jnp.concatenate(one)) for one in each]

    def body(
        scale: float, carry: tuple[State, Any], part: tuple[Key, Batch]
    ) -> tuple[tuple[State, Any], Any]:
        def of_part(params: Params, state: State) -> Any:
            return objective(params, state, part[1], part[0], Part(scale, totals))

        gradient = jax.value_and_grad(of_part, has_aux=True)
        (loss, (state, measured, weights)), grads = gradient(params, carry[0])
        # Its share of the loss, and so of the gradient, is that of the samples.
        return (state, jax.tree.map(jnp.add, carry[1], grads)), (
            loss,
            measured,
            weights,
        )

    shares = []
    for group in groups:
        share = jax.tree.leaves(group[1])[0].shape[1] / whole
        zeros = jax.tree.map(jnp.zeros_like, params)
        (state, grads), (*means, weights) = scan(
            partial(body, 1 / share), (state, zeros), group
        )
        means = jax.tree.map(lambda x: jnp.sum(x, 0), means)
        scaled = jax.tree.map(lambda x, by=share: x * by, (*means, grads))
        shares.append((*scaled, jax.tree.map(lambda x: jnp.sum(x, 0), weights)))
    loss, measured, grads, weights = jax.tree.map(lambda *xs: sum(xs), *shares)
    return (loss, (state, measured, weights)), grads


def _groups(batch: Batch, whole: int, keys: Array) -> list[tuple[Key, Batch]]:
    """Keys and batches of the parts, those of one size put together."""
    parts = len(keys)
    if whole < parts:
        raise InputError(
            f"accumulate={parts} parts of a batch of {whole}: each needs a sample. "
            "Give the loader drop_last=True, or accumulate less."
        )
    size, larger = divmod(whole, parts)
    middle = larger * (size + 1)

    def cut(count: int, start: int, stop: int) -> Batch:
        return jax.tree.map(
            lambda x: jnp.reshape(x[start:stop], (count, -1, *x.shape[1:])), batch
        )

    groups = [(keys[larger:], cut(parts - larger, middle, whole))]
    return [(keys[:larger], cut(larger, 0, middle)), *groups] if larger else groups
