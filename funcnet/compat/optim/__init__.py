"""Optimizers and learning-rate schedules, as `torch.optim`."""

from funcnet.compat.optim import lr_scheduler, optimizer, swa_utils
from funcnet.compat.optim._adam import Adam, Adamax, AdamW, NAdam, RAdam
from funcnet.compat.optim._adaptive import Adadelta, Adafactor, Adagrad, RMSprop
from funcnet.compat.optim._files import show_files
from funcnet.compat.optim._sgd import ASGD, SGD, Muon, Rprop
from funcnet.compat.optim._sparse_adam import SparseAdam
from funcnet.compat.optim.lbfgs import LBFGS
from funcnet.compat.optim.optimizer import Optimizer

show_files(globals())

__all__ = [
    "ASGD",
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Muon",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "SparseAdam",
    "lr_scheduler",
    "optimizer",
    "swa_utils",
]
