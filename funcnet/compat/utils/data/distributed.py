"""One process's share of the samples, as `torch.utils.data.distributed`."""

from funcnet.data import DistributedSampler

__all__ = ["DistributedSampler"]
