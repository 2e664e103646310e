"""Pruning of whole slices along a dimension: rows, columns, channels."""

from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.create.creation import zeros_like
from funcnet.compat._ops.index.sorting import kthvalue, topk
from funcnet.compat._ops.random.sampling import rand
from funcnet.compat._ops.reduce.reduction import norm
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.utils.prune._base import (
    BasePruningMethod,
    check_amount,
    to_prune,
)


@explains_keywords
class _Structured(BasePruningMethod):
    """Prunes a share of the slices along `dim`, or a number of them."""

    PRUNING_TYPE = "structured"

    def __init__(self, amount: float, dim: int = -1) -> None:
        check_amount(amount)
        self.amount = amount
        self.dim = dim

    def _kept(self, t: Tensor, count: int) -> Any:
        """An index of the slices that stay when `count` go."""
        raise NotImplementedError

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Any:
        """The mask there was, with zeros for the slices that are to go."""
        if t.dim() <= 1:
            raise ValueError(
                "Structured pruning can only be applied to multidimensional tensors. "
                f"Found tensor of shape {t.shape} with {t.dim()} dims"
            )
        if self.dim >= t.dim():
            raise IndexError(f"Invalid index {self.dim} for tensor of size {t.shape}")
        count = to_prune(self.amount, t.shape[self.dim])
        if not count:
            return default_mask
        mask = zeros_like(t)
        index: list[Any] = [slice(None)] * t.dim()
        index[self.dim] = self._kept(t, count)
        mask[tuple(index)] = 1
        return mask * default_mask.to(dtype=mask.dtype)


class RandomStructured(_Structured):
    """Prunes slices that are drawn, as `torch.nn.utils.prune.RandomStructured`."""

    def _kept(self, t: Tensor, count: int) -> Any:
        drawn = rand(t.shape[self.dim])
        return drawn > kthvalue(drawn, count).values

    @classmethod
    def apply(cls, module: Module, name: str, amount: float, dim: int = -1) -> Any:
        """Prune a tensor of a module."""
        return super().apply(module, name, amount=amount, dim=dim)


@explains_keywords
class LnStructured(_Structured):
    """Prunes the slices of smallest norm, as `torch.nn.utils.prune.LnStructured`."""

    def __init__(self, amount: float, n: float, dim: int = -1) -> None:
        super().__init__(amount, dim)
        self.n = n

    def _kept(self, t: Tensor, count: int) -> Any:
        others = [d for d in range(t.dim()) if d != self.dim % t.dim()]
        norms = norm(t.detach(), p=self.n, dim=others)
        return topk(norms, t.shape[self.dim] - count).indices

    @classmethod
    def apply(
        cls,
        module: Module,
        name: str,
        amount: float,
        n: float,
        dim: int,
        importance_scores: Tensor | None = None,
    ) -> Any:
        """Prune a tensor of a module, by its norms or those of `importance_scores`."""
        return super().apply(
            *(module, name),
            amount=amount,
            n=n,
            dim=dim,
            importance_scores=importance_scores,
        )
