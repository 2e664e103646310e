"""The error of everything that reads or writes checkpoints."""

from funcnet._errors import InputError


class CheckpointError(InputError):
    """A tree that cannot be saved, a damaged file, or one that fits no template."""
