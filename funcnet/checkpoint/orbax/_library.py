"""Orbax itself, imported when it is needed: it is an extra."""

import importlib
from typing import Any

from funcnet.checkpoint._errors import CheckpointError


def library() -> Any:
    """Import Orbax.

    Raises:
        CheckpointError: it is not installed.
    """
    try:
        return importlib.import_module("orbax.checkpoint")
    except ModuleNotFoundError as error:
        raise CheckpointError(
            f"folders of Orbax need its library ({error.name} is missing): "
            "pip install 'funcnet[orbax]'."
        ) from None
