"""Initial values of parameters, drawn as PyTorch draws them, as `torch.nn.init`.

Each function fills a tensor in place, on the host, and returns it. The names without
the trailing underscore are those of an early PyTorch.
"""

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from funcnet import _random
from funcnet import init as native
from funcnet._random import Engine
from funcnet.compat._core.context import no_grad
from funcnet.compat._core.narrow_kernels import check_kernel
from funcnet.compat._engine import graph as _graph
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._messages.translate import translated
from funcnet.compat._ops import METHODS
from funcnet.compat._ops.random.sampling import randn, randperm
from funcnet.compat._ops.registry import register
from funcnet.compat._random.generator import Generator, engine_of
from funcnet.compat._tensor.tensor import Tensor

_uniform_, _normal_ = METHODS["uniform_"], METHODS["normal_"]


@explains_keywords
@translated
def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return the gain that keeps the variance through a nonlinearity.

    `param` is the negative slope of `"leaky_relu"`.
    """
    return native.calculate_gain(nonlinearity, param)


@register("nn.init.uniform_")
def uniform_(
    tensor: Tensor, a: float = 0.0, b: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Fill with values of the uniform distribution over `[a, b)`."""
    with no_grad():
        return _uniform_(tensor, a, b, generator=generator)


@register("nn.init.normal_")
def normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with values of a normal distribution."""
    with no_grad():
        return _normal_(tensor, mean, std, generator=generator)


@register("nn.init.trunc_normal_")
def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with values of a normal distribution truncated to `[a, b]`."""
    if (mean < a - 2 * std) or (mean > b + 2 * std):
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The "
            "distribution of values may be incorrect.",
            stacklevel=outside(),
        )
    check_kernel("normal_kernel_cpu", tensor)
    dtype, count = tensor.dtype.numpy, math.prod(tensor.shape)
    engine = engine_of(generator)
    low, high = (
        (1.0 + math.erf((x - mean) / std / math.sqrt(2.0))) / 2 for x in (a, b)
    )
    drawn = _redrawn if high - low > 0.3 else _accepted
    result = drawn(engine, count, dtype, mean, std, a, b)
    return _put(tensor, result.reshape(tensor.shape))


def _redrawn(
    engine: Engine, count: int, dtype: Any, mean: float, std: float, a: float, b: float
) -> np.ndarray:
    """Draw normal numbers again where they are outside."""
    result = _random.normal(engine, count, dtype, mean, std)
    low, high = dtype.type(a), dtype.type(b)
    while True:
        outside = (result < low) | (result > high)
        if not outside.any():
            return result
        again = _random.normal(engine, count, dtype, mean, std)
        result = np.where(outside, again, result)


def _accepted(
    engine: Engine, count: int, dtype: Any, mean: float, std: float, a: float, b: float
) -> np.ndarray:
    """Draw uniform numbers, and again where they fail to fall below the density."""
    peak = -0.5 * ((max(a, min(mean, b)) - mean) / std) ** 2
    result, waiting = np.empty(count, dtype), np.ones(count, bool)
    while waiting.any():
        drawn = _random.uniform(engine, count, dtype, a, b)
        result = np.where(waiting, drawn, result)
        scaled = (drawn - dtype.type(mean)) / dtype.type(std)
        log_density = scaled * scaled * dtype.type(-0.5) - dtype.type(peak)
        with np.errstate(divide="ignore"):
            height = np.log(_random.uniform(engine, count, dtype))
        waiting &= height > log_density
    return result


@register("nn.init.constant_")
def constant_(tensor: Tensor, val: float) -> Tensor:
    """Fill with a constant."""
    return _put(tensor, np.full(tensor.shape, val, tensor.dtype.numpy))


@register("nn.init.ones_")
def ones_(tensor: Tensor) -> Tensor:
    """Fill with ones."""
    return constant_(tensor, 1.0)


@register("nn.init.zeros_")
def zeros_(tensor: Tensor) -> Tensor:
    """Fill with zeros."""
    return constant_(tensor, 0.0)


@register("nn.init.eye_")
@translated
def eye_(tensor: Tensor) -> Tensor:
    """Fill a matrix with the identity."""
    native.check_matrix("eye", tensor.shape)
    return _put(tensor, np.eye(*tensor.shape, dtype=tensor.dtype.numpy))


@register("nn.init.dirac_")
@translated
def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Fill the weight of a convolution with Dirac deltas, which preserve its input."""
    shape = tuple(tensor.shape)
    native.check_dirac(shape, groups)
    weight = np.zeros(shape, tensor.dtype.numpy)
    outputs = shape[0] // groups
    middle = tuple(size // 2 for size in shape[2:])
    for group in range(groups):
        for channel in range(min(outputs, shape[1])):
            weight[(group * outputs + channel, channel, *middle)] = 1
    return _put(tensor, weight)


@register("nn.init.xavier_uniform_")
def xavier_uniform_(
    tensor: Tensor, gain: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Xavier initialization: uniform, of variance `2 gain² / (fan_in + fan_out)`.

    From Glorot and Bengio, "Understanding the difficulty of training deep feedforward
    neural networks" (2010), https://proceedings.mlr.press/v9/glorot10a.html.
    """
    std = gain * math.sqrt(2.0 / float(sum(_calculate_fan_in_and_fan_out(tensor))))
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


@register("nn.init.xavier_normal_")
def xavier_normal_(
    tensor: Tensor, gain: float = 1.0, generator: Generator | None = None
) -> Tensor:
    """Xavier initialization: normal, of variance `2 gain² / (fan_in + fan_out)`."""
    std = gain * math.sqrt(2.0 / float(sum(_calculate_fan_in_and_fan_out(tensor))))
    return normal_(tensor, 0.0, std, generator)


@register("nn.init.kaiming_uniform_")
def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Kaiming initialization: uniform, of variance `gain² / fan`.

    From He et al., "Delving deep into rectifiers" (2015),
    https://arxiv.org/abs/1502.01852.
    """
    if _is_empty(tensor):
        return tensor
    bound = math.sqrt(3.0) * _kaiming_std(tensor, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, generator)


@register("nn.init.kaiming_normal_")
def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Kaiming initialization: normal, of variance `gain² / fan`."""
    if _is_empty(tensor):
        return tensor
    std = _kaiming_std(tensor, a, mode, nonlinearity)
    return normal_(tensor, 0.0, std, generator)


@register("nn.init.orthogonal_")
@translated
def orthogonal_(
    tensor: Tensor, gain: float = 1, generator: Generator | None = None
) -> Tensor:
    """Orthogonal initialization: orthonormal rows or columns, times `gain`.

    Dimensions after the first are flattened. From Saxe et al., "Exact solutions to the
    nonlinear dynamics of learning in deep linear neural networks" (2013),
    https://arxiv.org/abs/1312.6120.
    """
    native.check_orthogonal(tensor.shape)
    if 0 in tensor.shape:
        return tensor
    rows = tensor.shape[0]
    columns = math.prod(tensor.shape[1:])
    drawn = randn(rows, columns, dtype=tensor.dtype, generator=generator)
    matrix = np.asarray(drawn._array())
    q, r = np.linalg.qr(matrix.T if rows < columns else matrix)
    q = q * np.sign(np.diag(r))
    q = (q.T if rows < columns else q).reshape(tensor.shape)
    return _put(tensor, q * q.dtype.type(gain))


@register("nn.init.sparse_")
@translated
def sparse_(
    tensor: Tensor,
    sparsity: float,
    std: float = 0.01,
    generator: Generator | None = None,
) -> Tensor:
    """Sparse initialization: normal values, with zeros for a part of each column."""
    native.check_matrix("sparse", tensor.shape)
    rows, columns = tensor.shape
    normal_(tensor, 0, std, generator)
    weight = np.array(tensor._array())
    for column in range(columns):
        order = randperm(rows)._array()
        weight[order[: math.ceil(sparsity * rows)], column] = 0
    return _put(tensor, weight)


def _put(tensor: Tensor, array: np.ndarray) -> Tensor:
    with no_grad():
        tensor._write(_graph.constant(np.asarray(array, order="C"), tensor.device))
    return tensor


@translated
def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """How many inputs reach an output of a weight, and how many outputs an input."""
    return native.fans(tensor.shape)


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    mode = mode.lower()
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(
            f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']"
        )
    return _calculate_fan_in_and_fan_out(tensor)[mode == "fan_out"]


def _kaiming_std(tensor: Tensor, a: float, mode: str, nonlinearity: str) -> float:
    fan = _calculate_correct_fan(tensor, mode)
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)


def _is_empty(tensor: Tensor) -> bool:
    if 0 not in tensor.shape:
        return False
    warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=outside())
    return True


def _old(new: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """The name that a function had before PyTorch 0.4."""
    name = new.__name__

    def old(*args: object, **kwargs: object) -> Tensor:
        warnings.warn(
            f"`nn.init.{name[:-1]}` is now deprecated in favor of `nn.init.{name}`.",
            FutureWarning,
            stacklevel=outside(),
        )
        return new(*args, **kwargs)

    old.__name__ = old.__qualname__ = name[:-1]
    old.__doc__ = f"`{name}` under its old name."
    return old


uniform = _old(uniform_)
normal = _old(normal_)
constant = _old(constant_)
eye = _old(eye_)
dirac = _old(dirac_)
xavier_uniform = _old(xavier_uniform_)
xavier_normal = _old(xavier_normal_)
kaiming_uniform = _old(kaiming_uniform_)
kaiming_normal = _old(kaiming_normal_)
orthogonal = _old(orthogonal_)
sparse = _old(sparse_)


__all__ = [
    "calculate_gain",
    "constant",
    "constant_",
    "dirac",
    "dirac_",
    "eye",
    "eye_",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "normal",
    "normal_",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "sparse",
    "sparse_",
    "trunc_normal_",
    "uniform",
    "uniform_",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros_",
]
