"""PyTorch's exceptions and words for files that are refused."""

import pickle
from typing import Final

from funcnet.checkpoint import CheckpointError
from funcnet.compat._messages.words.types import Words


class WeightsOnlyError(CheckpointError, pickle.UnpicklingError):
    """A file that holds more than values, as PyTorch refuses it."""


class StreamReaderError(CheckpointError, RuntimeError):
    """A file that is damaged, as PyTorch refuses it."""


class NoDeviceError(CheckpointError, RuntimeError):
    """A file that was saved from a device that is not there, as PyTorch refuses it."""


_HELP: Final = (
    "If it is a class or function of yours, name it: "
    "torch.serialization.add_safe_globals([Net]), or load within "
    "torch.serialization.safe_globals([Net]). torch.load(..., weights_only=False) "
    "takes everything, and runs whatever code the file's author put there."
)

WORDS: Final[dict[str, Words]] = {
    "file.damaged": (
        StreamReaderError,
        "PytorchStreamReader failed reading file: {text}",
    ),
    "file.refused": (
        WeightsOnlyError,
        f"Weights only load failed: {{text}}\n{_HELP}",
    ),
}
