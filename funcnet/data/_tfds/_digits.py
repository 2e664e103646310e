"""The digits that funcnet carries, as a set of TFDS."""

from pathlib import Path

import numpy as np

from funcnet.data._datasets.builtin import digits
from funcnet.data._tfds._build import build_tfds


def build_digits(data_dir: Path) -> Path:
    """Prepare the set "digits" with the splits train and test; return its folder."""
    splits = {name: _split(name) for name in ("train", "test")}
    return build_tfds("digits", splits, data_dir)


def _split(name: str) -> list[tuple[np.ndarray, int]]:
    images, labels = digits(name)
    levels = np.rint(images[:, 0] * 255).astype(np.uint8)
    return [(image, int(label)) for image, label in zip(levels, labels, strict=True)]
