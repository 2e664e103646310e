"""PyTorch's words for files that are refused."""

from typing import Final

from funcnet.compat._core.file_errors import StreamReaderError, WeightsOnlyError
from funcnet.compat._messages.words.types import Words

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
