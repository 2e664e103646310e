"""Learning rates (and momenta) that swing: cosine, cyclic, one cycle."""

import math
from collections.abc import Callable
from typing import Literal

import jax.numpy as jnp

from funcnet._check import check_choice, is_concrete
from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.optim._base import Schedule
from funcnet.optim._powers import power
from funcnet.optim._schedules import as_float, passed

Swing = Literal["triangular", "triangular2", "exp_range"]
Scale = Callable[[Array], ArrayLike]


def cosine_annealing_lr(base_lr: float, T_max: int, eta_min: float = 0.0) -> Schedule:
    """Fall to `eta_min` along a cosine; equals `CosineAnnealingLR`.

    After `T_max` steps it rises again, as PyTorch's recursion does, and so on. From
    Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts"
    (2016), https://arxiv.org/abs/1608.03983.

    Example:
        >>> schedule = cosine_annealing_lr(1.0, T_max=10)
        >>> [round(float(schedule(step)), 6) for step in (0, 5, 10, 20)]
        [1.0, 0.5, 0.0, 1.0]
    """

    def schedule(step: ArrayLike) -> Array:
        # The distance from the lowest point, a whole number, keeps the digits that
        # 1 + cos(pi * step / T_max) would lose near it.
        distance = jnp.abs(jnp.asarray(step) % (2 * T_max) - T_max)
        return eta_min + (base_lr - eta_min) * _height(as_float(distance) / T_max)

    return schedule


def cosine_annealing_warm_restarts(
    base_lr: float, T_0: int, T_mult: int = 1, eta_min: float = 0.0
) -> Schedule:
    """Fall along a cosine and start anew; equals `CosineAnnealingWarmRestarts`.

    The first fall takes `T_0` steps, each further one `T_mult` times as many. The paper
    is that of `cosine_annealing_lr`.

    Raises:
        InputError: `T_0` or `T_mult` is not a positive integer.

    Example:
        >>> schedule = cosine_annealing_warm_restarts(1.0, T_0=10)
        >>> [round(float(schedule(step)), 6) for step in (0, 5, 10)]
        [1.0, 0.5, 1.0]
    """
    if not isinstance(T_0, int) or T_0 <= 0:
        raise InputError(f"Expected positive integer T_0, but got {T_0}")
    if not isinstance(T_mult, int) or T_mult < 1:
        raise InputError(f"Expected integer T_mult >= 1, but got {T_mult}")
    lengths, starts = [T_0], [0]
    while T_mult > 1 and starts[-1] + lengths[-1] < 2**31:
        starts.append(starts[-1] + lengths[-1])
        lengths.append(lengths[-1] * T_mult)

    def schedule(step: ArrayLike) -> Array:
        step = jnp.asarray(step, jnp.int32)
        if T_mult == 1:
            done, length = step % T_0, as_float(T_0)
        else:
            fall = passed(starts, step) - 1
            done = step - jnp.asarray(starts, jnp.int32)[fall]
            length = jnp.asarray(lengths, jnp.result_type(float))[fall]
        left = length - as_float(done)
        return eta_min + (base_lr - eta_min) * _height(left / length)

    return schedule


def cyclic_lr(
    base_lr: float,
    max_lr: float,
    step_size_up: float = 2000,
    step_size_down: float | None = None,
    mode: Swing = "triangular",
    gamma: float = 1.0,
    scale_fn: Scale | None = None,
    scale_mode: Literal["cycle", "iterations"] = "cycle",
) -> Schedule:
    """Rise to `max_lr` and fall back, again and again; equals `CyclicLR`.

    PyTorch's scheduler moves the momentum the other way by default; for that give the
    optimizer `cyclic_momentum` as its momentum or first beta. From Smith, "Cyclical
    learning rates for training neural networks" (2015),
    https://arxiv.org/abs/1506.01186.

    Args:
        base_lr: the lower end.
        max_lr: the upper end.
        step_size_up: steps of the rise.
        step_size_down: steps of the fall (default: as many).
        mode: cycles of one height (`"triangular"`), each half as high as the last
            (`"triangular2"`), or heights times `gamma ** step` (`"exp_range"`).
        gamma: of `"exp_range"`.
        scale_fn: the height as a function, in place of `mode`; JAX must be able to
            trace it.
        scale_mode: whether `scale_fn` is given the number of the cycle, from 1, or the
            step.

    Raises:
        InputError: the mode is unknown.

    Example:
        >>> schedule = cyclic_lr(0.1, 0.5, step_size_up=4)
        >>> [round(float(schedule(step)), 6) for step in (0, 2, 4, 8)]
        [0.1, 0.3, 0.5, 0.1]
    """
    height = _cycle(step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode)
    return lambda step: base_lr + (max_lr - base_lr) * height(step)


def cyclic_momentum(
    base_momentum: float = 0.8,
    max_momentum: float = 0.9,
    step_size_up: float = 2000,
    step_size_down: float | None = None,
    mode: Swing = "triangular",
    gamma: float = 1.0,
    scale_fn: Scale | None = None,
    scale_mode: Literal["cycle", "iterations"] = "cycle",
) -> Schedule:
    """The momentum that `CyclicLR` sets: high where the learning rate is low.

    The arguments are those of `cyclic_lr`.

    Example:
        >>> from funcnet import optim
        >>> rate = cyclic_lr(0.1, 0.5, step_size_up=4)
        >>> optimizer = optim.sgd(rate, momentum=cyclic_momentum(step_size_up=4))
    """
    height = _cycle(step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode)
    return lambda step: max_momentum - (max_momentum - base_momentum) * height(step)


def one_cycle_lr(
    max_lr: float,
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
    three_phase: bool = False,
) -> Schedule:
    """Rise to `max_lr` and fall to almost nothing, once; equals `OneCycleLR`.

    PyTorch's scheduler moves the momentum the other way by default; for that give the
    optimizer `one_cycle_momentum` as its momentum or first beta. From Smith and Topin,
    "Super-convergence: very fast training of neural networks using large learning
    rates" (2017), https://arxiv.org/abs/1708.07120.

    Args:
        max_lr: the peak.
        total_steps: the length, or
        epochs: the number of epochs, together with
        steps_per_epoch: their length.
        pct_start: the part of the steps in which it rises.
        anneal_strategy: `"cos"` or `"linear"`.
        div_factor: the peak is this many times the start.
        final_div_factor: the start is this many times the end.
        three_phase: fall back to the start first, then to the end.

    Returns:
        The schedule; beyond its last step it raises, or is NaN under `jax.jit`.

    Raises:
        InputError: the length is not given, or an argument is out of its range.

    Example:
        >>> schedule = one_cycle_lr(1.0, total_steps=10)
        >>> [round(float(schedule(step)), 4) for step in (0, 2, 9)]
        [0.04, 1.0, 0.0]
    """
    start, end = max_lr / div_factor, max_lr / div_factor / final_div_factor
    levels = [start, max_lr, start, end] if three_phase else [start, max_lr, end]
    steps = _one_cycle_steps(total_steps, epochs, steps_per_epoch)
    return _one_cycle(levels, steps, pct_start, anneal_strategy)


def one_cycle_momentum(
    base_momentum: float = 0.85,
    max_momentum: float = 0.95,
    total_steps: int | None = None,
    epochs: int | None = None,
    steps_per_epoch: int | None = None,
    pct_start: float = 0.3,
    anneal_strategy: Literal["cos", "linear"] = "cos",
    three_phase: bool = False,
) -> Schedule:
    """The momentum that `OneCycleLR` sets: low where the learning rate is high.

    The arguments are those of `one_cycle_lr`.

    Example:
        >>> from funcnet import optim
        >>> momentum = one_cycle_momentum(total_steps=10)
        >>> rate = one_cycle_lr(1e-2, total_steps=10)
        >>> optimizer = optim.adam(rate, betas=(momentum, 0.999))
    """
    levels = [max_momentum, base_momentum, max_momentum]
    levels += [max_momentum] * three_phase
    steps = _one_cycle_steps(total_steps, epochs, steps_per_epoch)
    return _one_cycle(levels, steps, pct_start, anneal_strategy)


def _height(fraction: Array) -> Array:
    """(1 - cos(pi * fraction)) / 2, exact also where it is small."""
    return jnp.sin(fraction * (math.pi / 2)) ** 2


def _cycle(
    up: float,
    down: float | None,
    mode: str,
    gamma: float,
    scale_fn: Scale | None,
    scale_mode: str,
) -> Schedule:
    """How high in its swing a cyclic schedule is, from 0 to 1 times the scale."""
    if scale_fn is None:
        modes = ("triangular", "triangular2", "exp_range")
        check_choice("cyclic", "mode", mode, modes)
        scale_mode = "iterations" if mode == "exp_range" else "cycle"
    check_choice("cyclic", "scale_mode", scale_mode, ("cycle", "iterations"))
    scales: dict[str, Scale] = {
        "triangular": lambda cycle: 1.0,
        "triangular2": lambda cycle: power(0.5, cycle - 1),
        "exp_range": lambda step: power(gamma, step),
    }
    scale = scale_fn or scales[mode]
    down = up if down is None else down

    def height(step: ArrayLike) -> Array:
        step = as_float(step)
        cycle, done = jnp.floor(step / (up + down)) + 1, step % (up + down)
        swing = jnp.where(done <= up, done / up, (up + down - done) / down)
        return swing * scale(cycle if scale_mode == "cycle" else step)

    return height


def _one_cycle_steps(
    total_steps: int | None, epochs: int | None, steps_per_epoch: int | None
) -> int:
    if total_steps is None:
        if epochs is None or steps_per_epoch is None:
            raise InputError(
                "one_cycle: You must define either total_steps OR (epochs AND "
                "steps_per_epoch)."
            )
        total_steps = epochs * steps_per_epoch
    if not isinstance(total_steps, int) or total_steps <= 0:
        raise InputError(
            f"one_cycle: Expected positive integer total_steps, but got {total_steps}."
        )
    return total_steps


def _one_cycle(
    levels: list[float], total: int, pct_start: float, anneal_strategy: str
) -> Schedule:
    """Go through the levels, from each to the next in a phase of its own."""
    check_choice("one_cycle", "anneal_strategy", anneal_strategy, ("cos", "linear"))
    if not 0 <= pct_start <= 1:
        raise InputError(
            f"one_cycle: Expected float between 0 and 1 pct_start, but got {pct_start}."
        )
    shape = _height if anneal_strategy == "cos" else lambda fraction: fraction
    peak = pct_start * total - 1
    edges = [0.0, peak, *[2 * peak] * (len(levels) == 4), total - 1.0]
    phases = list(zip(edges, edges[1:], levels, levels[1:], strict=False))

    def schedule(step: ArrayLike) -> Array:
        if is_concrete(step) and jnp.any(jnp.asarray(step) > total):
            raise InputError(
                f"one_cycle: Tried to step {step} times. The specified number of total "
                f"steps is {total}."
            )
        step = as_float(step)
        value = jnp.full_like(step, jnp.nan)
        for start, end, first, last in reversed(phases):
            # What is left of the phase; PyTorch allows one step past the last one.
            left = (end - step) / (end - start) if end > start else jnp.zeros_like(step)
            level = last + (first - last) * shape(left)
            limit = total if end == total - 1 else end
            value = jnp.where(step <= limit, level, value)
        return value

    return schedule
