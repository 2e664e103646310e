"""Learning rates that follow a schedule, as `torch.optim.lr_scheduler`.

The schedulers write into the groups of the optimizer. A learning rate is an input of
the compiled step, so that a new one compiles nothing.
"""

from funcnet.compat.optim.lr_scheduler._base import LRScheduler, _LRScheduler
from funcnet.compat.optim.lr_scheduler._combined import ChainedScheduler, SequentialLR
from funcnet.compat.optim.lr_scheduler._cosine import (
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
)
from funcnet.compat.optim.lr_scheduler._cycles import CyclicLR, OneCycleLR
from funcnet.compat.optim.lr_scheduler._factors import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)
from funcnet.compat.optim.lr_scheduler._plateau import ReduceLROnPlateau

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
    "_LRScheduler",
]
