"""The state of a training: all that a step reads and writes."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import jax
import jax.numpy as jnp
import optax

from funcnet._types import Array, Key, Params, State
from funcnet.nn import Layer


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["params", "state", "opt_state", "step", "key"],
    meta_fields=[],
)
@dataclass(frozen=True)
class TrainState:
    """Parameters, state, optimizer state, step and key of a training: one pytree.

    Attributes:
        params: trainable parameters.
        state: running statistics and counters of the layers.
        opt_state: of the optax optimizer.
        step: number of steps done, int32.
        key: stays the same; a step draws from `jax.random.fold_in(key, step)`.

    Example:
        >>> import jax, optax
        >>> from funcnet import nn, train
        >>> ts = train.TrainState.create(
        ...     nn.Linear(3, 2), optax.sgd(0.1), jax.random.key(0)
        ... )
        >>> ts.params["weight"].shape, int(ts.step)
        ((2, 3), 0)
    """

    params: Params
    state: State
    opt_state: Any
    step: Array
    key: Key

    @classmethod
    def create(
        cls,
        model: Layer,
        optimizer: optax.GradientTransformation,
        key: Key,
        *,
        start: tuple[Params, State] | None = None,
    ) -> Self:
        """Initialize a model and its optimizer.

        Args:
            model: the model.
            optimizer: of optax or `funcnet.optim`.
            key: of the initial parameters and of all draws.
            start: the `(params, state)` to begin with, such as trained ones, instead
                of the model's own. They are copied.
        """
        # A step donates all these buffers, so none may be the caller's or occur twice
        # (some optimizers start with the parameters themselves).
        init_key, step_key = jax.random.split(key)
        if start is None:
            params, state = model.init(init_key)
        else:
            params, state = jax.tree.map(jnp.array, start)
        opt_state = jax.tree.map(jnp.array, optimizer.init(params))
        return cls(params, state, opt_state, jnp.zeros((), jnp.int32), step_key)
