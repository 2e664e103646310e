"""Transforms of the parts of a dimension, each by its own transform."""

from collections.abc import Sequence
from typing import Any

import funcnet.compat as torch
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._transforms.base import Transform
from funcnet.compat.distributions.utils import _sum_rightmost


class _Parts(Transform):
    transforms: list[Transform]

    @property
    def bijective(self) -> bool:
        """Whether all transforms are bijective."""
        return all(t.bijective for t in self.transforms)


class CatTransform(_Parts):
    """Transform that applies a transform to each part of a dimension."""

    def __init__(
        self,
        tseq: Sequence[Transform],
        dim: int = 0,
        lengths: Sequence[int] | None = None,
        cache_size: int = 0,
    ) -> None:
        if not all(isinstance(t, Transform) for t in tseq):
            raise AssertionError("All elements of tseq must be Transform instances")
        super().__init__(cache_size=cache_size)
        self.transforms = [t.with_cache(cache_size) for t in tseq]
        self.lengths = [1] * len(self.transforms) if lengths is None else list(lengths)
        if len(self.lengths) != len(self.transforms):
            raise AssertionError(
                f"lengths ({len(self.lengths)}) must have same length as transforms "
                f"({len(self.transforms)})"
            )
        self.dim = dim

    @property
    def event_dim(self) -> int:
        """Largest number of event dimensions of a part."""
        return max(t.event_dim for t in self.transforms)

    @property
    def length(self) -> int:
        """Length of the dimension."""
        return sum(self.lengths)

    def with_cache(self, cache_size: int = 1) -> "CatTransform":
        """Return the same transform with another size of its cache."""
        if self._cache_size == cache_size:
            return self
        return CatTransform(self.transforms, self.dim, self.lengths, cache_size)

    def _check(self, x: Tensor) -> None:
        if not -x.dim() <= self.dim < x.dim():
            raise AssertionError(
                f"dim {self.dim} out of range for tensor with {x.dim()} dimensions"
            )
        if x.size(self.dim) != self.length:
            raise AssertionError(
                f"input size {x.size(self.dim)} at dim {self.dim} does not match total "
                f"length {self.length}"
            )

    def _split(self, x: Tensor) -> list[Tensor]:
        self._check(x)
        return list(x.split(self.lengths, self.dim))

    def _call(self, x: Tensor) -> Tensor:
        pairs = zip(self.transforms, self._split(x), strict=True)
        return torch.cat([t(part) for t, part in pairs], dim=self.dim)

    def _inverse(self, y: Tensor) -> Tensor:
        pairs = zip(self.transforms, self._split(y), strict=True)
        return torch.cat([t.inv(part) for t, part in pairs], dim=self.dim)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the log determinants of the parts, concatenated or summed."""
        result = []
        parts = zip(self.transforms, self._split(x), self._split(y), strict=True)
        for t, before, after in parts:
            log_det = t.log_abs_det_jacobian(before, after)
            if t.event_dim < self.event_dim:
                log_det = _sum_rightmost(log_det, self.event_dim - t.event_dim)
            result.append(log_det)
        dim = self.dim
        if dim >= 0:
            dim -= x.dim()
        dim += self.event_dim
        return torch.cat(result, dim=dim) if dim < 0 else sum(result)  # type: ignore[return-value]

    @property
    def domain(self) -> Any:
        """Constraint made of those of the parts."""
        return constraints.cat(
            [t.domain for t in self.transforms], self.dim, self.lengths
        )

    @property
    def codomain(self) -> Any:
        """Constraint made of those of the parts."""
        return constraints.cat(
            [t.codomain for t in self.transforms], self.dim, self.lengths
        )


class StackTransform(_Parts):
    """Transform that applies a transform to each entry of a dimension."""

    def __init__(
        self, tseq: Sequence[Transform], dim: int = 0, cache_size: int = 0
    ) -> None:
        if not all(isinstance(t, Transform) for t in tseq):
            raise AssertionError("All elements of tseq must be Transform instances")
        super().__init__(cache_size=cache_size)
        self.transforms = [t.with_cache(cache_size) for t in tseq]
        self.dim = dim

    def with_cache(self, cache_size: int = 1) -> "StackTransform":
        """Return the same transform with another size of its cache."""
        if self._cache_size == cache_size:
            return self
        return StackTransform(self.transforms, self.dim, cache_size)

    def _slice(self, z: Tensor) -> list[Tensor]:
        if not -z.dim() <= self.dim < z.dim():
            raise AssertionError(
                f"dim {self.dim} out of range for tensor with {z.dim()} dimensions"
            )
        if z.size(self.dim) != len(self.transforms):
            raise AssertionError(
                f"input size {z.size(self.dim)} at dim {self.dim} does not match "
                f"number of transforms {len(self.transforms)}"
            )
        return [z.select(self.dim, i) for i in range(z.size(self.dim))]

    def _call(self, x: Tensor) -> Tensor:
        pairs = zip(self.transforms, self._slice(x), strict=True)
        return torch.stack([t(part) for t, part in pairs], dim=self.dim)

    def _inverse(self, y: Tensor) -> Tensor:
        pairs = zip(self.transforms, self._slice(y), strict=True)
        return torch.stack([t.inv(part) for t, part in pairs], dim=self.dim)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the log determinants of the entries, stacked."""
        parts = zip(self.transforms, self._slice(x), self._slice(y), strict=True)
        result = [t.log_abs_det_jacobian(before, after) for t, before, after in parts]
        return torch.stack(result, dim=self.dim)

    @property
    def domain(self) -> Any:
        """Constraint made of those of the entries."""
        return constraints.stack([t.domain for t in self.transforms], self.dim)

    @property
    def codomain(self) -> Any:
        """Constraint made of those of the entries."""
        return constraints.stack([t.codomain for t in self.transforms], self.dim)
