"""What all optimizers share; that their steps are PyTorch's is shown elsewhere."""

import inspect
import re
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from funcnet import InputError, InputTypeError, optim, tree
from funcnet.optim import _rules
from funcnet.optim._base import Rule
from funcnet.optim._settings import LR, at_least_zero
from funcnet.optim._spec import update_rule

RULES = tuple(_rules.public_names())
PARAMS = {"body": {"weight": jnp.ones((2, 3))}, "head": {"weight": jnp.ones((1, 2))}}


def loss(params: Any) -> Any:
    hidden = params["body"]["weight"] - 0.5
    return jnp.sum(hidden**2) + jnp.sum(params["head"]["weight"] ** 2)


def step(optimizer: Any, params: Any, state: Any) -> Any:
    updates, state = optimizer.update(jax.grad(loss)(params), state, params)
    return optax.apply_updates(params, updates), state


def test_a_rule_is_added_by_its_file_alone(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "by_sign.py").write_text('__all__ = ["by_sign"]\nby_sign = "a rule"\n')
    assert "by_sign" not in _rules.public_names()
    monkeypatch.setattr(_rules, "__path__", [*_rules.__path__, str(tmp_path)])
    assert _rules.public_names()["by_sign"] == "a rule"
    assert set(RULES) < set(optim.__all__)


@pytest.mark.parametrize("name", RULES)
def test_state_keeps_the_dtypes_of_half_precision_parameters(name: str) -> None:
    params = jax.tree.map(lambda x: x.astype(jnp.bfloat16), PARAMS)
    optimizer = getattr(optim, name)()
    state = optimizer.init(params)
    updates, after = jax.eval_shape(optimizer.update, params, state, params)
    assert {x.dtype for x in jax.tree.leaves(updates)} == {jnp.dtype("bfloat16")}
    assert {x.dtype for x in jax.tree.leaves(after.slots)} <= {jnp.dtype("bfloat16")}
    assert after.step.dtype == jnp.int32
    assert tree.mismatches(after, state) == []


@pytest.mark.parametrize("name", ["adam", "rmsprop"])
def test_tiny_gradients_of_float16_do_not_underflow(name: str) -> None:
    params = {"x": jnp.ones(2, "float16")}
    optimizer = getattr(optim, name)(1e-2, eps=1e-4)
    grads = {"x": jnp.full(2, 1e-3, "float16")}
    updates, _ = optimizer.update(grads, optimizer.init(params), params)
    assert bool(jnp.isfinite(updates["x"]).all())


def test_maximize_climbs() -> None:
    down, _ = step(optim.adam(0.1), PARAMS, optim.adam(0.1).init(PARAMS))
    climber = optim.adam(0.1, maximize=True)
    up, _ = step(climber, PARAMS, climber.init(PARAMS))
    np.testing.assert_allclose(
        up["head"]["weight"] - 1, 1 - down["head"]["weight"], rtol=1e-5
    )


def test_set_lr_acts_at_the_next_step_and_never_recompiles() -> None:
    optimizer = optim.sgd(0.1)
    jitted = jax.jit(partial(step, optimizer))
    params, state = jitted(PARAMS, optimizer.init(PARAMS))
    for rate in (0.2, np.float32(0.0), 1, jnp.float32(0.5)):
        state = optim.set_lr(state, rate)
        moved, state = jitted(params, state)
        ratio = moved["head"]["weight"] / params["head"]["weight"]
        np.testing.assert_allclose(ratio, 1 - 2 * float(rate), atol=1e-6)
        assert float(optim.get_lr(state)) == pytest.approx(float(rate))
    assert jitted._cache_size() == 1


def test_set_lr_finds_the_optimizer_in_a_chain() -> None:
    optimizer = optax.chain(optim.clip_by_norm(1.0), optim.adam(1e-3))
    state = optim.set_lr(optimizer.init(PARAMS), 0.5)
    assert float(optim.get_lr(state)) == 0.5
    with pytest.raises(InputError, match="0 optimizers of funcnet"):
        optim.get_lr(optax.adam(1e-3).init(PARAMS))


def test_schedule_is_followed_by_lr_and_momentum() -> None:
    rate = optim.linear_lr(0.1, start_factor=0.5, total_iters=2)
    momentum = optim.linear_lr(0.8, start_factor=0.5, total_iters=2)
    optimizer = optim.sgd(rate, momentum=momentum)
    params, state = {"x": jnp.zeros(())}, optimizer.init({"x": jnp.zeros(())})
    velocity, x = 0.0, 0.0
    for lr, m in ((0.05, 0.4), (0.075, 0.6), (0.1, 0.8), (0.1, 0.8)):
        assert float(optim.get_lr(state)) == pytest.approx(lr)
        updates, state = optimizer.update({"x": jnp.ones(())}, state, params)
        params = optax.apply_updates(params, updates)
        velocity = m * velocity + 1
        x -= lr * velocity
        assert float(params["x"]) == pytest.approx(x, rel=1e-6)


def test_set_lr_refuses_a_scheduled_optimizer() -> None:
    state = optim.adam(optim.step_lr(0.1, 2)).init(PARAMS)
    with pytest.raises(InputError, match="follows a schedule"):
        optim.set_lr(state, 0.5)


def test_buffers_of_a_fresh_state_can_be_donated() -> None:
    for name in ("asgd", "nadam", "adam"):
        optimizer = getattr(optim, name)()
        jitted = jax.jit(partial(step, optimizer), donate_argnums=(0, 1))
        params = jax.tree.map(jnp.copy, PARAMS)
        params, state = jitted(params, optimizer.init(params))
        jitted(params, state)


def test_slots_have_the_names_of_pytorchs_state() -> None:
    state = optim.adam(amsgrad=True).init(PARAMS)
    assert set(state.slots) == {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"}
    assert set(optim.sgd(momentum=0.9).init(PARAMS).slots) == {"momentum_buffer"}
    assert optim.sgd().init(PARAMS).slots == {}


def test_adafactor_keeps_factors_for_matrices_only() -> None:
    params = {"weight": jnp.ones((2, 3, 4)), "bias": jnp.ones(3)}
    slots = optim.adafactor().init(params).slots
    assert slots["row_var"]["weight"].shape == (2, 3, 1)
    assert slots["col_var"]["weight"].shape == (2, 1, 4)
    assert slots["variance"]["bias"].shape == (3,)
    assert sum(x.size for x in jax.tree.leaves(slots)) == 6 + 8 + 3


def test_update_without_params_works_where_they_are_not_read() -> None:
    optimizer = optim.adam(0.1)
    updates, _ = optimizer.update(PARAMS, optimizer.init(PARAMS))
    assert float(updates["head"]["weight"][0, 0]) == pytest.approx(-0.1)
    with pytest.raises(InputError, match="adamw: this update needs the parameters"):
        optim.adamw().update(PARAMS, optim.adamw().init(PARAMS))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: optim.sgd(-1.0), "Invalid learning rate: -1.0"),
        (lambda: optim.sgd(momentum=-0.5), "Invalid momentum value: -0.5"),
        (lambda: optim.sgd(nesterov=True), "requires a momentum and zero dampening"),
        (lambda: optim.adam(betas=(1.0, 0.0)), "beta parameter at index 0: 1.0"),
        (lambda: optim.adamax(betas=(0.0, 1.0)), "beta parameter at index 1: 1.0"),
        (lambda: optim.adamw(weight_decay=-1), "Invalid weight_decay value: -1"),
        (lambda: optim.adam(eps=-1), "Invalid epsilon value: -1"),
        (lambda: optim.adadelta(rho=1.1), "Invalid rho value: 1.1"),
        (lambda: optim.adagrad(lr_decay=-0.5), "Invalid lr_decay value: -0.5"),
        (
            lambda: optim.nadam(momentum_decay=-0.2),
            "Invalid momentum_decay value",
        ),
        (lambda: optim.rprop(etas=(1.0, 0.5)), "Invalid eta values: 1.0, 0.5"),
        (lambda: optim.adafactor(d=0.0), "threshold d should be >= 1"),
        (lambda: optim.adafactor(beta2_decay=0.8), "beta2_decay should be <= 0"),
        (lambda: optim.adafactor(eps=(-1e-30, 1e-3)), "epsilon1 should be >= 0"),
        (
            lambda: optim.muon(adjust_lr_fn="other"),
            "Adjust learning rate function other is not",
        ),
        (lambda: optim.lbfgs(line_search_fn="armijo"), "line_search_fn is 'armijo'"),
        (
            lambda: optim.muon().init({"fc": {"bias": jnp.ones(3)}}),
            r"fc\.bias \(muon\): Muon only supports 2D",
        ),
        (
            lambda: optim.sgd(lambda step: jnp.ones(2)).init(PARAMS),
            "lr must be 1-element",
        ),
    ],
)
def test_bad_settings_are_named(make, words: str) -> None:
    with pytest.raises(InputError, match=words):
        make()


@pytest.mark.parametrize("dtype", ["int32", "complex64"])
def test_parameters_must_be_real_and_floating(dtype: str) -> None:
    with pytest.raises(InputTypeError, match=r"fc\.x \(adam\): a parameter of dtype"):
        optim.adam().init({"fc": {"x": jnp.ones(2, dtype)}})


def test_gradients_of_another_model_are_refused() -> None:
    optimizer = optim.sgd()
    grads = {"body": PARAMS["body"]}
    with pytest.raises(InputError, match=r"head\.weight: missing"):
        optimizer.update(grads, optimizer.init(PARAMS), PARAMS)


def test_radam_rectifies_from_its_sixth_step_also_near_beta_one() -> None:
    # In float32 the length of the average, as written, is off by 0.03 at this beta.
    params = {"x": jnp.ones(1)}
    optimizer = optim.radam(1.0, betas=(0.0, 0.99999))
    state, sizes = optimizer.init(params), []
    update = jax.jit(optimizer.update)
    for _ in range(6):
        updates, state = update(params, state, params)
        sizes.append(-float(updates["x"][0]))
    assert sizes[:5] == pytest.approx([1.0] * 5)
    assert sizes[5] == pytest.approx(0.002582, rel=1e-3)


@pytest.mark.parametrize("name", RULES)
def test_every_setting_is_documented_and_checked_for_negative_rates(name: str) -> None:
    make = getattr(optim, name)
    arguments = make.__doc__.split("Args:\n")[1].split("\n\n")[0]
    described = re.findall(r"^    (\w+):", arguments, re.M)
    assert described == list(inspect.signature(make).parameters)
    with pytest.raises(InputError, match=rf"{name}: .*-1.*at least 0"):
        make(lr=-1)


def test_a_rule_of_its_own_is_a_formula_with_checks() -> None:
    @update_rule(LR, at_least_zero("power"))
    def by_power(
        lr: float | optim.Schedule = 0.1,
        power: float = 1.0,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
    ) -> Rule:
        """Step along a power of the gradient.

        Args:
            power: of the size of the gradient.
        """

        def update(g: Any, p: Any, slots: Any, k: Any) -> Any:
            return -k["lr"] * jnp.sign(g) * jnp.abs(g) ** power, slots

        return Rule(update)

    optimizer = by_power(0.5, power=2.0, weight_decay=1.0, maximize=True)
    params = {"x": jnp.array([1.0])}
    updates, _ = optimizer.update({"x": jnp.ones(1)}, optimizer.init(params), params)
    assert float(updates["x"][0]) == 0.0  # the gradient is negated, the decay is not
    with pytest.raises(InputError, match="by_power: Invalid power value: -1"):
        by_power(power=-1)
    with pytest.raises(TypeError, match=r"by_power\(\) got an unexpected keyword"):
        by_power(powr=1)
