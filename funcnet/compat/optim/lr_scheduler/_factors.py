"""Schedulers that multiply the learning rate, or its first value, by a factor."""

import types
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from funcnet.compat.optim.lr_scheduler._base import LRScheduler
from funcnet.compat.optim.optimizer import Optimizer
from funcnet.optim._schedules import factors

Lambda = Callable[[int], float]


class Chainable(LRScheduler):
    """A scheduler that multiplies the current learning rate, as others may too."""

    def _step_factor(self) -> float:
        """The factor of the last learning rate on reaching this epoch."""
        raise NotImplementedError

    def _closed_form_factor(self) -> float:
        """The factor of the initial learning rate in this epoch."""
        raise NotImplementedError

    def get_lr(self) -> list[Any]:
        """Return the learning rates of this epoch."""
        self._warn_outside_step()
        factor = self._step_factor()
        rates = [group["lr"] for group in self.optimizer.param_groups]
        return rates if factor == 1 else [rate * factor for rate in rates]

    def _get_closed_form_lr(self) -> list[Any]:
        factor = self._closed_form_factor()
        return [base * factor for base in self.base_lrs]


class _LambdaScheduler(LRScheduler):
    """A scheduler of one function, or one for each group."""

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Lambda | list[Lambda],
        last_epoch: int = -1,
    ) -> None:
        groups = len(optimizer.param_groups)
        self.lr_lambdas: list[Any] = (
            list(lr_lambda)
            if isinstance(lr_lambda, list | tuple)
            else [lr_lambda] * groups
        )
        if len(self.lr_lambdas) != groups:
            raise ValueError(
                f"Expected {groups} lr_lambdas, but got {len(self.lr_lambdas)}"
            )
        super().__init__(optimizer, last_epoch)

    def state_dict(self) -> dict[str, Any]:
        """Return all attributes but the optimizer; functions have no state."""
        state = super().state_dict()
        state["lr_lambdas"] = [
            None if isinstance(f, types.FunctionType) else f.__dict__.copy()
            for f in self.lr_lambdas
        ]
        return state

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load the result of `state_dict()`."""
        own = self.lr_lambdas
        super().load_state_dict(state_dict)
        self.lr_lambdas = own
        for function, saved in zip(own, state_dict["lr_lambdas"], strict=True):
            if saved is not None:
                function.__dict__.update(saved)


class LambdaLR(_LambdaScheduler):
    """Initial learning rate times a function of the epoch."""

    def get_lr(self) -> list[Any]:
        """Return the learning rates of this epoch."""
        self._warn_outside_step()
        pairs = zip(self.base_lrs, self.lr_lambdas, strict=True)
        return [base * function(self.last_epoch) for base, function in pairs]


class MultiplicativeLR(_LambdaScheduler):
    """Last learning rate times a function of the epoch."""

    def get_lr(self) -> list[Any]:
        """Return the learning rates of this epoch."""
        self._warn_outside_step()
        rates = [group["lr"] for group in self.optimizer.param_groups]
        if self._is_initial:
            return rates
        pairs = zip(rates, self.lr_lambdas, strict=True)
        return [rate * function(self.last_epoch) for rate, function in pairs]


class StepLR(Chainable):
    """Step decay: multiply by `gamma` every `step_size` epochs."""

    def __init__(
        self,
        optimizer: Optimizer,
        step_size: int,
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        self.step_size = step_size
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _step_factor(self) -> float:
        """`gamma` at the end of a step."""
        epoch = self.last_epoch
        return self.gamma if epoch and epoch % self.step_size == 0 else 1.0

    def _closed_form_factor(self) -> float:
        """`gamma` once for each step."""
        return factors.step_factor(self.last_epoch, self.step_size, self.gamma)


class MultiStepLR(Chainable):
    """Multi-step decay: multiply by `gamma` at each milestone."""

    def __init__(
        self,
        optimizer: Optimizer,
        milestones: Iterable[int],
        gamma: float = 0.1,
        last_epoch: int = -1,
    ) -> None:
        self.milestones = Counter(milestones)
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _step_factor(self) -> float:
        """`gamma` as often as the epoch is a milestone."""
        times = self.milestones.get(self.last_epoch, 0)
        return self.gamma**times if times else 1.0

    def _closed_form_factor(self) -> float:
        """`gamma` once for each milestone that was passed."""
        milestones = list(self.milestones.elements())
        return factors.multi_step_factor(self.last_epoch, milestones, self.gamma)


class ConstantLR(Chainable):
    """Constant factor for the first `total_iters` epochs."""

    def __init__(
        self,
        optimizer: Optimizer,
        factor: float = 1.0 / 3,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 <= factor <= 1:
            raise ValueError(
                "Constant multiplicative factor expected to be between 0 and 1."
            )
        self.factor = factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def _step_factor(self) -> float:
        """The factor at the start, and its inverse when it is lifted."""
        if self.last_epoch == 0:
            return self.factor
        return 1.0 / self.factor if self.last_epoch == self.total_iters else 1.0

    def _closed_form_factor(self) -> float:
        """The factor, until it is lifted."""
        return factors.constant_factor(self.last_epoch, self.factor, self.total_iters)


class LinearLR(Chainable):
    """Linear warmup or decay, from one factor to another."""

    def __init__(
        self,
        optimizer: Optimizer,
        start_factor: float = 1.0 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
        last_epoch: int = -1,
    ) -> None:
        if not 0 < start_factor <= 1:
            raise ValueError(
                "Starting multiplicative factor expected to be greater than 0 and less "
                "or equal to 1."
            )
        if not 0 <= end_factor <= 1:
            raise ValueError(
                "Ending multiplicative factor expected to be between 0 and 1."
            )
        self.start_factor = start_factor
        self.end_factor = end_factor
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def _step_factor(self) -> float:
        """The ratio of this epoch's factor to the last one's."""
        if self.last_epoch == 0:
            return self.start_factor
        if self._is_initial or self.last_epoch > self.total_iters:
            return 1.0
        rise = self.end_factor - self.start_factor
        before = self.total_iters * self.start_factor + (self.last_epoch - 1) * rise
        return 1.0 + rise / before

    def _closed_form_factor(self) -> float:
        """The factor itself."""
        ends = (self.start_factor, self.end_factor)
        return factors.linear_factor(self.last_epoch, *ends, self.total_iters)


class ExponentialLR(Chainable):
    """Exponential decay: multiply by `gamma` in each epoch."""

    def __init__(
        self, optimizer: Optimizer, gamma: float, last_epoch: int = -1
    ) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def _step_factor(self) -> float:
        """`gamma`."""
        return 1.0 if self._is_initial else self.gamma

    def _closed_form_factor(self) -> float:
        """`gamma` once for each epoch."""
        return factors.exponential_factor(self.last_epoch, self.gamma)


class PolynomialLR(Chainable):
    """Polynomial decay, `(1 - epoch / total_iters) ** power`."""

    def __init__(
        self,
        optimizer: Optimizer,
        total_iters: int = 5,
        power: float = 1.0,
        last_epoch: int = -1,
    ) -> None:
        self.total_iters = total_iters
        self.power = power
        super().__init__(optimizer, last_epoch)

    def _step_factor(self) -> float:
        """The ratio of this epoch's factor to the last one's."""
        if self._is_initial or self.last_epoch > self.total_iters:
            return 1.0
        left = 1.0 - self.last_epoch / self.total_iters
        before = 1.0 - (self.last_epoch - 1) / self.total_iters
        return (left / before) ** self.power

    def _closed_form_factor(self) -> float:
        """The factor itself."""
        return factors.polynomial_factor(self.last_epoch, self.total_iters, self.power)
