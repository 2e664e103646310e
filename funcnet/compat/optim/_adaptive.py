"""Optimizers that divide by the size of past gradients."""

from typing import Any

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._checks import (
    check,
    check_at_least_zero,
    check_flags,
    check_lr,
)
from funcnet.compat.optim._update import RecordedOptimizer, Settings
from funcnet.compat.optim.optimizer import ParamsT


class RMSprop(RecordedOptimizer):
    """Divide by the root of a running mean of squares, as `torch.optim.RMSprop`."""

    native = "rmsprop"
    inputs = ("lr", "weight_decay", "momentum")
    constants = ("alpha", "eps", "centered", "maximize")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least_zero(eps=eps, momentum=momentum, weight_decay=weight_decay)
        check_at_least_zero(alpha=alpha)
        check_flags(differentiable)
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "alpha": alpha,
            "eps": eps,
            "centered": centered,
            "weight_decay": weight_decay,
            "capturable": capturable,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """The mean of squares, a velocity and the mean if they are asked for."""
        slots = {"square_avg": 0.0}
        if group["momentum"] > 0:
            slots["momentum_buffer"] = 0.0
        if group["centered"]:
            slots["grad_avg"] = 0.0
        return slots


class Adagrad(RecordedOptimizer):
    """Divide by the root of all squared gradients, as `torch.optim.Adagrad`."""

    native = "adagrad"
    takes_sparse = True
    constants = ("lr_decay", "initial_accumulator_value", "eps", "maximize")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
        foreach: bool | None = None,
        *,
        maximize: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        check_at_least_zero(
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
        )
        check_flags(differentiable, fused, foreach)
        defaults = {
            "lr": lr,
            "lr_decay": lr_decay,
            "eps": eps,
            "weight_decay": weight_decay,
            "initial_accumulator_value": initial_accumulator_value,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)
        for group in self.param_groups:  # PyTorch makes this state at once
            born: dict[str, Any] = {}
            for p in group["params"]:
                self._start(p, group, born)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """The sum of squares."""
        return {"sum": group["initial_accumulator_value"]}

    def share_memory(self) -> None:
        """Move the sums of squares to memory that processes share."""
        for kept in self.state.values():
            kept["sum"].share_memory_()


class Adadelta(RecordedOptimizer):
    """Scale by the ratio of past steps to gradients, as `torch.optim.Adadelta`."""

    native = "adadelta"
    constants = ("rho", "eps", "maximize")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        *,
        capturable: bool = False,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        check(0 <= rho <= 1, f"Invalid rho value: {rho}")
        check_at_least_zero(eps=eps, weight_decay=weight_decay)
        check_flags(differentiable)
        defaults = {
            "lr": lr,
            "rho": rho,
            "eps": eps,
            "weight_decay": weight_decay,
            "maximize": maximize,
            "capturable": capturable,
            "foreach": foreach,
            "differentiable": differentiable,
        }
        super().__init__(params, defaults)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """Running means of squared gradients and of squared steps."""
        return {"square_avg": 0.0, "acc_delta": 0.0}


class Adafactor(RecordedOptimizer):
    """Adam-like steps with the memory of vectors, as `torch.optim.Adafactor`."""

    native = "adafactor"
    decays_apart = True
    constants = ("beta2_decay", "eps", "d", "maximize")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        check_lr(lr, "Learning rate should be >= 0 but is: {}")
        check(beta2_decay <= 0, f"beta2_decay should be <= 0 but is: {beta2_decay}")
        first, second = eps
        check(first is None or first >= 0, f"epsilon1 should be >= 0 but is: {first}")
        check(second >= 0, f"epsilon2 should be >= 0 but is: {second}")
        check(d >= 1, f"Clipping threshold d should be >= 1 but is: {d}")
        check(weight_decay >= 0, f"weight_decay should be >= 0 but is: {weight_decay}")
        defaults = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
        }
        super().__init__(params, defaults)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """The second moments: means of rows and columns of a matrix."""
        shape = tuple(p.shape)
        if len(shape) < 2:
            return {"variance": 0.0}
        return {
            "row_var": ((*shape[:-1], 1), 0.0),
            "col_var": ((*shape[:-2], 1, shape[-1]), 0.0),
        }
