"""A dataset in random parts."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

from funcnet import _random
from funcnet._errors import InputError
from funcnet.data._datasets.arrays import Subset
from funcnet.data._datasets.dataset import Source


def random_split(
    dataset: Source[Any], lengths: Sequence[float], *, seed: int = 0
) -> list[Subset]:
    """Split a dataset at random, as `torch.utils.data.random_split`.

    The parts are PyTorch's with a generator of the same seed.

    Args:
        dataset: any dataset that is asked by index.
        lengths: how many samples each part has; or fractions whose sum is 1, where
            what is left over goes to the first parts, one sample each.
        seed: of the order.

    Raises:
        InputError: the lengths do not make up the dataset, or a fraction is not from
            0 to 1.

    Example:
        >>> train, test = random_split(range(10), [0.8, 0.2], seed=1)
        >>> len(train), [test[i] for i in range(2)]
        (8, [7, 4])
    """
    order = _random.permutation(_random.Engine(seed), len(dataset)).tolist()
    return split_by(dataset, lengths, order)


def split_by(
    dataset: Source[Any], lengths: Sequence[float], order: Sequence[int]
) -> list[Subset]:
    """Give each part its share of an order of all samples."""
    sizes = _sizes(len(dataset), lengths)
    ends = list(itertools.accumulate(sizes))
    return [
        Subset(dataset, order[end - size : end])
        for end, size in zip(ends, sizes, strict=True)
    ]


def _sizes(count: int, lengths: Sequence[float]) -> list[int]:
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        for index, fraction in enumerate(lengths):
            if not 0 <= fraction <= 1:
                raise InputError(f"Fraction at index {index} is not between 0 and 1")
        sizes = [math.floor(count * fraction) for fraction in lengths]
        for index in range(count - sum(sizes)):
            sizes[index % len(sizes)] += 1
        return sizes
    sizes = [int(length) for length in lengths]
    if sum(sizes) != count or sizes != list(lengths):
        raise InputError(
            "Sum of input lengths does not equal the length of the input dataset! "
            f"{list(lengths)} of {count} samples"
        )
    return sizes
