"""PyTorch's optimizers and learning-rate schedules as optax transformations.

An optimizer is two pure functions, `init(params)` and `update(grads, state, params)`,
with PyTorch's rule, argument names and defaults. Its learning rate is a number or a
schedule and lives in its state: `get_lr`, `set_lr`.

What a file names in `__all__` is public. The stub beside this file lists all names.
"""

from funcnet.optim import _rules
from funcnet.optim._base import *
from funcnet.optim._clip import *
from funcnet.optim._compose import *
from funcnet.optim._groups import *
from funcnet.optim._lbfgs.lbfgs import *
from funcnet.optim._schedules.closed_forms import *
from funcnet.optim._schedules.cosine import *
from funcnet.optim._schedules.cyclic import *
from funcnet.optim._schedules.learning_rate import *
from funcnet.optim._schedules.one_cycle import *
from funcnet.optim._schedules.plateau import *

globals().update(_rules.public_names())

__all__ = sorted(name for name in globals() if not name.startswith("_"))
