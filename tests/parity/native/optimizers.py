"""`optim_db`: every optimizer in all the configurations that torch tests it in."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_optimizers import optim_db
from torch.utils import _pytree

from funcnet import optim
from tests.parity import adapters
from tests.parity.bridge import array, setting
from tests.parity.report import Tally, Trial
from tests.reference.steps import Steps, check_steps, loss, muon_slack, problem

STEPS = 20
# A step of LBFGS is twenty: its quotients of small differences amplify the rounding
# errors of float64 from 1e-13 after 160 of them to 1e-5 after 200.
STEPS_OF_LBFGS = 8


def trials(tally: Tally) -> Iterator[Trial]:
    for info in optim_db:
        name = info.optim_cls.__name__
        reason = adapters.EXCLUDED_NAMES["optim"].get(name)
        if reason:
            tally.excluded[name] = reason
            continue
        for configuration in info.optim_inputs_func(device="cpu"):
            kwargs = configuration.kwargs
            run = partial(_run, info.optim_cls, kwargs)
            yield Trial(name, configuration.desc, run)


def _run(cls: Any, kwargs: dict[str, Any]) -> None:
    native = adapters.native_name("optim", cls.__name__)
    assert hasattr(optim, native), f"funcnet.optim has no {native}"
    check_steps(steps_of(cls, kwargs, steps_for(cls)))


def steps_for(cls: Any) -> int:
    return STEPS_OF_LBFGS if cls is torch.optim.LBFGS else STEPS


def steps_of(cls: Any, kwargs: dict[str, Any], count: int) -> Steps:
    """The steps that torch's optimizer takes on the problem."""
    matrices, x64 = cls is torch.optim.Muon, cls is torch.optim.LBFGS
    start, x, target = _pytree.tree_map(torch.tensor, problem(matrices, x64))
    params = {name: p.requires_grad_() for name, p in start.items()}
    optimizer = cls(list(params.values()), **kwargs)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        value = loss(params, x, target, torch)
        value.backward()
        return value

    taken = []
    for _ in range(count):
        optimizer.step(closure)
        taken.append({name: array(p, x64) for name, p in params.items()})
    settings = {name: setting(value) for name, value in kwargs.items()}
    stacked = {name: np.stack([step[name] for step in taken]) for name in params}
    native = adapters.native_name("optim", cls.__name__)
    slack = muon_slack(float(optimizer.defaults["lr"])) if matrices else 0.0
    return Steps(native, settings, matrices, x64, slack, params=stacked)
