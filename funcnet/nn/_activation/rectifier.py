"""Activations made of straight pieces."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer


@dataclass(frozen=True, repr=False)
class Hardshrink(FunctionLayer):
    """Put 0 for what lies in `-lambd..lambd`; equals `torch.nn.Hardshrink`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Hardshrink().apply({}, {}, jnp.array([-1.0, 0.5]))[0].tolist()
        [-1.0, 0.0]
    """

    lambd: float = 0.5

    def compute(self, x: Array) -> Array:
        return F.hardshrink(x, self.lambd)


class Hardsigmoid(FunctionLayer):
    """Compute `relu6(x + 3) / 6`; equals `torch.nn.Hardsigmoid`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Hardsigmoid().apply({}, {}, jnp.array([-4.0, 0.0]))[0].tolist()
        [0.0, 0.5]
    """

    def compute(self, x: Array) -> Array:
        return F.hardsigmoid(x)


class Hardswish(FunctionLayer):
    """Compute `x * relu6(x + 3) / 6`; equals `torch.nn.Hardswish`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Hardswish().apply({}, {}, jnp.array([-4.0, 3.0]))[0].tolist()
        [-0.0, 3.0]
    """

    def compute(self, x: Array) -> Array:
        return F.hardswish(x)


@dataclass(frozen=True, repr=False)
class Hardtanh(FunctionLayer):
    """Limit to `min_val..max_val`; equals `torch.nn.Hardtanh`.

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

    def compute(self, x: Array) -> Array:
        return F.hardtanh(x, self.min_val, self.max_val)


@dataclass(frozen=True, repr=False)
class LeakyReLU(FunctionLayer):
    """Compute `x` or `negative_slope * x`; equals `torch.nn.LeakyReLU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LeakyReLU(0.5).apply({}, {}, jnp.array([-2.0, 2.0]))[0].tolist()
        [-1.0, 2.0]
    """

    negative_slope: float = 0.01

    def compute(self, x: Array) -> Array:
        return F.leaky_relu(x, self.negative_slope)


class ReLU(FunctionLayer):
    """Compute `max(x, 0)`; equals `torch.nn.ReLU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReLU().apply({}, {}, jnp.array([-1.0, 2.0]))[0].tolist()
        [0.0, 2.0]
    """

    def compute(self, x: Array) -> Array:
        return F.relu(x)


class ReLU6(FunctionLayer):
    """Compute `min(max(x, 0), 6)`; equals `torch.nn.ReLU6`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ReLU6().apply({}, {}, jnp.array([-1.0, 8.0]))[0].tolist()
        [0.0, 6.0]
    """

    def compute(self, x: Array) -> Array:
        return F.relu6(x)


@dataclass(frozen=True, repr=False)
class Softshrink(FunctionLayer):
    """Move towards 0 by `lambd`; equals `torch.nn.Softshrink`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Softshrink().apply({}, {}, jnp.array([-1.0, 0.5]))[0].tolist()
        [-0.5, 0.0]
    """

    lambd: float = 0.5

    def compute(self, x: Array) -> Array:
        return F.softshrink(x, self.lambd)


@dataclass(frozen=True, repr=False)
class Threshold(FunctionLayer):
    """Put `value` for what is not above `threshold`; equals `torch.nn.Threshold`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Threshold(1.0, 9.0).apply({}, {}, jnp.array([1.0, 2.0]))[0].tolist()
        [9.0, 2.0]
    """

    threshold: float
    value: float

    def compute(self, x: Array) -> Array:
        return F.threshold(x, self.threshold, self.value)
