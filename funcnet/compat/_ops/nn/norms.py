"""Norms; those with running statistics write them in place, as PyTorch does."""

from typing import Any

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.annotations import Dims
from funcnet.compat._core.context import is_grad_enabled, no_grad
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._ops.checks import dimensions
from funcnet.compat._ops.nn.inplace import native_operation
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.recording import ScalarInput
from funcnet.compat._tensor.tensor import Tensor

layer_norm = native_operation("layer_norm")
group_norm = native_operation("group_norm", strides=ResultStrides.CHANNELS_LAST)
native_operation("rms_norm", "rms_norm", strides=ResultStrides.AS_FIRST_INPUT)
native_operation("local_response_norm", strides=ResultStrides.CHANNELS_LAST)


@operation("nn.functional.normalize", strides=ResultStrides.AS_FIRST_INPUT)
def normalize(input: Array, p: float = 2.0, dim: Dims = 1, eps: float = 1e-12) -> Any:
    """Divide by the p-norm along `dim`, as `torch.nn.functional.normalize`."""
    dimensions(dim, input.ndim)
    return F.normalize(input, p, dim, eps)


# --- with running statistics -------------------------------------------------------


@recorded("nn.functional.batch_norm", strides=ResultStrides.CHANNELS_LAST)
def _batch_norm(
    input: Array,
    running_mean: Array | None,
    running_var: Array | None,
    weight: Array | None,
    bias: Array | None,
    training: bool,
    momentum: float | Array,
    eps: float,
) -> Any:
    result = F.batch_norm(
        input, running_mean, running_var, weight, bias, training, momentum, eps
    )
    return result if training and running_mean is not None else result[0]


@register("nn.functional.batch_norm")
def batch_norm(
    input: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Normalise channels over the batch, as `torch.nn.functional.batch_norm`.

    In training `running_mean` and `running_var` are updated in place.
    """
    running = (running_mean, running_var)
    _check_running(running, training)
    result = _batch_norm(
        input, *running, weight, bias, bool(training), ScalarInput(momentum), eps
    )
    return _updated(result, running)


@recorded("nn.functional.instance_norm")
def _instance_norm(
    input: Array,
    running_mean: Array,
    running_var: Array,
    weight: Array,
    bias: Array,
    use_input_stats: bool,
    momentum: float,
    eps: float,
) -> Any:
    running = (running_mean, running_var)
    result = F.instance_norm(
        input, *running, weight, bias, use_input_stats, momentum, eps
    )
    return result if use_input_stats and running_mean is not None else result[0]


@register("nn.functional.instance_norm")
def instance_norm(
    input: Tensor,
    running_mean: Tensor | None = None,
    running_var: Tensor | None = None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """Normalise the channels of each sample, as `torch.nn.functional.instance_norm`.

    With `use_input_stats`, `running_mean` and `running_var` are updated in place.
    """
    running = (running_mean, running_var)
    _check_running(running, use_input_stats)
    result = _instance_norm(
        input, *running, weight, bias, use_input_stats, ScalarInput(momentum), eps
    )
    return _updated(result, running)


def _check_running(running: tuple[Tensor | None, Tensor | None], updated: bool) -> None:
    for name, statistic in zip(("running_mean", "running_var"), running, strict=True):
        if statistic is not None and statistic.requires_grad and is_grad_enabled():
            raise RuntimeError(
                "The function 'native_batch_norm' is not differentiable with respect "
                f"to argument '{name}'. This input cannot have requires_grad True."
            )
    if updated and (running[0] is None) != (running[1] is None):
        raise ValueError(
            "running_mean and running_var must either both be None or neither be None"
        )


def _updated(result: Any, running: tuple[Tensor | None, Tensor | None]) -> Tensor:
    """Write the new statistics, if there are any; return what was normalised."""
    if isinstance(result, Tensor):
        return result
    y: Tensor = result[0]
    with no_grad():
        for statistic, new in zip(running, result[1:], strict=True):
            if statistic is not None:
                statistic._write_uncounted(new._value())
    return y
