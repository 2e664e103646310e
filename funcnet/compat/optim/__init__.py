"""Optimizers and learning-rate schedules, as `torch.optim`.

An optimizer is public that its file names in `__all__`.
"""

from funcnet.compat.optim import lr_scheduler as lr_scheduler
from funcnet.compat.optim import optimizer as optimizer
from funcnet.compat.optim import swa_utils as swa_utils
from funcnet.compat.optim._files import show_files
from funcnet.compat.optim._optimizers import *
from funcnet.compat.optim.lbfgs import LBFGS as LBFGS
from funcnet.compat.optim.optimizer import Optimizer as Optimizer

_CLASSES = {name: x for name, x in globals().items() if isinstance(x, type)}
show_files(_CLASSES)

__all__ = sorted([*_CLASSES, "lr_scheduler", "optimizer", "swa_utils"])
