"""Training states to and from flax's, and their serialization by flax."""

from dataclasses import fields
from typing import Any

import jax
import jax.numpy as jnp
import optax
from flax import serialization
from flax.training.train_state import TrainState as _TrainState

from funcnet._types import Key, State
from funcnet.interop.flax._linen import to_linen
from funcnet.nn import Layer
from funcnet.train import TrainState


class FlaxTrainState(_TrainState):
    """Flax's `TrainState` with the running statistics and the key of a training."""

    batch_stats: State
    key: Key


def to_train_state(
    ts: TrainState, model: Layer, optimizer: optax.GradientTransformation
) -> FlaxTrainState:
    """Make a training state of flax; the arrays are shared.

    Its `apply_fn` is that of `to_linen(model)`.

    Example:
        >>> import jax, optax
        >>> from funcnet import nn, train
        >>> from funcnet.interop.flax import to_train_state
        >>> net, optimizer = nn.Linear(3, 2), optax.sgd(0.1)
        >>> ts = train.TrainState.create(net, optimizer, jax.random.key(0))
        >>> state = to_train_state(ts, net, optimizer)
        >>> int(state.apply_gradients(grads=state.params).step)
        1
    """
    return FlaxTrainState(
        step=ts.step,
        apply_fn=to_linen(model).apply,
        params=ts.params,  # type: ignore[arg-type]
        tx=optimizer,
        opt_state=ts.opt_state,
        batch_stats=ts.state,
        key=ts.key,
    )


def from_train_state(state: Any, key: Key | None = None) -> TrainState:
    """Make funcnet's training state of one of flax's; the arrays are shared.

    Args:
        state: of flax; the statistics are those of its attribute `batch_stats`, if it
            has one.
        key: for the steps to come; left out, that of the attribute `key`.

    Example:
        >>> import jax, optax
        >>> from flax.training.train_state import TrainState
        >>> from funcnet.interop.flax import from_train_state
        >>> state = TrainState.create(apply_fn=None, params={}, tx=optax.sgd(0.1))
        >>> int(from_train_state(state, jax.random.key(0)).step)
        0
    """
    return TrainState(
        state.params,
        getattr(state, "batch_stats", {}),
        state.opt_state,
        jnp.asarray(state.step, jnp.int32),
        state.key if key is None else key,
    )


def _to_state_dict(ts: TrainState) -> dict[str, Any]:
    arrays = {field.name: getattr(ts, field.name) for field in fields(ts)}
    arrays["key"] = jax.random.key_data(ts.key)
    return {name: serialization.to_state_dict(one) for name, one in arrays.items()}


def _from_state_dict(ts: TrainState, saved: dict[str, Any]) -> TrainState:
    restored = {
        field.name: serialization.from_state_dict(
            getattr(ts, field.name), saved[field.name], field.name
        )
        for field in fields(ts)
        if field.name != "key"
    }
    implementation = jax.random.key_impl(ts.key)
    key = jax.random.wrap_key_data(jnp.asarray(saved["key"]), impl=implementation)
    return TrainState(**restored, key=key)


serialization.register_serialization_state(
    TrainState, _to_state_dict, _from_state_dict, override=True
)
