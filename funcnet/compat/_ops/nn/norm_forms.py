"""Norms as `torch.NAME`, where their arguments stand in another order."""

from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._ops.nn.norms import (
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
)
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.tensor import Tensor


@register("layer_norm", method=False)
def _torch_layer_norm(
    input: Tensor,
    normalized_shape: ShapeLike,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enable: bool = True,
) -> Tensor:
    """As `torch.layer_norm`; `cudnn_enable` says nothing here."""
    result: Tensor = layer_norm(input, normalized_shape, weight, bias, eps)
    return result


@register("group_norm", method=False)
def _torch_group_norm(
    input: Tensor,
    num_groups: int,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
    cudnn_enabled: bool = True,
) -> Tensor:
    """As `torch.group_norm`; `cudnn_enabled` says nothing here."""
    result: Tensor = group_norm(input, num_groups, weight, bias, eps)
    return result


@register("batch_norm", method=False)
def _torch_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """As `torch.batch_norm`; `cudnn_enabled` says nothing here."""
    running = (running_mean, running_var)
    return batch_norm(input, *running, weight, bias, training, momentum, eps)


@register("instance_norm", method=False)
def _torch_instance_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    use_input_stats: bool,
    momentum: float,
    eps: float,
    cudnn_enabled: bool,
) -> Tensor:
    """As `torch.instance_norm`; `cudnn_enabled` says nothing here."""
    running = (running_mean, running_var)
    return instance_norm(input, *running, weight, bias, use_input_stats, momentum, eps)
