"""Errors of reading files, which are also those that scripts for PyTorch catch.

Which error of `funcnet.checkpoint` becomes which of them says `_messages/words/files`.
"""

import pickle

from funcnet.checkpoint import CheckpointError


class WeightsOnlyError(CheckpointError, pickle.UnpicklingError):
    """A file that holds more than values, as PyTorch refuses it."""


class StreamReaderError(CheckpointError, RuntimeError):
    """A file that is damaged, as PyTorch refuses it."""


class NoDeviceError(CheckpointError, RuntimeError):
    """A file that was saved from a device that is not there, as PyTorch refuses it."""
