"""Training as pure functions, and the loop around them."""

from funcnet.train._augment import random_shift
from funcnet.train._fit import fit
from funcnet.train._metrics import Averages, accuracy, evaluate
from funcnet.train._plot import plot_history
from funcnet.train._prefetch import prefetch_to_device
from funcnet.train._script import arguments, finish, run_script
from funcnet.train._state import TrainState
from funcnet.train._step import eval_step, train_epoch, train_step

__all__ = [
    "Averages",
    "TrainState",
    "accuracy",
    "arguments",
    "eval_step",
    "evaluate",
    "finish",
    "fit",
    "plot_history",
    "prefetch_to_device",
    "random_shift",
    "run_script",
    "train_epoch",
    "train_step",
]
