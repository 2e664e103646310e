"""The two ways in which a file is refused."""

from funcnet.checkpoint._errors import CheckpointError


class DamagedError(CheckpointError):
    """The bytes are no whole file of PyTorch's: cut off, changed, or made up."""

    def __init__(self, text: str) -> None:
        super().__init__("file.damaged", text=text)


class RefusedError(CheckpointError):
    """The file is whole, but names something that is not built from a file."""

    def __init__(self, text: str) -> None:
        super().__init__("file.refused", text=text)
