"""Errors of reading files, which are also those that scripts for PyTorch catch."""

import pickle

from funcnet.checkpoint import CheckpointError
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError

_HELP = (
    "\nIf it is a class or function of yours, name it: "
    "torch.serialization.add_safe_globals([Net]), or load within "
    "torch.serialization.safe_globals([Net]). torch.load(..., weights_only=False) "
    "takes everything, and runs whatever code the file's author put there."
)


class WeightsOnlyError(CheckpointError, pickle.UnpicklingError):
    """A file that holds more than values, as PyTorch refuses it."""


class StreamReaderError(CheckpointError, RuntimeError):
    """A file that is damaged, as PyTorch refuses it."""


class NoDeviceError(CheckpointError, RuntimeError):
    """A file that was saved from a device that is not there, as PyTorch refuses it."""


def in_pytorchs_words(error: CheckpointError) -> CheckpointError:
    """The same error, of PyTorch's class and found by its words."""
    told: CheckpointError
    text = Exception.__str__(error)
    if isinstance(error, RefusedError):
        told = WeightsOnlyError(f"Weights only load failed: {text}{_HELP}")
    elif isinstance(error, DamagedError):
        told = StreamReaderError(f"PytorchStreamReader failed reading file: {text}")
    else:
        return error
    told.path = error.path
    return told
