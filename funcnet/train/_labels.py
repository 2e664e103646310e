"""Check all labels once, on the host, before a compiled loop that could not."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet.data import ArrayLoader
from funcnet.nn import Layer
from funcnet.train._objective import LossFunction, as_function, split_batch
from funcnet.train._state import TrainState
from funcnet.train._step import Augment


def check_labels(
    model: Layer,
    loss_fn: LossFunction,
    augment: Augment | None,
    ts: TrainState,
    data: Any,
) -> None:
    """Let the loss check all integer targets of an `ArrayLoader`, without computing it.

    In a compiled step labels are not known, and a wrong one makes the loss NaN. Here
    the loss is traced with an abstract output and concrete labels.

    Raises:
        InputError: a label is out of range.
    """
    if not isinstance(data, ArrayLoader):
        return
    labels = data.arrays[-1]
    if not np.issubdtype(labels.dtype, np.integer):
        return
    batch = tuple(array[: data.batch_size] for array in data.arrays)

    def forward(ts: TrainState, batch: Any) -> tuple[Any, Any]:
        if augment is not None:
            batch = augment(ts.key, batch)
        inputs, target = split_batch(batch)
        return model.apply(ts.params, ts.state, *inputs)[0], target

    output, target = jax.eval_shape(forward, ts, batch)
    outputs = jax.tree.map(
        lambda leaf: jax.ShapeDtypeStruct((data.samples, *leaf.shape[1:]), leaf.dtype),
        output,
    )
    if target.shape == batch[-1].shape and jnp.issubdtype(target.dtype, jnp.integer):
        jax.eval_shape(lambda output: as_function(loss_fn)(output, labels), outputs)
