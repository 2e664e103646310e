"""Cyclical and one-cycle schedulers, which move the momentum, too."""

import math
import types
from collections.abc import Callable
from typing import Any

from funcnet.compat.optim.lr_scheduler._base import (
    LR,
    LRScheduler,
    PerGroup,
    checked_optimizer,
    one_each,
    set_value,
)
from funcnet.compat.optim.optimizer import Optimizer
from funcnet.optim._schedules.factors import (
    CYCLE_SCALES,
    cosine_factor,
    one_cycle_ends,
)


class _WithMomentum(LRScheduler):
    """A scheduler that sets the momentum, or the first beta, too."""

    use_beta1: bool

    def _start_momentum(
        self, base: list[Any], most: list[Any], last_epoch: int
    ) -> None:
        optimizer = self.optimizer
        if not {"momentum", "betas"} & optimizer.defaults.keys():
            raise ValueError(
                "optimizer must support momentum or beta1 with `cycle_momentum` option "
                "enabled"
            )
        self.use_beta1 = "betas" in optimizer.defaults
        if last_epoch != -1:
            return
        for group, low, high in zip(optimizer.param_groups, base, most, strict=True):
            self._set_momentum(group, high)
            group["max_momentum"], group["base_momentum"] = high, low

    def _set_momentum(self, group: dict[str, Any], value: LR) -> None:
        if self.use_beta1:
            group["betas"] = (value, *group["betas"][1:])
        else:
            group["momentum"] = value


class CyclicLR(_WithMomentum):
    """Cyclical learning rate between `base_lr` and `max_lr`.

    From Smith, "Cyclical learning rates for training neural networks" (2015),
    https://arxiv.org/abs/1506.01186. `scale_fn` shrinks the cycles; the modes
    `"triangular2"` and `"exp_range"` are two such functions.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: PerGroup,
        max_lr: PerGroup,
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[float], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: PerGroup = 0.8,
        max_momentum: PerGroup = 0.9,
        last_epoch: int = -1,
    ) -> None:
        self.optimizer = checked_optimizer(optimizer)
        base_lrs = one_each("base_lr", optimizer, base_lr)
        if last_epoch == -1:
            for lr, group in zip(base_lrs, optimizer.param_groups, strict=True):
                set_value(group, "lr", lr)
        self.max_lrs = one_each("max_lr", optimizer, max_lr)
        up = float(step_size_up)
        down = up if step_size_down is None else float(step_size_down)
        self.total_size = up + down
        self.step_ratio = up / self.total_size
        if mode not in CYCLE_SCALES and scale_fn is None:
            raise ValueError("mode is invalid and scale_fn is None")
        self.mode = mode
        self.gamma = gamma
        self._scale_fn_custom = scale_fn
        if scale_fn is None:
            scale_mode = "iterations" if mode == "exp_range" else "cycle"
        self.scale_mode = scale_mode
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            self.base_momentums = one_each("base_momentum", optimizer, base_momentum)
            self.max_momentums = one_each("max_momentum", optimizer, max_momentum)
            self._start_momentum(self.base_momentums, self.max_momentums, last_epoch)
        super().__init__(optimizer, last_epoch)
        self.base_lrs = base_lrs

    def scale_fn(self, x: float) -> float:
        """The factor of a cycle's height."""
        if self._scale_fn_custom is not None:
            return self._scale_fn_custom(x)
        return CYCLE_SCALES[self.mode](x, self.gamma)

    def get_lr(self) -> list[Any]:
        """Return the learning rates of this epoch; set the momenta, too."""
        self._warn_outside_step()
        cycle = math.floor(1 + self.last_epoch / self.total_size)
        x = 1.0 + self.last_epoch / self.total_size - cycle
        rising = x <= self.step_ratio
        height = x / self.step_ratio if rising else (x - 1) / (self.step_ratio - 1)
        scale = self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        if self.cycle_momentum:
            pairs = zip(self.base_momentums, self.max_momentums, strict=True)
            momenta = [most - (most - base) * height * scale for base, most in pairs]
            for group, momentum in zip(
                self.optimizer.param_groups, momenta, strict=True
            ):
                self._set_momentum(group, momentum)
        ends = zip(self.base_lrs, self.max_lrs, strict=True)
        return [base + (most - base) * height * scale for base, most in ends]

    def state_dict(self) -> dict[str, Any]:
        """Return all attributes but the optimizer, and the state of `scale_fn`."""
        state = super().state_dict()
        scale = state.pop("_scale_fn_custom")
        is_object = scale is not None and not isinstance(scale, types.FunctionType)
        state["_scale_fn_custom"] = scale.__dict__.copy() if is_object else None
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load the result of `state_dict()`."""
        own = self._scale_fn_custom
        super().load_state_dict(state_dict)
        self._scale_fn_custom = own
        if state_dict["_scale_fn_custom"] is not None and own is not None:
            own.__dict__.update(state_dict["_scale_fn_custom"])


class OneCycleLR(_WithMomentum):
    """One-cycle policy: rise to `max_lr`, then fall far below the start.

    From Smith and Topin, "Super-convergence: very fast training of neural networks
    using large learning rates" (2017), https://arxiv.org/abs/1708.07120.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: PerGroup,
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: PerGroup = 0.85,
        max_momentum: PerGroup = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
        last_epoch: int = -1,
    ) -> None:
        self.optimizer = checked_optimizer(optimizer)
        self.total_steps = _total(total_steps, epochs, steps_per_epoch)
        if not isinstance(pct_start, float) or not 0 <= pct_start <= 1:
            raise ValueError(
                f"Expected float between 0 and 1 pct_start, but got {pct_start}"
            )
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                "anneal_strategy must be one of 'cos' or 'linear', instead got "
                f"{anneal_strategy}"
            )
        self._schedule_phases = _phases(pct_start, self.total_steps, three_phase)
        self._anneal_func_type = anneal_strategy
        max_lrs = one_each("max_lr", optimizer, max_lr)
        if last_epoch == -1:
            for most, group in zip(max_lrs, optimizer.param_groups, strict=True):
                group["initial_lr"] = most / div_factor
                group["max_lr"] = most
                group["min_lr"] = group["initial_lr"] / final_div_factor
        self.cycle_momentum = cycle_momentum
        if cycle_momentum:
            base = one_each("base_momentum", optimizer, base_momentum)
            most = one_each("max_momentum", optimizer, max_momentum)
            self._start_momentum(base, most, last_epoch)
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """Return the learning rates at this step; set the momenta, too."""
        self._warn_outside_step()
        if self.last_epoch > self.total_steps:
            raise ValueError(
                f"Tried to step {self.last_epoch} times. The specified number of total "
                f"steps is {self.total_steps}"
            )
        start = 0.0
        for phase in self._schedule_phases:
            end = phase["end_step"]
            if self.last_epoch <= end or phase is self._schedule_phases[-1]:
                break
            start = end
        share = (self.last_epoch - start) / (end - start)
        rates = []
        for group in self.optimizer.param_groups:
            rates.append(
                self._between(group[phase["start_lr"]], group[phase["end_lr"]], share)
            )
            if self.cycle_momentum:
                ends = (group[phase["start_momentum"]], group[phase["end_momentum"]])
                self._set_momentum(group, self._between(*ends, share))
        return rates

    def _between(self, start: LR, end: LR, share: float) -> LR:
        if self._anneal_func_type == "linear":
            return (end - start) * share + start
        return end + (start - end) * cosine_factor(share, 1)


def _total(total: int | None, epochs: int | None, steps_per_epoch: int | None) -> int:
    if total is not None:
        return _positive("total_steps", total)
    if epochs is None or steps_per_epoch is None:
        raise ValueError(
            "You must define either total_steps OR (epochs AND steps_per_epoch)"
        )
    steps = _positive("steps_per_epoch", steps_per_epoch)
    return _positive("epochs", epochs) * steps


def _positive(name: str, number: int) -> int:
    if not isinstance(number, int) or number <= 0:
        raise ValueError(f"Expected positive integer {name}, but got {number}")
    return number


def _phases(share: float, total: int, three: bool) -> list[dict[str, Any]]:
    """The phases: the step at which each ends, and the settings it interpolates."""

    def phase(end: float, lrs: tuple[str, str], momenta: tuple[str, str]) -> Any:
        names = ("start_lr", "end_lr", "start_momentum", "end_momentum")
        return {"end_step": end} | dict(zip(names, (*lrs, *momenta), strict=True))

    low, high = "base_momentum", "max_momentum"
    peak, *ends = one_cycle_ends(share, total, three)
    up = phase(peak, ("initial_lr", "max_lr"), (high, low))
    if not three:
        return [up, phase(ends[0], ("max_lr", "min_lr"), (low, high))]
    return [
        up,
        phase(ends[0], ("max_lr", "initial_lr"), (low, high)),
        phase(ends[1], ("initial_lr", "min_lr"), (high, high)),
    ]
