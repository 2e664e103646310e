"""PyTorch's optimizers and learning-rate schedules as optax transformations.

An optimizer is two pure functions, `init(params)` and `update(grads, state, params)`,
with PyTorch's rule, argument names and defaults. Its learning rate is a number or a
schedule and lives in its state: `get_lr`, `set_lr`.
"""

from funcnet.optim._base import OptimState, Schedule, ScheduledState
from funcnet.optim._clip import (
    clip_by_norm,
    clip_by_value,
    clip_grad_norm,
    clip_grad_value,
)
from funcnet.optim._compose import chained, per_epoch, sequential_lr
from funcnet.optim._groups import GroupsState, freeze, groups
from funcnet.optim._lbfgs.lbfgs import lbfgs
from funcnet.optim._rules.adadelta import adadelta
from funcnet.optim._rules.adafactor import adafactor
from funcnet.optim._rules.adagrad import adagrad
from funcnet.optim._rules.adam import adam, adamw
from funcnet.optim._rules.adamax import adamax
from funcnet.optim._rules.asgd import asgd
from funcnet.optim._rules.muon import muon
from funcnet.optim._rules.nadam import nadam
from funcnet.optim._rules.radam import radam
from funcnet.optim._rules.rmsprop import rmsprop
from funcnet.optim._rules.rprop import rprop
from funcnet.optim._rules.sgd import sgd
from funcnet.optim._schedules.closed_forms import (
    constant,
    constant_lr,
    exponential_lr,
    lambda_lr,
    linear_lr,
    multi_step_lr,
    multiplicative_lr,
    polynomial_lr,
    step_lr,
)
from funcnet.optim._schedules.cosine import (
    cosine_annealing_lr,
    cosine_annealing_warm_restarts,
)
from funcnet.optim._schedules.cyclic import cyclic_lr, cyclic_momentum
from funcnet.optim._schedules.learning_rate import get_lr, set_lr
from funcnet.optim._schedules.one_cycle import one_cycle_lr, one_cycle_momentum
from funcnet.optim._schedules.plateau import PlateauState, ReduceLROnPlateau

__all__ = [
    "GroupsState",
    "OptimState",
    "PlateauState",
    "ReduceLROnPlateau",
    "Schedule",
    "ScheduledState",
    "adadelta",
    "adafactor",
    "adagrad",
    "adam",
    "adamax",
    "adamw",
    "asgd",
    "chained",
    "clip_by_norm",
    "clip_by_value",
    "clip_grad_norm",
    "clip_grad_value",
    "constant",
    "constant_lr",
    "cosine_annealing_lr",
    "cosine_annealing_warm_restarts",
    "cyclic_lr",
    "cyclic_momentum",
    "exponential_lr",
    "freeze",
    "get_lr",
    "groups",
    "lambda_lr",
    "lbfgs",
    "linear_lr",
    "multi_step_lr",
    "multiplicative_lr",
    "muon",
    "nadam",
    "one_cycle_lr",
    "one_cycle_momentum",
    "per_epoch",
    "polynomial_lr",
    "radam",
    "rmsprop",
    "rprop",
    "sequential_lr",
    "set_lr",
    "sgd",
    "step_lr",
]
