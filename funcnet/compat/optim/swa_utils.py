"""Stochastic weight averaging, as `torch.optim.swa_utils`."""

import copy
import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.context import no_grad
from funcnet.compat._core.dtype import int64
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.create.creation import zeros
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import Module
from funcnet.compat.optim.lr_scheduler._base import LRScheduler, one_each
from funcnet.compat.optim.optimizer import Optimizer

AvgFn: TypeAlias = Callable[[Tensor, Tensor, Tensor], Tensor]
"""`(average, new value, number of values averaged) -> new average`."""


def get_ema_avg_fn(decay: float = 0.999) -> AvgFn:
    """Return an exponential moving average: `decay * average + (1 - decay) * new`."""
    _check_decay(decay)

    def ema_update(
        ema_param: Tensor, current_param: Tensor, num_averaged: Tensor
    ) -> Tensor:
        with no_grad():
            return decay * ema_param + (1 - decay) * current_param

    return ema_update


def get_swa_avg_fn() -> AvgFn:
    """Return the equal-weight average of all values so far."""

    def swa_update(
        averaged_param: Tensor, current_param: Tensor, num_averaged: Tensor
    ) -> Tensor:
        with no_grad():
            change = (current_param - averaged_param) / (num_averaged + 1)
            return averaged_param + change

    return swa_update


def get_ema_multi_avg_fn(decay: float = 0.999) -> Callable[..., None]:
    """Return `get_ema_avg_fn` for lists of parameters, updated in place."""
    return _of_lists(get_ema_avg_fn(decay))


def get_swa_multi_avg_fn() -> Callable[..., None]:
    """Return `get_swa_avg_fn` for lists of parameters, updated in place."""
    return _of_lists(get_swa_avg_fn())


def _of_lists(average: AvgFn) -> Callable[..., None]:
    def update(
        averages: list[Tensor], params: list[Tensor], num_averaged: Tensor
    ) -> None:
        with no_grad():
            for mean, p in zip(averages, params, strict=True):
                mean.copy_(average(mean, p, num_averaged))

    return update


def _check_decay(decay: float) -> None:
    if not 0 <= decay <= 1:
        raise ValueError(
            f"Invalid decay value {decay} provided. Please provide a value in [0,1] "
            "range."
        )


class AveragedModel(Module):
    """Averaged model: a copy whose weights are averages over updates of a model.

    Args:
        model: the model to average.
        device: of the averages.
        avg_fn: `(average, new, number so far) -> average` (default: the mean).
        multi_avg_fn: the same for lists of parameters, in place.
        use_buffers: average the buffers, too; by default they are copied.
    """

    n_averaged: Tensor

    def __init__(
        self,
        model: Module,
        device: DeviceLike | None = None,
        avg_fn: AvgFn | None = None,
        multi_avg_fn: Callable[..., None] | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if avg_fn is not None and multi_avg_fn is not None:
            raise AssertionError(
                "Only one of avg_fn and multi_avg_fn should be provided"
            )
        self.module: Any = copy.deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        count = zeros((), dtype=int64, device=device)
        self.register_buffer("n_averaged", count)
        self.avg_fn = avg_fn
        self.multi_avg_fn = multi_avg_fn
        self.use_buffers = use_buffers

    def forward(self, *args: object, **kwargs: object) -> Any:
        """Run the averaged model."""
        return self.module(*args, **kwargs)

    @no_grad
    def update_parameters(self, model: Module) -> None:
        """Update the averages with the model's weights."""
        averages, params = (self._tensors(x) for x in (self.module, model))
        params = [
            p.detach().to(a.device) for a, p in zip(averages, params, strict=True)
        ]
        averages = [a.detach() for a in averages]
        if int(self.n_averaged) == 0:
            for average, p in zip(averages, params, strict=True):
                average.copy_(p)
        elif self.multi_avg_fn is not None:
            self.multi_avg_fn(averages, params, self.n_averaged)
        else:
            update = _of_lists(self.avg_fn or get_swa_avg_fn())
            update(averages, params, self.n_averaged)
        if not self.use_buffers:
            pairs = zip(self.module.buffers(), model.buffers(), strict=True)
            for average, buffer in pairs:
                average.detach().copy_(buffer.detach().to(average.device))
        self.n_averaged += 1

    def _tensors(self, model: Module) -> list[Tensor]:
        buffers = model.buffers() if self.use_buffers else ()
        return list(itertools.chain(model.parameters(), buffers))


@explains_keywords
@no_grad
def update_bn(
    loader: Iterable[Any], model: Module, device: DeviceLike | None = None
) -> None:
    """Recompute the running statistics of a model's batch norms."""
    momenta = {}
    for module in model.modules():
        if hasattr(module, "reset_running_stats"):
            module.reset_running_stats()
            momenta[module] = module.momentum
    if not momenta:
        return
    was_training = model.training
    model.train()
    for module in momenta:
        module.momentum = None  # the plain mean of all batches
    for batch in loader:
        x = batch[0] if isinstance(batch, list | tuple) else batch
        model(x if device is None else x.to(device))
    for module, momentum in momenta.items():
        module.momentum = momentum
    model.train(was_training)


class SWALR(LRScheduler):
    """SWA learning rate: annealed to `swa_lr` in `anneal_epochs`, then constant."""

    def __init__(
        self,
        optimizer: Optimizer,
        swa_lr: float,
        anneal_epochs: int = 10,
        anneal_strategy: str = "cos",
        last_epoch: int = -1,
    ) -> None:
        rates = one_each("swa_lr", optimizer, swa_lr)
        for rate, group in zip(rates, optimizer.param_groups, strict=True):
            group["swa_lr"] = rate
        if anneal_strategy not in ("cos", "linear"):
            raise ValueError(
                "anneal_strategy must be one of 'cos' or 'linear', instead got "
                f"{anneal_strategy}"
            )
        if not isinstance(anneal_epochs, int) or anneal_epochs < 0:
            raise ValueError(
                f"anneal_epochs must be equal or greater than 0, got {anneal_epochs}"
            )
        self._anneal_strategy = anneal_strategy
        self.anneal_epochs = anneal_epochs
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[Any]:
        """Return the learning rates of this epoch, from those of the epoch before."""
        self._warn_outside_step()
        step = self._step_count - 1
        if self.anneal_epochs == 0:
            step = max(1, step)
        before, now = self._share(step - 1), self._share(step)
        rates = []
        for group in self.optimizer.param_groups:
            rate, goal = group["lr"], group["swa_lr"]
            first = goal if before == 1 else (rate - before * goal) / (1 - before)
            rates.append(goal * now + first * (1 - now))
        return rates

    def _share(self, step: int) -> float:
        """The fraction of the annealing that is done after `step` steps."""
        done = max(0.0, min(1.0, step / max(1, self.anneal_epochs)))
        if self._anneal_strategy == "linear":
            return done
        return (1 - math.cos(math.pi * done)) / 2


__all__ = [
    "SWALR",
    "AveragedModel",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]
