# Made by `make stubs` from its files; see tools/stubs.
# Do not edit: a test compares this file with what would be made anew.
# mypy: disable-error-code="override"

"""PyTorch's optimizers and learning-rate schedules as optax transformations.

An optimizer is two pure functions, `init(params)` and `update(grads, state, params)`,
with PyTorch's rule, argument names and defaults. Its learning rate is a number or a
schedule and lives in its state: `get_lr`, `set_lr`.

What a file names in `__all__` is public. The stub beside this file lists all names."""

from funcnet.optim._base import (
    OptimState as OptimState,
    Schedule as Schedule,
    ScheduledState as ScheduledState,
)
from funcnet.optim._clip import (
    clip_by_norm as clip_by_norm,
    clip_by_value as clip_by_value,
    clip_grad_norm as clip_grad_norm,
    clip_grad_value as clip_grad_value,
)
from funcnet.optim._compose import (
    chained as chained,
    per_epoch as per_epoch,
    sequential_lr as sequential_lr,
)
from funcnet.optim._groups import (
    GroupsState as GroupsState,
    by_depth as by_depth,
    freeze as freeze,
    groups as groups,
)
from funcnet.optim._lbfgs.lbfgs import lbfgs as lbfgs
from funcnet.optim._rules.adadelta import adadelta as adadelta
from funcnet.optim._rules.adafactor import adafactor as adafactor
from funcnet.optim._rules.adagrad import adagrad as adagrad
from funcnet.optim._rules.adam import adam as adam, adamw as adamw
from funcnet.optim._rules.adamax import adamax as adamax
from funcnet.optim._rules.asgd import asgd as asgd
from funcnet.optim._rules.muon import muon as muon
from funcnet.optim._rules.nadam import nadam as nadam
from funcnet.optim._rules.radam import radam as radam
from funcnet.optim._rules.rmsprop import rmsprop as rmsprop
from funcnet.optim._rules.rprop import rprop as rprop
from funcnet.optim._rules.sgd import sgd as sgd
from funcnet.optim._schedules.closed_forms import (
    constant as constant,
    constant_lr as constant_lr,
    exponential_lr as exponential_lr,
    lambda_lr as lambda_lr,
    linear_lr as linear_lr,
    multi_step_lr as multi_step_lr,
    multiplicative_lr as multiplicative_lr,
    polynomial_lr as polynomial_lr,
    step_lr as step_lr,
)
from funcnet.optim._schedules.cosine import (
    cosine_annealing_lr as cosine_annealing_lr,
    cosine_annealing_warm_restarts as cosine_annealing_warm_restarts,
)
from funcnet.optim._schedules.cyclic import (
    cyclic_lr as cyclic_lr,
    cyclic_momentum as cyclic_momentum,
)
from funcnet.optim._schedules.learning_rate import get_lr as get_lr, set_lr as set_lr
from funcnet.optim._schedules.one_cycle import (
    one_cycle_lr as one_cycle_lr,
    one_cycle_momentum as one_cycle_momentum,
)
from funcnet.optim._schedules.plateau import (
    PlateauState as PlateauState,
    ReduceLROnPlateau as ReduceLROnPlateau,
)

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
    "by_depth",
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
