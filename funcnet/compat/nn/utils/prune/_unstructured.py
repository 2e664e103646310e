"""Pruning of single elements."""

from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.index.sorting import topk
from funcnet.compat._ops.random.sampling import rand_like
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.utils.prune._base import (
    BasePruningMethod,
    check_amount,
    to_prune,
)


class Identity(BasePruningMethod):
    """Prunes nothing, as `torch.nn.utils.prune.Identity`."""

    PRUNING_TYPE = "unstructured"

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Any:
        """The mask there was."""
        return default_mask

    @classmethod
    def apply(cls, module: Module, name: str) -> Any:
        """Give a tensor of a module a mask of ones."""
        return super().apply(module, name)


@explains_keywords
class _ByAmount(BasePruningMethod):
    """Prunes a share of the elements, or a number of them."""

    PRUNING_TYPE = "unstructured"

    def __init__(self, amount: float) -> None:
        check_amount(amount)
        self.amount = amount

    def _places(self, t: Tensor, count: int) -> Any:
        """Which of the elements in a row are to go."""
        raise NotImplementedError

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Any:
        """The mask there was, with zeros for what is to go."""
        count = to_prune(self.amount, t.nelement())
        mask = default_mask.clone()
        if count:
            mask.view(-1)[self._places(t, count)] = 0
        return mask


class RandomUnstructured(_ByAmount):
    """Prunes elements that are drawn, as `torch.nn.utils.prune.RandomUnstructured`."""

    def _places(self, t: Tensor, count: int) -> Any:
        return topk(rand_like(t).view(-1), count).indices

    @classmethod
    def apply(cls, module: Module, name: str, amount: float) -> Any:
        """Prune a tensor of a module."""
        return super().apply(module, name, amount=amount)


class L1Unstructured(_ByAmount):
    """Prunes the smallest elements, as `torch.nn.utils.prune.L1Unstructured`."""

    def _places(self, t: Tensor, count: int) -> Any:
        return topk(t.detach().abs().view(-1), count, largest=False).indices

    @classmethod
    def apply(
        cls,
        module: Module,
        name: str,
        amount: float,
        importance_scores: Tensor | None = None,
    ) -> Any:
        """Prune a tensor of a module, by its size or by `importance_scores`."""
        return super().apply(
            module, name, amount=amount, importance_scores=importance_scores
        )


@explains_keywords
class CustomFromMask(BasePruningMethod):
    """Prunes where a mask is zero, as `torch.nn.utils.prune.CustomFromMask`."""

    PRUNING_TYPE = "global"

    def __init__(self, mask: Tensor) -> None:
        self.mask = mask

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Any:
        """The mask there was, times this one."""
        if default_mask.shape != self.mask.shape:
            raise AssertionError(
                f"default_mask shape {default_mask.shape} must match self.mask shape "
                f"{self.mask.shape}"
            )
        return default_mask * self.mask.to(dtype=default_mask.dtype)

    @classmethod
    def apply(cls, module: Module, name: str, mask: Tensor) -> Any:
        """Prune a tensor of a module."""
        return super().apply(module, name, mask=mask)
