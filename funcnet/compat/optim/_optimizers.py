"""PyTorch's optimizers: the signature of each, and its update rule.

Signatures are all that most of these classes have. How settings are applied stands in
`_update`, the mathematics in `funcnet.optim`.
"""

from typing import ClassVar

from funcnet.compat._engine.graph import Value
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.optim._base import Settings, UpdateOptimizer
from funcnet.compat.optim._settings import takes_settings
from funcnet.compat.optim._sparse_adam import update_rows
from funcnet.compat.optim._update import RuleOptimizer
from funcnet.compat.optim.optimizer import ParamsT
from funcnet.optim import (
    adadelta,
    adafactor,
    adagrad,
    adam,
    adamax,
    asgd,
    muon,
    nadam,
    radam,
    rmsprop,
    rprop,
    sgd,
)
from funcnet.optim._settings import BETAS, EPS, LR

__all__ = [
    "ASGD",
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Muon",
    "NAdam",
    "RAdam",
    "RMSprop",
    "Rprop",
    "SparseAdam",
]


class SGD(RuleOptimizer):
    """Stochastic gradient descent with momentum, as `torch.optim.SGD`."""

    spec = sgd.spec
    takes_sparse = True
    starts_late = True
    counts_steps = False
    functional = """
        params d_p_list momentum_buffer_list has_sparse_grad foreach fused
        grad_scale found_inf * weight_decay momentum lr dampening nesterov maximize
    """

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


class ASGD(RuleOptimizer):
    """Averaged stochastic gradient descent, as `torch.optim.ASGD`."""

    spec = asgd.spec
    writes = 2
    functional = """
        params grads axs mus etas state_steps foreach maximize differentiable
        capturable has_complex * lambd lr t0 alpha weight_decay
    """

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


class Rprop(RuleOptimizer):
    """Resilient backpropagation, as `torch.optim.Rprop`."""

    spec = rprop.spec
    functional = """
        params grads prevs step_sizes state_steps foreach capturable maximize
        differentiable has_complex * step_size_min step_size_max etaminus etaplus
    """

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


class Muon(RuleOptimizer):
    """Muon: orthogonalized momentum for matrices, as `torch.optim.Muon`."""

    spec = muon.spec
    writes = 2
    counts_steps = False
    file = "_muon"

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

    def _start(self, params: ParamsT, settings: Settings) -> None:
        super()._start(params, settings)
        for group in self.param_groups:
            for p in group["params"]:
                if p.ndim != 2:
                    raise ValueError(
                        "Muon only supports 2D parameters whereas we found a parameter "
                        f"with size: {p.shape}"
                    )


class Adagrad(RuleOptimizer):
    """Adagrad: divide by the root of summed squares, as `torch.optim.Adagrad`."""

    spec = adagrad.spec
    takes_sparse = True
    functional = """
        params grads state_sums state_steps fused grad_scale found_inf
        has_sparse_grad foreach differentiable has_complex * lr weight_decay
        lr_decay eps maximize
    """

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

    def _start(self, params: ParamsT, settings: Settings) -> None:
        super()._start(params, settings)
        for group in self.param_groups:  # PyTorch makes this state at once
            started: dict[str, Value] = {}
            for p in group["params"]:
                self._init_state(p, group, started)

    def share_memory(self) -> None:
        """Move the sums of squares to memory that processes share."""
        for state in self.state.values():
            state["sum"].share_memory_()


class Adadelta(RuleOptimizer):
    """Adadelta: step sizes from past updates, as `torch.optim.Adadelta`."""

    spec = adadelta.spec
    functional = """
        params grads square_avgs acc_deltas state_steps capturable foreach
        differentiable has_complex * lr rho eps weight_decay maximize
    """

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


class RMSprop(RuleOptimizer):
    """RMSprop: divide by a running root mean square, as `torch.optim.RMSprop`."""

    spec = rmsprop.spec
    functional = """
        params grads square_avgs grad_avgs momentum_buffer_list state_steps foreach
        maximize differentiable capturable has_complex * lr alpha eps weight_decay
        momentum centered
    """

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


class Adafactor(RuleOptimizer):
    """Adafactor: factored second moments, as `torch.optim.Adafactor`."""

    spec = adafactor.spec
    decays_apart = True
    file = "_adafactor"

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


class Adam(RuleOptimizer):
    """Adam: steps scaled by moments of the gradient, as `torch.optim.Adam`."""

    spec = adam.spec
    functional = """
        params grads exp_avgs exp_avg_sqs max_exp_avg_sqs state_steps foreach
        capturable differentiable fused grad_scale found_inf has_complex
        decoupled_weight_decay * amsgrad beta1 beta2 lr weight_decay eps maximize
    """

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
    """AdamW: Adam with decoupled weight decay, as `torch.optim.AdamW`."""

    fixed: ClassVar[Settings] = {"decoupled_weight_decay": True}
    functional = """
        params grads exp_avgs exp_avg_sqs max_exp_avg_sqs state_steps foreach
        capturable differentiable fused grad_scale found_inf has_complex * amsgrad
        beta1 beta2 lr weight_decay eps maximize
    """

    @takes_settings()
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
    """Adamax: divide by a decaying maximum of gradients, as `torch.optim.Adamax`."""

    spec = adamax.spec
    functional = """
        params grads exp_avgs exp_infs state_steps foreach maximize differentiable
        capturable has_complex * eps beta1 beta2 lr weight_decay
    """

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
    """NAdam: Adam with Nesterov momentum, as `torch.optim.NAdam`."""

    spec = nadam.spec
    writes = 2
    functional = """
        params grads exp_avgs exp_avg_sqs mu_products state_steps
        decoupled_weight_decay foreach capturable differentiable has_complex
        maximize * beta1 beta2 lr weight_decay momentum_decay eps
    """

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
    """RAdam: rectified Adam, as `torch.optim.RAdam`."""

    spec = radam.spec
    functional = """
        params grads exp_avgs exp_avg_sqs state_steps decoupled_weight_decay foreach
        differentiable capturable has_complex maximize * beta1 beta2 lr weight_decay
        eps
    """

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


class SparseAdam(UpdateOptimizer):
    """SparseAdam: Adam for sparse gradients, as `torch.optim.SparseAdam`."""

    checks = (LR, EPS, BETAS)
    file = "sparse_adam"

    @takes_settings()
    def __init__(
        self,
        params: ParamsT,
        lr: float | Tensor = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        maximize: bool = False,
    ) -> None: ...

    def _update(self) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                if p._grad is not None:
                    update_rows(p, p._grad, self.state[p], group)
