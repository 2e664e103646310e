"""Training as pure functions, and the loop around them."""

from funcnet.train._fit import fit
from funcnet.train._metrics import Averages, accuracy, evaluate
from funcnet.train._state import TrainState
from funcnet.train._step import eval_step, train_epoch, train_step

__all__ = [
    "Averages",
    "TrainState",
    "accuracy",
    "eval_step",
    "evaluate",
    "fit",
    "train_epoch",
    "train_step",
]
