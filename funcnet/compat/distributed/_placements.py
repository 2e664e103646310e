"""How tensors lie over devices, as `torch.distributed.tensor` says it: values only.

Packages make tables of placements when they are imported. What would spread a tensor
by them refuses.
"""

from dataclasses import dataclass


class Placement:
    """How a tensor lies over one dimension of a mesh of devices."""

    def is_shard(self, dim: int | None = None) -> bool:
        """Return whether it is split, along `dim` if that is given."""
        return isinstance(self, Shard) and dim in (None, self.dim)

    def is_replicate(self) -> bool:
        """Return whether each device holds all of it."""
        return isinstance(self, Replicate)

    def is_partial(self, reduce_op: str | None = None) -> bool:
        """Return whether each device holds a summand."""
        return isinstance(self, Partial) and reduce_op in (None, self.reduce_op)


@dataclass(frozen=True)
class Shard(Placement):
    """Split along a dimension."""

    dim: int


@dataclass(frozen=True, kw_only=True)
class StridedShard(Shard):
    """Split along a dimension that another dimension of the mesh splits as well."""

    dim: int
    split_factor: int


@dataclass(frozen=True)
class Replicate(Placement):
    """The whole tensor on each device."""


@dataclass(frozen=True)
class Partial(Placement):
    """What must be reduced over the devices to be the tensor."""

    reduce_op: str = "sum"


PLACEMENTS = {
    "Placement": Placement,
    "Replicate": Replicate,
    "Shard": Shard,
    "Partial": Partial,
}
