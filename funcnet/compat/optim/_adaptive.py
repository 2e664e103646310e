"""Optimizers that divide by the size of past gradients."""

from typing import Any

from funcnet.compat._engine.graph import Value
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._settings import takes_settings
from funcnet.compat.optim._update import RuleOptimizer
from funcnet.compat.optim.optimizer import ParamsT
from funcnet.optim import adadelta, adafactor, adagrad, rmsprop

__all__ = ["Adadelta", "Adafactor", "Adagrad", "RMSprop"]


class RMSprop(RuleOptimizer):
    """Divide by the root of a running mean of squares, as `torch.optim.RMSprop`."""

    spec = rmsprop.spec

    @takes_settings("momentum alpha eps centered weight_decay")
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
    ) -> None: ...


class Adagrad(RuleOptimizer):
    """Divide by the root of all squared gradients, as `torch.optim.Adagrad`."""

    spec = adagrad.spec
    takes_sparse = True

    @takes_settings("eps weight_decay initial_accumulator_value")
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
    ) -> None: ...

    def _start(self, params: ParamsT, settings: dict[str, Any]) -> None:
        super()._start(params, settings)
        for group in self.param_groups:  # PyTorch makes this state at once
            started: dict[str, Value] = {}
            for p in group["params"]:
                self._init_state(p, group, started)

    def share_memory(self) -> None:
        """Move the sums of squares to memory that processes share."""
        for kept in self.state.values():
            kept["sum"].share_memory_()


class Adadelta(RuleOptimizer):
    """Scale by the ratio of past steps to gradients, as `torch.optim.Adadelta`."""

    spec = adadelta.spec

    @takes_settings("maximize capturable foreach")
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
    ) -> None: ...


class Adafactor(RuleOptimizer):
    """Adam-like steps with the memory of vectors, as `torch.optim.Adafactor`."""

    spec = adafactor.spec
    decays_apart = True

    @takes_settings()
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
    ) -> None: ...
