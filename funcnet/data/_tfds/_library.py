"""TFDS itself, imported when it is first needed."""

from typing import Any


def load() -> Any:
    """Import TFDS.

    Raises:
        ImportError: it is not installed.
    """
    try:
        import tensorflow_datasets
    except ImportError as error:
        raise ImportError(
            f'TFDS is not there: pip install "funcnet[tfds]" ({error})'
        ) from error
    return tensorflow_datasets
