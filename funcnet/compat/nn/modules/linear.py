"""Affine layers, as `torch.nn.modules.linear`."""

import math
from typing import Any

from funcnet import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn import init
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.module import Module


class Identity(Module):
    """Identity, as `torch.nn.Identity`; any arguments are accepted."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__()

    def forward(self, input: object) -> Any:
        """Return the input."""
        return input


class Linear(NativeModule):
    """Linear layer: `x @ weight.T + bias`, as `torch.nn.Linear`."""

    native_class = nn.Linear
    repr_fields = "in_features out_features bias"
    optional = ("bias",)

    def reset_parameters(self) -> None:
        """Draw weight and bias from U(-b, b), b = 1 / sqrt(in_features)."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def _formula(self, input: Tensor) -> Any:
        return F.linear(input, self.weight, self.bias)


class NonDynamicallyQuantizableLinear(Linear):
    """A `Linear` under the name it has inside attention layers."""


class Bilinear(NativeModule):
    """Bilinear layer: `x1 @ weight[k] @ x2 + bias[k]`, as `torch.nn.Bilinear`."""

    native_class = nn.Bilinear
    repr_fields = "in1_features in2_features out_features bias"
    optional = ("bias",)

    def reset_parameters(self) -> None:
        """Draw weight and bias from U(-b, b), b = 1 / sqrt(in1_features)."""
        bound = 1 / math.sqrt(self.weight.size(1))
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Any:
        """Compute the layer's output."""
        return self._run((input1, input2))

    def _formula(self, input1: Tensor, input2: Tensor) -> Any:
        return F.bilinear(input1, input2, self.weight, self.bias)


__all__ = [
    "Bilinear",
    "Identity",
    "Linear",
]
