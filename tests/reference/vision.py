"""The frozen results of torchvision: where they lie, and what is kept of them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("vision.npz")
_STEP = 17


def kept(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Every 17th value of the arrays, flattened, behind their shapes."""
    shapes = [size for part in parts for size in (part.ndim, *part.shape)]
    kind = parts[0].dtype
    values = np.concatenate([part.astype(kind).reshape(-1) for part in parts])[::_STEP]
    wide = np.float64 if kind in (np.float64, np.int64, np.int32) else np.float32
    return np.concatenate([np.array([len(shapes), *shapes], wide), values.astype(wide)])
