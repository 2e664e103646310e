"""A dataset of what is drawn in its process, by Python and by NumPy."""

import random

import numpy as np


class Draws:
    """Rows of random numbers, one of each kind of generator."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> np.ndarray:
        if not 0 <= index < self.size:
            raise IndexError(index)
        return np.array([random.random(), np.random.random()])
