"""Adam and its variants: Adam, AdamW, Adamax, NAdam and RAdam."""

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._settings import takes_settings
from funcnet.compat.optim._update import RuleOptimizer
from funcnet.compat.optim.optimizer import ParamsT
from funcnet.optim import adam, adamax, nadam, radam

__all__ = ["Adam", "AdamW", "Adamax", "NAdam", "RAdam"]


class Adam(RuleOptimizer):
    """Scale each step by running moments of the gradient, as `torch.optim.Adam`."""

    spec = adam.spec

    @takes_settings("maximize foreach")
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
    ) -> None: ...


class AdamW(Adam):
    """Adam with decoupled weight decay, as `torch.optim.AdamW`."""

    @takes_settings(decoupled_weight_decay=True)
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
    ) -> None: ...


class Adamax(RuleOptimizer):
    """Divide by a decaying maximum of the gradient, as `torch.optim.Adamax`."""

    spec = adamax.spec

    @takes_settings()
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
    ) -> None: ...


class NAdam(RuleOptimizer):
    """Adam that looks ahead along its momentum, as `torch.optim.NAdam`."""

    spec = nadam.spec
    writes = 2

    @takes_settings("maximize foreach")
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
    ) -> None: ...


class RAdam(RuleOptimizer):
    """Adam whose first steps are those of momentum, as `torch.optim.RAdam`."""

    spec = radam.spec

    @takes_settings("maximize foreach capturable decoupled_weight_decay")
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
    ) -> None: ...
