"""Schedules: what the frozen sequences of PyTorch do not show."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, optim


def test_schedules_take_arrays_of_steps() -> None:
    for schedule in (
        optim.step_lr(0.1, 3),
        optim.cosine_annealing_warm_restarts(0.1, 2, 2),
        optim.sequential_lr([optim.constant_lr(1.0), optim.polynomial_lr(1.0)], [3]),
        optim.per_epoch(optim.multi_step_lr(0.1, [1, 2]), 3),
    ):
        steps = jnp.arange(8)
        np.testing.assert_allclose(schedule(steps), [schedule(i) for i in range(8)])


def test_a_long_decay_keeps_its_digits() -> None:
    rate = jax.jit(optim.exponential_lr(1.0, 0.9999))(jnp.int32(100_000))
    assert float(rate) == pytest.approx(0.9999**100_000, rel=1e-5)


def test_a_cosine_is_exact_near_its_end() -> None:
    rate = jax.jit(optim.cosine_annealing_lr(1.0, 10_000))(jnp.int32(9_999))
    assert float(rate) == pytest.approx(2.4674e-8, rel=1e-4)


def test_one_cycle_is_not_silent_beyond_its_end() -> None:
    schedule = optim.one_cycle_lr(0.1, total_steps=10)
    with pytest.raises(InputError, match=r"step 11 times.*total steps is 10"):
        schedule(11)
    assert bool(jnp.isnan(jax.jit(schedule)(11)))


def test_parts_of_a_sequence_are_not_asked_about_steps_of_others() -> None:
    parts = [optim.one_cycle_lr(0.1, total_steps=5), optim.constant(0.3)]
    assert float(optim.sequential_lr(parts, [5])(50)) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: optim.constant_lr(1.0, factor=2.0), "between 0 and 1, got 2.0"),
        (lambda: optim.linear_lr(1.0, start_factor=0.0), "greater than 0"),
        (lambda: optim.linear_lr(1.0, end_factor=2.0), "Ending multiplicative factor"),
        (lambda: optim.cosine_annealing_warm_restarts(1.0, 0), "positive integer T_0"),
        (lambda: optim.cosine_annealing_warm_restarts(1.0, 2, 0), "T_mult >= 1"),
        (lambda: optim.cyclic_lr(0.1, 0.2, mode="square"), "mode is 'square'"),
        (lambda: optim.one_cycle_lr(0.1), "either total_steps OR"),
        (lambda: optim.one_cycle_lr(0.1, 0), "positive integer total_steps"),
        (lambda: optim.one_cycle_lr(0.1, 5, pct_start=2.0), "pct_start, but got 2.0"),
        (lambda: optim.sequential_lr([optim.constant(1.0)], [3]), "one more than"),
        (lambda: optim.per_epoch(optim.constant(1.0), 0), "steps_per_epoch is 0"),
        (lambda: optim.ReduceLROnPlateau(factor=1.0), "Factor should be < 1.0"),
        (lambda: optim.ReduceLROnPlateau("least"), "mode is 'least'"),
    ],
)
def test_bad_settings_are_named(make, words: str) -> None:
    with pytest.raises(InputError, match=words):
        make()


def test_plateau_waits_cools_down_and_stops_at_its_floor() -> None:
    plateau = optim.ReduceLROnPlateau(factor=0.5, patience=1, cooldown=1, min_lr=0.3)
    update = jax.jit(plateau.update)
    state, rates = plateau.init(1.0), []
    for metric in (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0):
        state = update(state, metric)
        rates.append(round(float(state.lr), 6))
    assert rates == [1.0, 1.0, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3]
    assert update._cache_size() == 1
