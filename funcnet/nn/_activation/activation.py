"""Smooth activations."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._check import check_choice
from funcnet.nn._function import FunctionLayer

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GLU",
    "SELU",
    "LogSigmoid",
    "Mish",
    "SiLU",
    "Sigmoid",
    "Softplus",
    "Softsign",
    "Tanh",
    "Tanhshrink",
]


@dataclass(frozen=True, repr=False)
class CELU(FunctionLayer, function=F.celu):
    """CELU: `x` or `alpha * (exp(x / alpha) - 1)`; equals `torch.nn.CELU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.CELU().apply({}, {}, jnp.array([0.0, 2.0]))[0].tolist()
        [0.0, 2.0]
    """

    alpha: float = 1.0


@dataclass(frozen=True, repr=False)
class ELU(FunctionLayer, function=F.elu):
    """ELU: `x` or `alpha * (exp(x) - 1)`; equals `torch.nn.ELU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.ELU().apply({}, {}, jnp.array([0.0, 2.0]))[0].tolist()
        [0.0, 2.0]
    """

    alpha: float = 1.0


@dataclass(frozen=True, repr=False)
class GELU(FunctionLayer, function=F.gelu):
    """Gaussian error linear unit: `x * Φ(x)`; equals `torch.nn.GELU`.

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


@dataclass(frozen=True, repr=False)
class GLU(FunctionLayer, function=F.glu):
    """Gated linear unit along the dimension `dim`; equals `torch.nn.GLU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.GLU().apply({}, {}, jnp.array([2.0, 0.0]))[0].tolist()
        [1.0]
    """

    dim: int = -1


class LogSigmoid(FunctionLayer, function=F.logsigmoid):
    """Log-sigmoid: `log(sigmoid(x))`; equals `torch.nn.LogSigmoid`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LogSigmoid().apply({}, {}, jnp.array([-200.0]))[0].tolist()
        [-200.0]
    """


class Mish(FunctionLayer, function=F.mish):
    """Mish: `x * tanh(softplus(x))`; equals `torch.nn.Mish`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Mish().apply({}, {}, jnp.array([0.0, 30.0]))[0].tolist()
        [0.0, 30.0]
    """


class SELU(FunctionLayer, function=F.selu):
    """Scaled ELU; equals `torch.nn.SELU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.SELU().apply({}, {}, jnp.array([0.0]))[0].tolist()
        [0.0]
    """


class SiLU(FunctionLayer, function=F.silu):
    """SiLU, or swish: `x * sigmoid(x)`; equals `torch.nn.SiLU`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.SiLU().apply({}, {}, jnp.array([0.0, 200.0]))[0].tolist()
        [0.0, 200.0]
    """


class Sigmoid(FunctionLayer, function=F.sigmoid):
    """Sigmoid: `1 / (1 + exp(-x))`; equals `torch.nn.Sigmoid`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Sigmoid().apply({}, {}, jnp.array([0.0]))[0].tolist()
        [0.5]
    """


@dataclass(frozen=True, repr=False)
class Softplus(FunctionLayer, function=F.softplus):
    """Softplus: `log(1 + exp(beta * x)) / beta`; equals `torch.nn.Softplus`.

    Where `beta * x` is greater than `threshold` the output is `x`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Softplus().apply({}, {}, jnp.array([200.0]))[0].tolist()
        [200.0]
    """

    beta: float = 1.0
    threshold: float = 20.0


class Softsign(FunctionLayer, function=F.softsign):
    """Softsign: `x / (1 + |x|)`; equals `torch.nn.Softsign`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Softsign().apply({}, {}, jnp.array([-1.0, 3.0]))[0].tolist()
        [-0.5, 0.75]
    """


class Tanh(FunctionLayer, function=F.tanh):
    """Hyperbolic tangent; equals `torch.nn.Tanh`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Tanh().apply({}, {}, jnp.array([0.0]))[0].tolist()
        [0.0]
    """


class Tanhshrink(FunctionLayer, function=F.tanhshrink):
    """Tanh shrinkage: `x - tanh(x)`; equals `torch.nn.Tanhshrink`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Tanhshrink().apply({}, {}, jnp.array([0.0]))[0].tolist()
        [0.0]
    """
