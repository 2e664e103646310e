"""Batch normalization folded into the layer before it, as `torch.nn.utils.fusion`."""

import copy
from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.parameter import Parameter


@explains_keywords
def fuse_conv_bn_eval(conv: Module, bn: Module, transpose: bool = False) -> Any:
    """A convolution that does what `conv` and then `bn` do in evaluation.

    Equals `torch.nn.utils.fuse_conv_bn_eval`; `transpose` says that it is a transposed
    one.
    """
    fused = _copied(conv, bn)
    fused.weight, fused.bias = fuse_conv_bn_weights(
        *(fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps),
        *(bn.weight, bn.bias, transpose),
    )
    return fused


@explains_keywords
def fuse_conv_bn_weights(
    conv_w: Tensor,
    conv_b: Tensor,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: float,
    bn_w: Tensor | None,
    bn_b: Tensor | None,
    transpose: bool = False,
) -> tuple[Parameter, Parameter]:
    """Weight and bias of the fused convolution."""
    scale = (bn_rv + bn_eps).rsqrt()
    scale = scale if bn_w is None else scale * bn_w
    shift = 0.0 if bn_b is None else bn_b
    shape = [1] * conv_w.dim()
    shape[1 if transpose else 0] = -1
    weight = (conv_w * scale.reshape(shape)).to(conv_w.dtype)
    return _parameters(conv_w, conv_b, weight, bn_rm, scale, shift)


@explains_keywords
def fuse_linear_bn_eval(linear: Module, bn: Module) -> Any:
    """An affine layer that does what `linear` and then `bn` do in evaluation."""
    fused = _copied(linear, bn)
    if bn.num_features not in (linear.out_features, 1):
        raise AssertionError(
            "To fuse, linear.out_features == bn.num_features or bn.num_features == 1, "
            f"got linear.out_features={linear.out_features} and "
            f"bn.num_features={bn.num_features}"
        )
    fused.weight, fused.bias = fuse_linear_bn_weights(
        *(fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps),
        *(bn.weight, bn.bias),
    )
    return fused


@explains_keywords
def fuse_linear_bn_weights(
    linear_w: Tensor,
    linear_b: Tensor | None,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: float,
    bn_w: Tensor,
    bn_b: Tensor,
) -> tuple[Parameter, Parameter]:
    """Weight and bias of the fused affine layer."""
    scale = bn_w * (bn_rv + bn_eps).rsqrt()
    weight = linear_w * scale.unsqueeze(-1).to(linear_w.dtype)
    return _parameters(linear_w, linear_b, weight, bn_rm, scale, bn_b)


def _copied(layer: Module, bn: Module) -> Any:
    if layer.training or bn.training:
        raise AssertionError("Fusion only for eval! Call .eval() on both first.")
    if bn.running_mean is None or bn.running_var is None:
        raise AssertionError(
            f"{bn} has no running_mean and running_var: it normalizes by each batch."
        )
    return copy.deepcopy(layer)


def _parameters(
    old_weight: Tensor,
    old_bias: Tensor | None,
    weight: Tensor,
    mean: Tensor,
    scale: Tensor,
    shift: Tensor | float,
) -> tuple[Parameter, Parameter]:
    """The new ones, which are learned if the old ones were."""
    start = 0.0 if old_bias is None else old_bias
    dtype = old_weight.dtype if old_bias is None else old_bias.dtype
    bias = ((start - mean) * scale + shift).to(dtype)
    trainable = old_bias is not None and old_bias.requires_grad
    return (
        Parameter(weight.detach(), old_weight.requires_grad),
        Parameter(bias.detach(), trainable),
    )


__all__ = [
    "fuse_conv_bn_eval",
    "fuse_conv_bn_weights",
    "fuse_linear_bn_eval",
    "fuse_linear_bn_weights",
]
