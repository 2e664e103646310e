"""Activations made of straight pieces."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._errors import InputError
from funcnet.nn._function import FunctionLayer

__all__ = [
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "LeakyReLU",
    "ReLU",
    "ReLU6",
    "Softshrink",
    "Threshold",
]


@dataclass(frozen=True, repr=False)
class Hardshrink(FunctionLayer, function=F.hardshrink):
    """Hard shrinkage: 0 inside `-lambd..lambd`; equals `torch.nn.Hardshrink`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Hardshrink().apply({}, {}, jnp.array([-1.0, 0.5]))[0].tolist()
        [-1.0, 0.0]
    """

    lambd: float = 0.5


class Hardsigmoid(FunctionLayer, function=F.hardsigmoid):
    """Hard sigmoid: `relu6(x + 3) / 6`; equals `torch.nn.Hardsigmoid`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Hardsigmoid().apply({}, {}, jnp.array([-4.0, 0.0]))[0].tolist()
        [0.0, 0.5]
    """


class Hardswish(FunctionLayer, function=F.hardswish):
    """Hard swish: `x * relu6(x + 3) / 6`; equals `torch.nn.Hardswish`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Hardswish().apply({}, {}, jnp.array([-4.0, 3.0]))[0].tolist()
        [-0.0, 3.0]
    """


@dataclass(frozen=True, repr=False)
class Hardtanh(FunctionLayer, function=F.hardtanh):
    """Hard tanh: clip to `min_val..max_val`; equals `torch.nn.Hardtanh`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Hardtanh().apply({}, {}, jnp.array([-3.0, 0.5]))[0].tolist()
        [-1.0, 0.5]
    """

    min_val: float = -1.0
    max_val: float = 1.0

    def __post_init__(self) -> None:
        if self.min_val >= self.max_val:
            facts = {"min_val": self.min_val, "max_val": self.max_val}
            raise InputError("hardtanh.order", name="Hardtanh", **facts)


@dataclass(frozen=True, repr=False)
class LeakyReLU(FunctionLayer, function=F.leaky_relu):
    """Leaky ReLU: `x` or `negative_slope * x`; equals `torch.nn.LeakyReLU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LeakyReLU(0.5).apply({}, {}, jnp.array([-2.0, 2.0]))[0].tolist()
        [-1.0, 2.0]
    """

    negative_slope: float = 0.01


class ReLU(FunctionLayer, function=F.relu):
    """ReLU: `max(x, 0)`; equals `torch.nn.ReLU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReLU().apply({}, {}, jnp.array([-1.0, 2.0]))[0].tolist()
        [0.0, 2.0]
    """


class ReLU6(FunctionLayer, function=F.relu6):
    """ReLU6: `min(max(x, 0), 6)`; equals `torch.nn.ReLU6`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReLU6().apply({}, {}, jnp.array([-1.0, 8.0]))[0].tolist()
        [0.0, 6.0]
    """


@dataclass(frozen=True, repr=False)
class Softshrink(FunctionLayer, function=F.softshrink):
    """Soft shrinkage: move towards 0 by `lambd`; equals `torch.nn.Softshrink`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Softshrink().apply({}, {}, jnp.array([-1.0, 0.5]))[0].tolist()
        [-0.5, 0.0]
    """

    lambd: float = 0.5


@dataclass(frozen=True, repr=False)
class Threshold(FunctionLayer, function=F.threshold):
    """Threshold: `value` where not above `threshold`; equals `torch.nn.Threshold`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Threshold(1.0, 9.0).apply({}, {}, jnp.array([1.0, 2.0]))[0].tolist()
        [9.0, 2.0]
    """

    threshold: float
    value: float
