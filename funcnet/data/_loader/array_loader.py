"""The loader of arrays in memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from funcnet import _random
from funcnet._errors import InputError, InputTypeError
from funcnet.data._datasets.arrays import ArrayDataset
from funcnet.data._loader.loader import DataLoader


class ArrayLoader(DataLoader):
    """Cut arrays into batches: `DataLoader(ArrayDataset(*arrays), ...)`, shuffled.

    Batches are gathered whole. The arrays are there to look at, and so are the
    indices of an epoch, for `funcnet.train.train_epoch`.

    Args:
        arrays: arrays of the same length; a batch is a tuple of as many arrays.
        batch_size: samples in a batch.
        shuffle: draw a new order for each epoch; otherwise keep that of the arrays.
        seed: of the orders.
        drop_last: leave out the last batch of an epoch where it would be smaller.

    Attributes:
        arrays: the arrays.
        samples: how many samples they have.

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
        dataset = ArrayDataset(*arrays)
        self.arrays, self.samples = dataset.arrays, len(dataset)
        super().__init__(dataset, batch_size, shuffle, seed=seed, drop_last=drop_last)
        if len(self) == 0:
            raise InputError(
                f"ArrayLoader: {self.samples} samples give no batch of {batch_size}"
                f"{' with drop_last=True' if self.samples else ''}."
            )

    def order(self, epoch: int) -> np.ndarray:
        """The order of the samples in an epoch."""
        engine = _random.Engine(self.seed)
        for _ in range(epoch):
            self._draw(engine)
        return np.fromiter(self._draw(engine)[1], np.int64, self.samples)

    def batches(self, epoch: int) -> np.ndarray:
        """The indices of an epoch's whole batches, `(steps, batch_size)`.

        For `funcnet.train.train_epoch`, which gathers them on the device.
        """
        assert self.batch_size is not None
        steps = self.samples // self.batch_size
        chosen = self.order(epoch)[: steps * self.batch_size]
        return chosen.reshape(steps, self.batch_size)
