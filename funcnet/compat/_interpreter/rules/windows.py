"""Where gathers and scatters look things up."""

from collections.abc import Sequence
from typing import Any

import numpy as np


class Windows:
    """Where the windows of a gather or scatter lie in the operand.

    Args:
        shape: the operand's.
        window: the sizes of a window in the operand's dimensions.
        index_map: the dimension that each component of an index is of.
        operand_batch, index_batch: dimensions of operand and indices that run together.
        batch: the shape of the indices without their last dimension.
    """

    def __init__(
        self,
        shape: Sequence[int],
        window: Sequence[int],
        index_map: Sequence[int],
        operand_batch: Sequence[int],
        index_batch: Sequence[int],
        batch: Sequence[int],
    ) -> None:
        self.index_map, self.batch = list(index_map), tuple(batch)
        self.room = np.array([shape[d] - window[d] for d in index_map], np.int64)
        # The dimensions that are looked up element by element come first.
        self.looked_up = [
            d
            for d in range(len(shape))
            if d in index_map or d in operand_batch or window[d] != shape[d]
        ]
        self.whole = [d for d in range(len(shape)) if d not in self.looked_up]
        self.order = (*self.looked_up, *self.whole)
        spread = [d for d in self.looked_up if window[d] != 1]
        self.spread = spread
        rank = len(batch) + len(spread)
        self.rank = rank
        self.offsets: dict[int, Any] = {}
        for axis, d in enumerate(spread):
            steps = np.arange(window[d]).reshape(
                [-1 if i == len(batch) + axis else 1 for i in range(rank)]
            )
            self.offsets[d] = steps
        self.along: dict[int, Any] = {}
        for d, axis in zip(operand_batch, index_batch, strict=True):
            self.along[d] = np.arange(shape[d]).reshape(
                [-1 if i == axis else 1 for i in range(rank)]
            )
        self.ones = (1,) * len(spread)

    def positions(self, starts: Any) -> tuple[Any, ...]:
        """What to index the operand with, its dimensions in `order`."""
        index = []
        for d in self.looked_up:
            if d in self.along:
                index.append(self.along[d])
                continue
            position: Any = self.offsets.get(d, 0)
            if d in self.index_map:
                column = starts[..., self.index_map.index(d)]
                position = column.reshape(self.batch + self.ones) + position
            index.append(position)
        return tuple(index)

    def outside(self, starts: Any) -> Any:
        """Of each window whether it does not lie inside the operand."""
        return ((starts < 0) | (starts > self.room)).any(-1)
