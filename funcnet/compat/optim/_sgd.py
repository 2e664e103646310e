"""Optimizers that go along the gradient, its momentum or its sign."""

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


class SGD(RecordedOptimizer):
    """Descend along the gradient, with momentum, as `torch.optim.SGD`."""

    native = "sgd"
    takes_sparse = True
    inputs = ("lr", "weight_decay", "momentum")
    constants = ("dampening", "nesterov", "maximize")
    scalars = ()
    starts_late = True

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float | Tensor = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check_lr(lr)
        check_at_least_zero(momentum=momentum, weight_decay=weight_decay)
        check_flags(differentiable, fused, foreach)
        check(
            not nesterov or (momentum > 0 and dampening == 0),
            "Nesterov momentum requires a momentum and zero dampening",
        )
        defaults = {
            "lr": lr,
            "momentum": momentum,
            "dampening": dampening,
            "weight_decay": weight_decay,
            "nesterov": nesterov,
            "maximize": maximize,
            "foreach": foreach,
            "differentiable": differentiable,
            "fused": fused,
        }
        super().__init__(params, defaults)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """The velocity, if there is momentum."""
        return {"momentum_buffer": 0.0} if group["momentum"] else {}


class Muon(RecordedOptimizer):
    """Step along the orthogonalised momentum of a matrix, as `torch.optim.Muon`."""

    native = "muon"
    writes = 2
    inputs = ("lr", "weight_decay", "momentum")
    constants = ("nesterov", "ns_coefficients", "eps", "ns_steps", "adjust_lr_fn")
    scalars = ()

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        weight_decay: float = 0.1,
        momentum: float = 0.95,
        nesterov: bool = True,
        ns_coefficients: tuple[float, float, float] = (3.4445, -4.7750, 2.0315),
        eps: float = 1e-7,
        ns_steps: int = 5,
        adjust_lr_fn: str | None = None,
    ) -> None:
        check_lr(lr, "Learning rate should be >= 0 but is: {}")
        check(momentum >= 0, f"momentum should be >= 0 but is: {momentum}")
        check(weight_decay >= 0, f"weight decay should be >= 0 but is: {weight_decay}")
        check(
            adjust_lr_fn in (None, "original", "match_rms_adamw"),
            f"Adjust learning rate function {adjust_lr_fn} is not supported",
        )
        defaults = {
            "lr": lr,
            "weight_decay": weight_decay,
            "momentum": momentum,
            "nesterov": nesterov,
            "ns_coefficients": ns_coefficients,
            "eps": eps,
            "ns_steps": ns_steps,
            "adjust_lr_fn": adjust_lr_fn,
        }
        super().__init__(params, defaults)
        for group in self.param_groups:
            for p in group["params"]:
                check(
                    p.ndim == 2,
                    "Muon only supports 2D parameters whereas we found a parameter "
                    f"with size: {p.shape}",
                )

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """The running mean of the gradient."""
        return {"momentum_buffer": 0.0}


class Rprop(RecordedOptimizer):
    """Steps from the signs of the gradients alone, as `torch.optim.Rprop`."""

    native = "rprop"
    inputs = ("lr",)
    constants = ("etas", "step_sizes", "maximize")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check_lr(lr)
        shrink, grow = etas
        check(0 < shrink < 1 < grow, f"Invalid eta values: {shrink}, {grow}")
        check_flags(differentiable)
        defaults = {
            "lr": lr,
            "etas": etas,
            "step_sizes": step_sizes,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """The last gradient, and the size of each element's step."""
        return {"prev": 0.0, "step_size": _plain(group["lr"])}


class ASGD(RecordedOptimizer):
    """Descend with a decaying step and average the path, as `torch.optim.ASGD`."""

    native = "asgd"
    writes = 2
    constants = ("lambd", "alpha", "t0", "maximize")
    scalars = ("step", "eta", "mu")

    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
        capturable: bool = False,
    ) -> None:
        check_lr(lr)
        check_at_least_zero(weight_decay=weight_decay)
        check_flags(differentiable)
        defaults = {
            "lr": lr,
            "lambd": lambd,
            "alpha": alpha,
            "t0": t0,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
            "differentiable": differentiable,
            "capturable": capturable,
        }
        super().__init__(params, defaults)

    def first_scalars(self, group: Settings) -> dict[str, float]:
        """The step count, the size of the step, and the weight in the average."""
        return {"step": 0.0, "eta": _plain(group["lr"]), "mu": 1.0}

    def first_slots(self, p: Tensor, group: Settings) -> dict[str, Any]:
        """The average of the path."""
        return {"ax": 0.0}


def _plain(lr: Any) -> float:
    return float(lr._array()) if isinstance(lr, Tensor) else float(lr)
