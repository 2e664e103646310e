"""Numbers at equal distances, as `torch.linspace` rounds them."""

import numpy as np


def spaced(least: float, largest: float, count: int) -> np.ndarray:
    """Return `count` float32 values from `least` to `largest`.

    They are counted from both ends and rounded once; the last bit is seen in images.
    """
    if count == 1:
        return np.array([least], np.float32)
    low, high = np.float32(least), np.float32(largest)
    step = float((high - low) / np.float32(count - 1))
    index = np.arange(count)
    from_low = float(low) + step * index
    from_high = float(high) - step * (count - 1 - index)
    return np.where(index < count // 2, from_low, from_high).astype(np.float32)
