"""Distributed sampler, as `torch.utils.data.distributed`."""

from collections.abc import Sized

from funcnet import data
from funcnet.compat._messages.keyword_errors import explains_keywords


@explains_keywords
class DistributedSampler(data.DistributedSampler):
    __doc__ = data.DistributedSampler.__doc__

    def __init__(
        self,
        dataset: Sized,
        num_replicas: int | None = None,
        rank: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        # Only here: the collectives take long to import, and few scripts ask.
        from funcnet.compat import distributed

        if num_replicas is None:
            num_replicas = distributed.get_world_size()
        if rank is None:
            rank = distributed.get_rank()
        super().__init__(dataset, num_replicas, rank, shuffle, seed, drop_last)


__all__ = ["DistributedSampler"]
