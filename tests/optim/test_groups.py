"""Parameter groups and clipping."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from funcnet import InputError, optim

PARAMS = {
    "body": {"weight": jnp.ones((2, 2)), "bias": jnp.ones(2)},
    "head": {"weight": jnp.ones((1, 2))},
}


def test_the_first_fitting_group_updates_each_parameter() -> None:
    optimizer = optim.groups(
        {
            "*.bias": optim.freeze(),
            lambda path: path.startswith("head"): optim.sgd(0.5),
            "*": optim.sgd(0.1, momentum=0.9),
        }
    )
    state = optimizer.init(PARAMS)
    updates, state = jax.jit(optimizer.update)(PARAMS, state, PARAMS)
    assert jax.tree.structure(updates) == jax.tree.structure(PARAMS)
    assert updates["body"]["bias"].tolist() == [0, 0]
    np.testing.assert_allclose(updates["head"]["weight"], -0.5)
    np.testing.assert_allclose(updates["body"]["weight"], -0.1)
    assert list(state.states[2].slots["momentum_buffer"]) == ["body.weight"]


def test_each_group_has_its_learning_rate() -> None:
    optimizer = optim.groups(
        {"head.*": optim.adam(0.5), "*.bias": optim.freeze(), "*": optim.sgd(0.1)}
    )
    state = optimizer.init(PARAMS)
    rates = optim.get_lr(state)
    assert rates[1] is None
    assert [float(rates[0]), float(rates[2])] == pytest.approx([0.5, 0.1])
    state = optim.set_lr(state, (rates[0], None, 1.0))
    updates, _ = optimizer.update(PARAMS, state, PARAMS)
    np.testing.assert_allclose(updates["body"]["weight"], -1.0)
    with pytest.raises(InputError, match="3 groups and needs a tuple"):
        optim.set_lr(state, 0.1)


def test_plateau_lowers_all_groups() -> None:
    optimizer = optim.groups({"head.*": optim.sgd(0.5), "*": optim.sgd(0.1)})
    plateau = optim.ReduceLROnPlateau(factor=0.5, patience=0, min_lr=(0.4, 0.0))
    state = plateau.init(optim.get_lr(optimizer.init(PARAMS)))
    for loss in (1.0, 2.0):
        state = plateau.update(state, loss)
    assert [round(float(rate), 6) for rate in state.lr] == [0.4, 0.05]


def test_a_parameter_without_a_group_is_named() -> None:
    with pytest.raises(InputError, match=r"'body\.bias'.*head\.\*"):
        optim.groups({"head.*": optim.sgd()}).init(PARAMS)


def test_a_pattern_without_a_parameter_is_named() -> None:
    with pytest.raises(InputError, match=r"haed\.\* fits no parameter.*head\.weight"):
        optim.groups({"haed.*": optim.sgd(), "*": optim.sgd()}).init(PARAMS)


def test_groups_work_on_any_tree() -> None:
    params = [jnp.ones(2), (jnp.ones(3),)]
    optimizer = optim.groups({"0": optim.sgd(0.5), "1.*": optim.freeze()})
    updates, _ = optimizer.update(params, optimizer.init(params), params)
    assert updates[0].tolist() == [-0.5, -0.5]
    assert updates[1][0].tolist() == [0, 0, 0]


GRADS = {"a": jnp.array([3.0, -4.0]), "b": jnp.array([[12.0]])}


# What torch.nn.utils.clip_grad_norm_(..., max_norm=1.0, norm_type) returns.
@pytest.mark.parametrize(
    ("norm_type", "norm"),
    [(2.0, 13.0), (1.0, 19.0), (3.0, 12.2071), (math.inf, 12.0), (0.0, 2.0)],
)
def test_clip_grad_norm_scales_by_the_total_norm(norm_type: float, norm: float) -> None:
    clipped, total = optim.clip_grad_norm(GRADS, 1.0, norm_type)
    assert float(total) == pytest.approx(norm, rel=1e-4)
    np.testing.assert_allclose(clipped["a"], GRADS["a"] / (total + 1e-6), rtol=1e-6)


def test_clip_grad_norm_leaves_small_gradients_alone() -> None:
    clipped, _ = optim.clip_grad_norm(GRADS, 100.0)
    assert clipped["a"].tolist() == [3.0, -4.0]


def test_clip_grad_norm_of_half_precision_does_not_overflow() -> None:
    grads = {"x": jnp.full(4, 300.0, "float16")}
    clipped, total = optim.clip_grad_norm(grads, 1.0)
    assert (total.dtype, clipped["x"].dtype) == (jnp.float16, jnp.float16)
    assert float(total) == 600.0
    np.testing.assert_allclose(clipped["x"].astype("float32"), 0.5, rtol=1e-3)


def test_clip_grad_norm_can_refuse_what_is_not_finite() -> None:
    grads = {"x": jnp.array([jnp.inf])}
    with pytest.raises(InputError, match="non-finite"):
        optim.clip_grad_norm(grads, 1.0, error_if_nonfinite=True)


def test_clipping_stands_before_an_optimizer_in_a_chain() -> None:
    for clip, wanted in (
        (optim.clip_by_value(1.0), [-1.0, 1.0]),
        (optim.clip_by_norm(1.3), [-0.3, 0.4]),
    ):
        optimizer = optax.chain(clip, optim.sgd(1.0))
        updates, _ = optimizer.update(GRADS, optimizer.init(GRADS), GRADS)
        np.testing.assert_allclose(updates["a"], wanted, rtol=1e-5)
