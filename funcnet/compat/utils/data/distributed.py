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
        if num_replicas is None or rank is None:
            raise ValueError(
                "Default process group has not been initialized, please make sure to "
                "call init_process_group. Here give num_replicas and rank: "
                "jax.process_count() and jax.process_index()."
            )
        super().__init__(dataset, num_replicas, rank, shuffle, seed, drop_last)


__all__ = ["DistributedSampler"]
