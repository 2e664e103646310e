"""Smooth activations."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._check import check_choice
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer


@dataclass(frozen=True, repr=False)
class CELU(FunctionLayer):
    """Compute `x` or `alpha * (exp(x / alpha) - 1)`; equals `torch.nn.CELU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.CELU().apply({}, {}, jnp.array([0.0, 2.0]))[0].tolist()
        [0.0, 2.0]
    """

    alpha: float = 1.0

    def compute(self, x: Array) -> Array:
        return F.celu(x, self.alpha)


@dataclass(frozen=True, repr=False)
class ELU(FunctionLayer):
    """Compute `x` or `alpha * (exp(x) - 1)`; equals `torch.nn.ELU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ELU().apply({}, {}, jnp.array([0.0, 2.0]))[0].tolist()
        [0.0, 2.0]
    """

    alpha: float = 1.0

    def compute(self, x: Array) -> Array:
        return F.elu(x, self.alpha)


@dataclass(frozen=True, repr=False)
class GELU(FunctionLayer):
    """Compute `x * Φ(x)`; equals `torch.nn.GELU`.

    `approximate` is "none" or "tanh".

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.GELU().apply({}, {}, jnp.array([0.0, 9.0]))[0].tolist()
        [0.0, 9.0]
    """

    approximate: str = "none"

    def __post_init__(self) -> None:
        check_choice("GELU", "approximate", self.approximate, ("none", "tanh"))

    def compute(self, x: Array) -> Array:
        return F.gelu(x, self.approximate)


@dataclass(frozen=True, repr=False)
class GLU(FunctionLayer):
    """Gate one half of the dimension `dim` with the other; equals `torch.nn.GLU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.GLU().apply({}, {}, jnp.array([2.0, 0.0]))[0].tolist()
        [1.0]
    """

    dim: int = -1

    def compute(self, x: Array) -> Array:
        return F.glu(x, self.dim)


class LogSigmoid(FunctionLayer):
    """Compute `log(sigmoid(x))`; equals `torch.nn.LogSigmoid`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LogSigmoid().apply({}, {}, jnp.array([-200.0]))[0].tolist()
        [-200.0]
    """

    def compute(self, x: Array) -> Array:
        return F.logsigmoid(x)


class Mish(FunctionLayer):
    """Compute `x * tanh(softplus(x))`; equals `torch.nn.Mish`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Mish().apply({}, {}, jnp.array([0.0, 30.0]))[0].tolist()
        [0.0, 30.0]
    """

    def compute(self, x: Array) -> Array:
        return F.mish(x)


class SELU(FunctionLayer):
    """Compute the scaled ELU; equals `torch.nn.SELU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.SELU().apply({}, {}, jnp.array([0.0]))[0].tolist()
        [0.0]
    """

    def compute(self, x: Array) -> Array:
        return F.selu(x)


class SiLU(FunctionLayer):
    """Compute `x * sigmoid(x)`; equals `torch.nn.SiLU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.SiLU().apply({}, {}, jnp.array([0.0, 200.0]))[0].tolist()
        [0.0, 200.0]
    """

    def compute(self, x: Array) -> Array:
        return F.silu(x)


class Sigmoid(FunctionLayer):
    """Compute `1 / (1 + exp(-x))`; equals `torch.nn.Sigmoid`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Sigmoid().apply({}, {}, jnp.array([0.0]))[0].tolist()
        [0.5]
    """

    def compute(self, x: Array) -> Array:
        return F.sigmoid(x)


@dataclass(frozen=True, repr=False)
class Softplus(FunctionLayer):
    """Compute `log(1 + exp(beta * x)) / beta`; equals `torch.nn.Softplus`.

    Where `beta * x` is greater than `threshold` the output is `x`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Softplus().apply({}, {}, jnp.array([200.0]))[0].tolist()
        [200.0]
    """

    beta: float = 1.0
    threshold: float = 20.0

    def compute(self, x: Array) -> Array:
        return F.softplus(x, self.beta, self.threshold)


class Softsign(FunctionLayer):
    """Compute `x / (1 + |x|)`; equals `torch.nn.Softsign`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Softsign().apply({}, {}, jnp.array([-1.0, 3.0]))[0].tolist()
        [-0.5, 0.75]
    """

    def compute(self, x: Array) -> Array:
        return F.softsign(x)


class Tanh(FunctionLayer):
    """Compute the hyperbolic tangent; equals `torch.nn.Tanh`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Tanh().apply({}, {}, jnp.array([0.0]))[0].tolist()
        [0.0]
    """

    def compute(self, x: Array) -> Array:
        return F.tanh(x)


class Tanhshrink(FunctionLayer):
    """Compute `x - tanh(x)`; equals `torch.nn.Tanhshrink`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Tanhshrink().apply({}, {}, jnp.array([0.0]))[0].tolist()
        [0.0]
    """

    def compute(self, x: Array) -> Array:
        return F.tanhshrink(x)
