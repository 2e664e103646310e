"""The gradient of a large batch, computed part by part."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array, Key, Params, State
from funcnet.functional._loss.parts import Part
from funcnet.train._objective import Batch, Objective


def accumulated(
    objective: Objective,
    params: Params,
    state: State,
    batch: Batch,
    key: Key,
    parts: int,
) -> Any:
    """Compute the loss of a batch and its gradient, one part after another."""
    batch_size: int = jax.tree.leaves(batch)[0].shape[0]
    groups = _groups(batch, batch_size, jax.random.split(key, parts))
    # On CPUs XLA computes a convolution's gradient a hundred times slower in a loop
    # (jax issue 12868): in 600 ms, not 4, for two layers on 8×8 images.
    scan = partial(jax.lax.scan, unroll=jax.default_backend() == "cpu")

    def divisors(_: None, part: tuple[Key, Batch]) -> tuple[None, list[Array]]:
        losses = Part()
        objective(params, state, part[1], part[0], losses)
        return None, losses.weights

    # XLA drops the model from this program, since weights depend on labels alone.
    result = [scan(divisors, None, group)[1] for group in groups]
    by_loss = zip(*result, strict=True)
    totals = [jnp.sum(jnp.concatenate(weights)) for weights in by_loss]

    def body(
        scale: float, carry: tuple[State, Any], part: tuple[Key, Batch]
    ) -> tuple[tuple[State, Any], Any]:
        def of_part(params: Params, state: State) -> Any:
            return objective(params, state, part[1], part[0], Part(scale, totals))

        gradient = jax.value_and_grad(of_part, has_aux=True)
        (loss, (state, measured, weights)), grads = gradient(params, carry[0])
        # The part's weight in the loss, and so in the gradient, is that of its samples.
        total = jax.tree.map(jnp.add, carry[1], grads)
        return (state, total), (loss, measured, weights)

    shares = []
    for group in groups:
        share = jax.tree.leaves(group[1])[0].shape[1] / batch_size
        zeros = jax.tree.map(jnp.zeros_like, params)
        (state, grads), (*means, weights) = scan(
            partial(body, 1 / share), (state, zeros), group
        )
        means = jax.tree.map(lambda x: jnp.sum(x, 0), means)
        scaled = jax.tree.map(lambda x, by=share: x * by, (*means, grads))
        shares.append((*scaled, jax.tree.map(lambda x: jnp.sum(x, 0), weights)))
    loss, measured, grads, weights = jax.tree.map(lambda *xs: sum(xs), *shares)
    return (loss, (state, measured, weights)), grads


def _groups(batch: Batch, batch_size: int, keys: Array) -> list[tuple[Key, Batch]]:
    """The keys and batches of the parts, stacked by size."""
    parts = len(keys)
    if batch_size < parts:
        raise InputError(
            f"accumulate={parts} parts of a batch of {batch_size}: each needs a "
            "sample. Give the loader drop_last=True, or accumulate less."
        )
    size, larger = divmod(batch_size, parts)
    middle = larger * (size + 1)

    def cut(count: int, start: int, stop: int) -> Batch:
        return jax.tree.map(
            lambda x: jnp.reshape(x[start:stop], (count, -1, *x.shape[1:])), batch
        )

    groups = [(keys[larger:], cut(parts - larger, middle, batch_size))]
    return [(keys[:larger], cut(larger, 0, middle)), *groups] if larger else groups
