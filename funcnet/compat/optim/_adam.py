"""Adam, AdamW and SparseAdam."""

import math
from collections.abc import Callable
from typing import Any

from funcnet.compat._core.context import enable_grad, no_grad
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._checks import (
    check_at_least_zero,
    check_betas,
    check_flags,
    check_lr,
)
from funcnet.compat.optim._update import RecordedOptimizer, Settings
from funcnet.compat.optim.optimizer import Optimizer, ParamsT


class Adam(RecordedOptimizer):
    """Scale each step by running moments of the gradient, as `torch.optim.Adam`."""

    native = "adam"
    inputs = ("lr", "weight_decay", "beta1")
    constants = ("beta2", "eps", "amsgrad", "maximize", "decoupled_weight_decay")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least_zero(eps=eps)
        check_betas(betas)
        check_at_least_zero(weight_decay=weight_decay)
        check_flags(differentiable, fused, foreach)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "amsgrad": amsgrad,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
            "fused": fused,
            "decoupled_weight_decay": decoupled_weight_decay,
        }
        super().__init__(params, defaults)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """Two running moments, and the largest second one."""
        names = ("exp_avg", "exp_avg_sq") + ("max_exp_avg_sq",) * group["amsgrad"]
        return dict.fromkeys(names, 0.0)


class AdamW(Adam):
    """Adam with decoupled weight decay, as `torch.optim.AdamW`."""

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float | Tensor, float | Tensor] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            amsgrad,
            foreach=foreach,
            maximize=maximize,
            capturable=capturable,
            differentiable=differentiable,
            fused=fused,
            decoupled_weight_decay=True,
        )


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
        check_lr(lr)
        check_at_least_zero(eps=eps)
        check_betas(betas)
        defaults = {"lr": lr, "betas": betas, "eps": eps, "maximize": maximize}
        super().__init__(params, defaults)

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

    def _step_of(self, p: Any, grad: Any, group: Settings) -> None:
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
