"""PyTorch's optimizers and learning-rate schedules as optax transformations.

An optimizer is two pure functions, `init(params)` and `update(grads, state, params)`,
with PyTorch's rule, argument names and defaults. Its learning rate is a number or a
schedule and lives in its state: `get_lr`, `set_lr`.
"""

from funcnet.optim._base import *
from funcnet.optim._clip import *
from funcnet.optim._compose import *
from funcnet.optim._groups import *
from funcnet.optim._lbfgs.lbfgs import *
from funcnet.optim._rules.adadelta import *
from funcnet.optim._rules.adafactor import *
from funcnet.optim._rules.adagrad import *
from funcnet.optim._rules.adam import *
from funcnet.optim._rules.adamax import *
from funcnet.optim._rules.asgd import *
from funcnet.optim._rules.muon import *
from funcnet.optim._rules.nadam import *
from funcnet.optim._rules.radam import *
from funcnet.optim._rules.rmsprop import *
from funcnet.optim._rules.rprop import *
from funcnet.optim._rules.sgd import *
from funcnet.optim._schedules.closed_forms import *
from funcnet.optim._schedules.cosine import *
from funcnet.optim._schedules.cyclic import *
from funcnet.optim._schedules.learning_rate import *
from funcnet.optim._schedules.one_cycle import *
from funcnet.optim._schedules.plateau import *

__all__ = sorted(name for name in globals() if not name.startswith("_"))
