"""Every scheduler of torch.optim.lr_scheduler, over more than a hundred steps."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.optim import lr_scheduler

from tests.parity import adapters
from tests.parity.bridge import quiet
from tests.parity.native.more_functions import call
from tests.parity.report import Tally, Trial
from tests.reference.rates import FACTORS, Factor, Rates, Scheduled, check_rates

STEPS, BASE = 120, 0.4

TABLE: dict[str, list[Any]] = {
    "LambdaLR": [call(Factor("decay")), call(Factor("inverse"))],
    "MultiplicativeLR": [call(Factor("steady")), call(Factor("inverse"))],
    "StepLR": [call(30), call(7, gamma=0.8)],
    "MultiStepLR": [call([10, 60]), call([5, 5, 90], gamma=0.5)],
    "ConstantLR": [call(), call(factor=0.5, total_iters=40)],
    "LinearLR": [call(), call(0.1, 0.7, total_iters=60)],
    "ExponentialLR": [call(0.98)],
    "PolynomialLR": [call(), call(total_iters=80, power=2.5)],
    "CosineAnnealingLR": [call(120), call(25, eta_min=0.01)],
    "CosineAnnealingWarmRestarts": [call(10), call(7, T_mult=2, eta_min=0.02)],
    "CyclicLR": [
        call(0.1, 0.5, 10),
        call(0.1, 0.5, 10, 17, mode="triangular2"),
        call(0.1, 0.5, 13, mode="exp_range", gamma=0.99),
        call(0.1, 0.5, 10, scale_fn=Factor("halving")),
        call(0.1, 0.5, 10, scale_fn=Factor("decay"), scale_mode="iterations"),
    ],
    "OneCycleLR": [
        call(0.5, total_steps=130),
        call(0.5, epochs=15, steps_per_epoch=10, anneal_strategy="linear"),
        call(0.5, 140, three_phase=True, pct_start=0.4, final_div_factor=100.0),
        call(0.5, 140, anneal_strategy="linear", div_factor=5.0),
    ],
    "SequentialLR": [
        call([("LinearLR", call(0.1, total_iters=20)), ("StepLR", call(15))], [20]),
        call(
            [
                ("ConstantLR", call(0.5, 10)),
                ("ExponentialLR", call(0.9)),
                ("CosineAnnealingLR", call(60)),
            ],
            milestones=[10, 40],
        ),
    ],
    "ChainedScheduler": [
        call([("ConstantLR", call(0.1, 20)), ("ExponentialLR", call(0.97))]),
        call([("LinearLR", call(0.1, total_iters=20)), ("StepLR", call(30, 0.5))]),
    ],
    "ReduceLROnPlateau": [
        call(),
        call("max", 0.5, 3, cooldown=2),
        call(factor=0.3, patience=1, threshold=0.05, threshold_mode="abs", min_lr=1e-3),
    ],
}
MOMENTA = {"CyclicLR": "cyclic_momentum", "OneCycleLR": "one_cycle_momentum"}


def trials(tally: Tally) -> Iterator[Trial]:
    for name, calls in TABLE.items():
        for index, (args, kwargs) in enumerate(calls):
            yield Trial(name, f"settings {index}", partial(_run, name, args, kwargs))
    for name in MOMENTA:
        yield Trial(name, "momentum", partial(_run_momentum, name))


def _run(name: str, args: Any, kwargs: dict[str, Any]) -> None:
    check_rates(rates_of(name, args, kwargs))


def _run_momentum(name: str) -> None:
    check_rates(momentum_of(name))


def cases() -> dict[str, Rates]:
    """All cases by name, for the frozen vectors."""
    result = {
        f"{name}-{index}": rates_of(name, *called)
        for name, calls in TABLE.items()
        for index, called in enumerate(calls)
    }
    return result | {f"{name}-momentum": momentum_of(name) for name in MOMENTA}


def rates_of(name: str, args: Any, kwargs: dict[str, Any]) -> Rates:
    """The learning rates of a torch scheduler, and funcnet's schedule for them."""
    optimizer = sgd()
    scheduler = torch_scheduler(optimizer, name, args, kwargs)
    metrics = None
    if name == "ReduceLROnPlateau":
        steps = np.arange(STEPS)
        metrics = (np.exp(-steps / 20) + 0.1 * np.sin(steps)).astype(np.float32)
    values = record(optimizer, scheduler, "lr", metrics)
    return Rates(native_schedule(name, args, kwargs, BASE), values, metrics, BASE)


def momentum_of(name: str) -> Rates:
    """The momenta that a scheduler sets beside the learning rates."""
    optimizer = sgd()
    if name == "CyclicLR":
        settings = {"base_momentum": 0.7, "max_momentum": 0.95, "step_size_up": 10}
        scheduler: Any = lr_scheduler.CyclicLR(optimizer, 0.1, 0.5, **settings)
    else:
        settings = {"base_momentum": 0.7, "max_momentum": 0.9, "total_steps": 130}
        scheduler = lr_scheduler.OneCycleLR(optimizer, 0.5, **settings)
    values = record(optimizer, scheduler, "momentum", None)
    return Rates(Scheduled(MOMENTA[name], (), settings), values)


def sgd() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], BASE, momentum=0.9)


def torch_scheduler(optimizer: Any, name: str, args: Any, kwargs: Any) -> Any:
    args = [FACTORS[x.name] if isinstance(x, Factor) else x for x in args]
    kwargs = {
        k: FACTORS[x.name] if isinstance(x, Factor) else x for k, x in kwargs.items()
    }
    cls = getattr(lr_scheduler, name)
    with quiet():
        if name in ("SequentialLR", "ChainedScheduler"):
            args[0] = [torch_scheduler(optimizer, part, *c) for part, c in args[0]]
        if name == "ChainedScheduler":
            return cls(*args, **kwargs)
        return cls(optimizer, *args, **kwargs)


def record(optimizer: Any, scheduler: Any, what: str, metrics: Any) -> np.ndarray:
    """The values before each of the steps."""
    values = []
    with quiet():
        for step in range(STEPS):
            values.append(float(optimizer.param_groups[0][what]))
            optimizer.step()
            scheduler.step(*(() if metrics is None else (float(metrics[step]),)))
    return np.asarray(values, np.float32)


def native_schedule(name: str, args: Any, kwargs: Any, base: float) -> Scheduled:
    """funcnet's schedule, which takes the learning rate of torch's optimizer."""
    native = adapters.native_name("optim", name)
    args = tuple(args)
    if name in ("SequentialLR", "ChainedScheduler"):
        # The factors of a chain start from 1, the parts of a sequence from the base.
        start = 1.0 if name == "ChainedScheduler" else base
        parts = [native_schedule(part, *called, start) for part, called in args[0]]
        args = (parts, *args[1:])
    if name not in adapters.WITHOUT_BASE_LR:
        args = (base, *args)
    return Scheduled(native, args, kwargs)
