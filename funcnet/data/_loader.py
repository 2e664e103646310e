"""Batches from arrays in memory."""

import operator
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from funcnet._errors import InputError, InputTypeError


class ArrayLoader:
    """Cut arrays into batches, gathered whole, in an order that can be resumed.

    Each `for` over the loader is one epoch. The order of an epoch is a function of
    `(seed, epoch)` alone. `state_dict` may be taken at any point; a loader that loads
    it goes on with the very next batch and then with the next epoch. Leaving a loop
    early and starting another begins a new epoch, as in PyTorch.

    Args:
        arrays: arrays of the same length; a batch is a tuple of as many arrays.
        batch_size: samples in a batch.
        shuffle: draw a new order for each epoch; otherwise keep that of the arrays.
        seed: of the orders.
        drop_last: leave out the last batch of an epoch where it would be smaller.

    Attributes:
        epoch: the epoch that is under way, or that begins next.
        position: how many samples of that epoch have been given out.

    Raises:
        InputError: the lengths differ, there is no sample, or not one batch.
        InputTypeError: `arrays` is a single array.

    Example:
        >>> import numpy as np
        >>> x, y = np.arange(10.0), np.arange(10)
        >>> loader = ArrayLoader((x, y), batch_size=4, shuffle=False)
        >>> [batch_y.tolist() for batch_x, batch_y in loader]
        [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    """

    def __init__(
        self,
        arrays: Sequence[ArrayLike],
        batch_size: int,
        *,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        if not isinstance(arrays, tuple | list):
            raise InputTypeError(
                f"ArrayLoader: arrays is a {type(arrays).__name__}, a tuple of arrays "
                "is needed: ArrayLoader((images, labels), 64), or (images,) for one."
            )
        self.arrays = tuple(np.asarray(array) for array in arrays)
        self.samples = _common_length(self.arrays)
        self.batch_size = operator.index(batch_size)
        self.shuffle, self.drop_last = shuffle, drop_last
        self.seed = operator.index(seed)
        self.epoch = self.position = 0
        self._resumed = False
        if self.batch_size < 1 or self.seed < 0:
            raise InputError(
                f"ArrayLoader: batch_size is {batch_size} and seed {seed}; the first "
                "must be at least 1, the second at least 0."
            )
        if len(self) == 0:
            raise InputError(
                f"ArrayLoader: {self.samples} samples give no batch of {batch_size} "
                "with drop_last=True."
            )

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        return -(-self._end() // self.batch_size)

    def __iter__(self) -> Iterator[tuple[np.ndarray, ...]]:
        if self.position and not self._resumed:
            self.epoch, self.position = self.epoch + 1, 0
        self._resumed = False
        order = self.order(self.epoch)
        for start in range(self.position, self._end(), self.batch_size):
            chosen = order[start : start + self.batch_size]
            batch = tuple(array.take(chosen, axis=0) for array in self.arrays)
            # Counted before it is given out: the caller may save in the loop's body.
            self.position = start + len(chosen)
            yield batch
        self.epoch, self.position = self.epoch + 1, 0

    def order(self, epoch: int) -> np.ndarray:
        """The order of the samples in an epoch, the same in every NumPy release."""
        if not self.shuffle:
            return np.arange(self.samples)
        seed = np.random.SeedSequence((self.seed, epoch))
        # RandomState's stream is frozen (NEP 19), that of default_rng may change.
        return np.random.RandomState(np.random.MT19937(seed)).permutation(self.samples)

    def batches(self, epoch: int) -> np.ndarray:
        """The indices of an epoch's whole batches, `(steps, batch_size)`.

        For `funcnet.train.train_epoch`, which gathers them on the device.
        """
        steps = self.samples // self.batch_size
        chosen = self.order(epoch)[: steps * self.batch_size]
        return chosen.reshape(steps, self.batch_size)

    def state_dict(self) -> dict[str, int]:
        """Where the loader stands: its seed, epoch and position in samples."""
        return {"seed": self.seed, "epoch": self.epoch, "position": self.position}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on where `state_dict` was taken.

        Raises:
            InputError: the state is not one of a loader of these arrays.
        """
        if set(state) != {"seed", "epoch", "position"}:
            raise InputError(
                f"ArrayLoader: a state has seed, epoch and position, this one has "
                f"{', '.join(state) or 'nothing'}."
            )
        if not 0 <= state["position"] <= self.samples or state["epoch"] < 0:
            raise InputError(
                f"ArrayLoader: the state is at sample {state['position']} of epoch "
                f"{state['epoch']}, but there are {self.samples} samples. It was "
                "saved with other data."
            )
        self.seed, self.epoch = int(state["seed"]), int(state["epoch"])
        self.position, self._resumed = int(state["position"]), True

    def _end(self) -> int:
        """How many samples an epoch gives out."""
        rest = self.samples % self.batch_size if self.drop_last else 0
        return self.samples - rest


def _common_length(arrays: tuple[np.ndarray, ...]) -> int:
    shapes = [array.shape for array in arrays]
    lengths = {shape[0] if shape else 0 for shape in shapes}
    if len(lengths) != 1 or 0 in lengths:
        raise InputError(
            f"ArrayLoader: the arrays have shapes {', '.join(map(str, shapes))}; all "
            "must have the same first dimension, at least 1."
        )
    return lengths.pop()
