"""L-BFGS: PyTorch's iterates are shown elsewhere; here how it is called and ends."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import optax
import pytest

from funcnet import InputError, optim


def rosenbrock(params: Any) -> Any:
    x, y = params["x"], params["y"]
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def step(optimizer: Any, params: Any, state: Any) -> Any:
    value, grads = jax.value_and_grad(rosenbrock)(params)
    updates, state = optimizer.update(
        grads, state, params, value=value, value_fn=rosenbrock
    )
    return optax.apply_updates(params, updates), state


START = {"x": jnp.array(-1.0, "float32"), "y": jnp.array(1.5, "float32")}


def test_line_search_finds_the_minimum_in_one_program() -> None:
    optimizer = optim.lbfgs(line_search_fn="strong_wolfe")
    jitted = jax.jit(partial(step, optimizer))
    params, state = START, optimizer.init(START)
    for _ in range(3):
        params, state = jitted(params, state)
    assert float(rosenbrock(params)) < 1e-9
    assert jitted._cache_size() == 1


def test_evaluations_are_counted_and_bounded() -> None:
    optimizer = optim.lbfgs(lr=1e-3, max_iter=4, max_eval=3)
    _, state = jax.jit(partial(step, optimizer))(START, optimizer.init(START))
    assert int(state.shared["func_evals"]) == 3
    assert int(state.shared["n_iter"]) == 2


def test_history_is_a_ring() -> None:
    optimizer = optim.lbfgs(line_search_fn="strong_wolfe", history_size=3)
    state = optimizer.init(START)
    assert state.slots["old_dirs"].shape == (3, 2)
    params, state = jax.jit(partial(step, optimizer))(START, state)
    assert int(state.shared["stored"]) > 3
    assert float(rosenbrock(params)) < float(rosenbrock(START))


def test_a_minimum_is_left_alone() -> None:
    optimizer = optim.lbfgs()
    params = {"x": jnp.array(1.0), "y": jnp.array(1.0)}
    after, state = step(optimizer, params, optimizer.init(params))
    assert (float(after["x"]), float(after["y"])) == (1.0, 1.0)
    assert int(state.shared["n_iter"]) == 0


def test_the_learning_rate_is_in_the_state() -> None:
    optimizer = optim.lbfgs(lr=1.0, max_iter=1)
    jitted = jax.jit(partial(step, optimizer))
    state = optimizer.init(START)
    whole, _ = jitted(START, state)
    half, _ = jitted(START, optim.set_lr(state, 0.5))
    assert float(half["x"] - START["x"]) == pytest.approx(
        float(whole["x"] - START["x"]) / 2, rel=1e-5
    )
    assert jitted._cache_size() == 1


def test_missing_loss_function_is_explained() -> None:
    optimizer = optim.lbfgs()
    with pytest.raises(InputError, match="value_fn=value_fn"):
        optimizer.update(START, optimizer.init(START), START)


def test_mixed_dtypes_are_refused() -> None:
    params = {"x": jnp.ones(2), "y": jnp.ones(2, "bfloat16")}
    with pytest.raises(InputError, match="bfloat16, float32"):
        optim.lbfgs().init(params)
