"""Adam for sparse gradients, whose steps touch some rows of a table alone."""

import math
from collections.abc import Callable
from typing import Any, overload

from funcnet.compat._core.context import enable_grad, no_grad
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._settings import check_settings
from funcnet.compat.optim.optimizer import Loss, Optimizer, ParamsT
from funcnet.optim._settings import BETAS, EPS, LR

__all__ = ["SparseAdam"]


class SparseAdam(Optimizer):
    """Adam for gradients that are sparse tensors, as `torch.optim.SparseAdam`."""

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        maximize: bool = False,
    ) -> None:
        defaults = {"lr": lr, "betas": betas, "eps": eps, "maximize": maximize}
        check_settings((LR, EPS, BETAS), defaults)
        super().__init__(params, defaults)

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], Loss]) -> Loss: ...
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Update the rows that gradients list, and their moments alone.

        Raises:
            RuntimeError: a gradient is dense.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with no_grad():
            for group in self.param_groups:
                for p in group["params"]:
                    if p._grad is not None:
                        self._step_of(p, p._grad, group)
        return loss

    def _step_of(self, p: Any, grad: Any, group: dict[str, Any]) -> None:
        if not grad._sparse:
            raise RuntimeError(
                "SparseAdam does not support dense gradients, please consider Adam "
                "instead"
            )
        state = self.state[p]
        if not state:
            state["step"] = 0
            state["exp_avg"] = p.detach() * 0
            state["exp_avg_sq"] = p.detach() * 0
        state["step"] += 1
        grad = grad.coalesce()
        if not grad._nnz():
            return
        if grad.sparse_dim() != 1:
            raise NotImplementedError(
                "SparseAdam: gradients list rows of a table, as nn.Embedding's do"
            )
        rows, values = grad.indices()[0], grad.values()
        values = -values if group["maximize"] else values
        beta1, beta2 = group["betas"]
        first, second = state["exp_avg"], state["exp_avg_sq"]
        mean = first[rows] + (values - first[rows]) * (1 - beta1)
        square = second[rows] + (values**2 - second[rows]) * (1 - beta2)
        first[rows], second[rows] = mean, square
        corrected = math.sqrt(1 - beta2 ** state["step"]) / (1 - beta1 ** state["step"])
        change = mean / (square.sqrt() + group["eps"]) * (group["lr"] * corrected)
        p.index_add_(0, rows, -change)
