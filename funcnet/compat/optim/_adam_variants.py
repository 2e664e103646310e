"""Variants of Adam: Adamax, NAdam and RAdam."""

from typing import Any

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._checks import (
    check_at_least_zero,
    check_betas,
    check_flags,
    check_lr,
)
from funcnet.compat.optim._update import RecordedOptimizer, Settings
from funcnet.compat.optim.optimizer import ParamsT


class Adamax(RecordedOptimizer):
    """Divide by a decaying maximum of the gradient, as `torch.optim.Adamax`."""

    native = "adamax"
    inputs = ("lr", "weight_decay", "beta1")
    constants = ("beta2", "eps", "maximize")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least_zero(eps=eps)
        check_betas(betas)
        check_at_least_zero(weight_decay=weight_decay)
        check_flags(differentiable)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """A running moment and a decaying maximum."""
        return {"exp_avg": 0.0, "exp_inf": 0.0}


class NAdam(RecordedOptimizer):
    """Adam that looks ahead along its momentum, as `torch.optim.NAdam`."""

    native = "nadam"
    writes = 2
    inputs = ("lr", "weight_decay", "beta1")
    constants = (
        *("beta2", "eps", "momentum_decay"),
        *("decoupled_weight_decay", "maximize"),
    )
    scalars = ("step", "mu_product")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least_zero(eps=eps)
        check_betas(betas)
        check_at_least_zero(weight_decay=weight_decay, momentum_decay=momentum_decay)
        check_flags(differentiable)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "momentum_decay": momentum_decay,
            "decoupled_weight_decay": decoupled_weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def first_scalars(self, group: Settings) -> dict[str, float]:
        """The step count, and the product of the momenta so far."""
        return {"step": 0.0, "mu_product": 1.0}

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """Two running moments."""
        return {"exp_avg": 0.0, "exp_avg_sq": 0.0}


class RAdam(RecordedOptimizer):
    """Adam whose first steps are those of momentum, as `torch.optim.RAdam`."""

    native = "radam"
    inputs = ("lr", "weight_decay", "beta1")
    constants = ("beta2", "eps", "decoupled_weight_decay", "maximize")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        decoupled_weight_decay: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least_zero(eps=eps)
        check_betas(betas)
        check_at_least_zero(weight_decay=weight_decay)
        check_flags(differentiable)
        defaults = {
            "lr": lr,
            "betas": betas,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "foreach": foreach,
            "capturable": capturable,
            "decoupled_weight_decay": decoupled_weight_decay,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """Two running moments."""
        return {"exp_avg": 0.0, "exp_avg_sq": 0.0}
