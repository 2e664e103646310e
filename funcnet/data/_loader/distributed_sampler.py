"""One process's share of the samples."""

import itertools
from collections.abc import Iterator, Sized

import numpy as np

from funcnet import _random
from funcnet._errors import InputError
from funcnet.data._loader.samplers import Sampler


class DistributedSampler(Sampler[int]):
    """This process's share of the samples, as `DistributedSampler`.

    All processes draw the same order and take every `num_replicas`-th index of it,
    beginning with their rank. Where that does not come out even, some samples come
    twice, or with `drop_last` the last ones are left out.

    Args:
        dataset: what has the samples.
        num_replicas: how many processes there are.
        rank: which of them this is, from 0.
        shuffle: draw an order; call `set_epoch` before each epoch for another one.
        seed: of the orders, the same in all processes.
        drop_last: leave out samples rather than give some twice.

    Raises:
        InputError: the rank is not below the number of processes.

    Example:
        >>> [list(DistributedSampler(range(5), 2, r, shuffle=False)) for r in (0, 1)]
        [[0, 2, 4], [1, 3, 0]]
    """

    def __init__(
        self,
        dataset: Sized,
        num_replicas: int,
        rank: int,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        super().__init__()
        if not 0 <= rank < num_replicas:
            raise InputError(
                f"Invalid rank {rank}, rank should be in the interval "
                f"[0, {num_replicas - 1}]"
            )
        self.dataset = dataset
        self.num_replicas = num_replicas
        self.rank = rank
        self.shuffle = shuffle
        self.seed = seed
        self.drop_last = drop_last
        self.epoch = 0

    @property
    def num_samples(self) -> int:
        """How many samples each process gets."""
        whole, rest = divmod(len(self.dataset), self.num_replicas)
        return whole + bool(rest and not self.drop_last)

    @property
    def total_size(self) -> int:
        """How many samples all processes get."""
        return self.num_samples * self.num_replicas

    def __iter__(self) -> Iterator[int]:
        count = len(self.dataset)
        order = np.arange(count)
        if self.shuffle:
            engine = _random.Engine(self.seed + self.epoch)
            order = _random.permutation(engine, count)
        again = itertools.islice(itertools.cycle(order.tolist()), self.total_size)
        return itertools.islice(again, self.rank, None, self.num_replicas)

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """Draw the order of this epoch from now on."""
        self.epoch = epoch
