"""Optimizers and learning-rate schedules, as `torch.optim`."""

from funcnet.compat.optim import lr_scheduler, optimizer
from funcnet.compat.optim._adam import Adam, Adamax, AdamW, NAdam, RAdam, SparseAdam
from funcnet.compat.optim._descent import (
    ASGD,
    SGD,
    Adadelta,
    Adafactor,
    Adagrad,
    Muon,
    RMSprop,
    Rprop,
)
from funcnet.compat.optim.lbfgs import LBFGS
from funcnet.compat.optim.optimizer import Optimizer

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
]
