"""Optimizers that go along the gradient, its momentum or its sign."""

from typing import Any

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._settings import check, takes_settings
from funcnet.compat.optim._update import RuleOptimizer
from funcnet.compat.optim.optimizer import ParamsT
from funcnet.optim import asgd, muon, rprop, sgd

__all__ = ["ASGD", "SGD", "Muon", "Rprop"]


class SGD(RuleOptimizer):
    """Descend along the gradient, with momentum, as `torch.optim.SGD`."""

    spec = sgd.spec
    takes_sparse = True
    starts_late = True
    counts_steps = False

    @takes_settings()
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
    ) -> None: ...


class Muon(RuleOptimizer):
    """Step along the orthogonalised momentum of a matrix, as `torch.optim.Muon`."""

    spec = muon.spec
    writes = 2
    counts_steps = False

    @takes_settings()
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
    ) -> None: ...

    def _start(self, params: ParamsT, settings: dict[str, Any]) -> None:
        super()._start(params, settings)
        for group in self.param_groups:
            for p in group["params"]:
                check(
                    p.ndim == 2,
                    "Muon only supports 2D parameters whereas we found a parameter "
                    f"with size: {p.shape}",
                )


class Rprop(RuleOptimizer):
    """Steps from the signs of the gradients alone, as `torch.optim.Rprop`."""

    spec = rprop.spec

    @takes_settings("foreach maximize differentiable capturable")
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
    ) -> None: ...


class ASGD(RuleOptimizer):
    """Descend with a decaying step and average the path, as `torch.optim.ASGD`."""

    spec = asgd.spec
    writes = 2

    @takes_settings()
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
    ) -> None: ...
