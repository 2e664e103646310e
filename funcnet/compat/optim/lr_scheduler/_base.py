"""The base of all schedulers."""

import warnings
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from funcnet.compat._engine.graph import constant
from funcnet.compat._messages.keyword_errors import (
    explain_constructor,
    explains_keywords,
)
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.tensor import Tensor, wrap
from funcnet.compat.optim.optimizer import Optimizer

LR: TypeAlias = float | Tensor
PerGroup: TypeAlias = LR | Sequence[LR]
"""A setting of all groups, or one for each."""

_SEE = (
    "See more details at "
    "https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"
)
_EPOCH = (
    "The epoch parameter in `scheduler.step()` was not necessary and is being "
    "deprecated where possible. Please use `scheduler.step()` to step the scheduler. "
    "During the deprecation, if epoch is different from None, the closed form is used "
    "instead of the new chainable form, where available."
)


@explains_keywords
class LRScheduler:
    """Base of schedulers: a subclass defines `get_lr`.

    Args:
        optimizer: whose groups get the learning rates.
        last_epoch: the epoch after which to resume; -1 to start.
    """

    _get_lr_called_within_step = False
    _is_initial = False

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        explain_constructor(cls)

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        self.optimizer = checked_optimizer(optimizer)
        for index, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group.setdefault("initial_lr", copied(group["lr"]))
            elif "initial_lr" not in group:
                raise KeyError(
                    "param 'initial_lr' is not specified in "
                    f"param_groups[{index}] when resuming scheduler with last_epoch >= "
                    "0. Load the optimizer's state first, or start with last_epoch=-1."
                )
        self.base_lrs: list[Any] = values_of(optimizer, "initial_lr")
        self.last_epoch = last_epoch
        self._initial_step()

    def _initial_step(self) -> None:
        self._step_count = 0
        self._is_initial = True
        try:
            self.step()
        finally:
            self._is_initial = False

    def state_dict(self) -> dict[str, Any]:
        """Return all attributes but the optimizer."""
        return {k: v for k, v in self.__dict__.items() if k != "optimizer"}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Load the result of `state_dict()`."""
        self.__dict__.update(state_dict)

    def get_last_lr(self) -> list[float]:
        """Return the learning rates that were set last, one for each group."""
        return self._last_lr

    def get_lr(self) -> list[float]:
        """Return the learning rates of this epoch, from those of the epoch before."""
        raise NotImplementedError

    def step(self, epoch: int | None = None) -> None:
        """Advance to the next epoch; call it after the optimizer's step."""
        if self._step_count == 1:
            self._check_order()
        self._step_count += 1
        if epoch is not None:
            warnings.warn(_EPOCH, UserWarning, stacklevel=outside())
        self._update_lr(epoch)

    def _check_order(self) -> None:
        if "step" in self.optimizer.__dict__:
            warnings.warn(
                "Seems like `optimizer.step()` has been overridden after learning rate "
                "scheduler initialization. Please, make sure to call "
                "`optimizer.step()` before `lr_scheduler.step()`. " + _SEE,
                UserWarning,
                stacklevel=outside(),
            )
        elif not self.optimizer._opt_called:
            warnings.warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In "
                "PyTorch 1.1.0 and later, you should call them in the opposite order: "
                "`optimizer.step()` before `lr_scheduler.step()`.  Failure to do this "
                "will result in PyTorch skipping the first value of the learning rate "
                f"schedule. {_SEE}",
                UserWarning,
                stacklevel=outside(),
            )

    def _update_lr(self, epoch: int | None = None) -> None:
        self._get_lr_called_within_step = True
        try:
            self.last_epoch = self.last_epoch + 1 if epoch is None else epoch
            closed = getattr(self, "_get_closed_form_lr", None)
            rates = self.get_lr() if epoch is None or closed is None else closed()
        finally:
            self._get_lr_called_within_step = False
        for group, rate in zip(self.optimizer.param_groups, rates, strict=True):
            set_value(group, "lr", rate)
        self._last_lr = values_of(self.optimizer, "lr")

    def _warn_outside_step(self) -> None:
        if not self._get_lr_called_within_step:
            warnings.warn(
                "To get the last learning rate computed by the scheduler, please use "
                "`get_last_lr()`.",
                UserWarning,
                stacklevel=outside(),
            )


class _LRScheduler(LRScheduler):
    """The name of `LRScheduler` before PyTorch 2."""


def checked_optimizer(optimizer: object) -> Optimizer:
    """Return the optimizer; raise TypeError if it is none."""
    if not isinstance(optimizer, Optimizer):
        raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
    return optimizer


def copied(value: LR) -> LR:
    """A copy of a setting, which later writes do not change."""
    return wrap(value._value()) if isinstance(value, Tensor) else value


def values_of(optimizer: Optimizer, name: str) -> list[Any]:
    """The values of a setting, one for each group."""
    return [copied(group[name]) for group in optimizer.param_groups]


def set_value(group: dict[str, Any], name: str, value: LR) -> None:
    """Change a setting; one that is a tensor is written in place."""
    old = group[name]
    if not isinstance(old, Tensor):
        group[name] = value
        return
    number = value._array() if isinstance(value, Tensor) else value
    array = np.broadcast_to(np.asarray(number, old.dtype.numpy), old.shape)
    old._write(constant(np.array(array), old.device))


def one_each(name: str, optimizer: Optimizer, value: PerGroup) -> list[Any]:
    """Expand a setting to one value for each group."""
    groups = len(optimizer.param_groups)
    if not isinstance(value, Sequence):
        return [copied(value) for _ in range(groups)]
    if len(value) != groups:
        raise ValueError(
            f"{name} must have the same length as optimizer.param_groups. {name} has "
            f"{len(value)} values, param_groups has {groups}."
        )
    return [copied(item) for item in value]
