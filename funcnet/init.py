"""Initial values of parameters: torch.nn.init as pure functions of a key.

Every function is called `(key, shape, ..., *, dtype="float32")` and returns a new array
of `shape`, so that any of them serves as the `init` of an `nn.Parameter`. Those that
draw nothing ignore the key. The distributions are PyTorch's;
the numbers are those of JAX's generators.
"""

import math
from typing import Literal

import jax
import jax.numpy as jnp

from funcnet._check import check_choice
from funcnet._errors import InputError
from funcnet._types import Array, DTypeLike, Key, Shape

__all__ = [
    "calculate_gain",
    "constant",
    "dirac",
    "eye",
    "kaiming_normal",
    "kaiming_uniform",
    "normal",
    "ones",
    "orthogonal",
    "sparse",
    "trunc_normal",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]

FanMode = Literal["fan_in", "fan_out"]

_GAINS = {
    "sigmoid": 1.0,
    "tanh": 5.0 / 3,
    "relu": math.sqrt(2.0),
    "selu": 0.75,
    **dict.fromkeys(("linear", "conv1d", "conv2d", "conv3d"), 1.0),
    **dict.fromkeys([f"conv_transpose{n}d" for n in (1, 2, 3)], 1.0),
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return the gain that preserves the variance through a nonlinearity.

    Equals `torch.nn.init.calculate_gain`; `param` is the slope of `leaky_relu` (0.01).

    Raises:
        InputError: the nonlinearity is unknown, or the slope is not a number.

    Example:
        >>> round(calculate_gain("relu"), 4)
        1.4142
    """
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, int | float):
            raise InputError("init.slope", name="calculate_gain", slope=slope)
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity not in _GAINS:
        known = ", ".join(sorted([*_GAINS, "leaky_relu"]))
        facts = {"nonlinearity": nonlinearity, "known": known}
        raise InputError("init.nonlinearity", name="calculate_gain", **facts)
    return _GAINS[nonlinearity]


def uniform(
    key: Key,
    shape: Shape,
    a: float = 0.0,
    b: float = 1.0,
    *,
    dtype: DTypeLike = "float32",
) -> Array:
    """Uniform distribution U(a, b), as `torch.nn.init.uniform_`.

    Example:
        >>> import jax
        >>> uniform(jax.random.key(0), (2, 3), -1.0, 1.0).shape
        (2, 3)
    """
    return jax.random.uniform(key, shape, dtype, a, b)


def normal(
    key: Key,
    shape: Shape,
    mean: float = 0.0,
    std: float = 1.0,
    *,
    dtype: DTypeLike = "float32",
) -> Array:
    """Normal distribution N(mean, std²), as `torch.nn.init.normal_`.

    Example:
        >>> import jax
        >>> normal(jax.random.key(0), (2, 3), std=0.02).shape
        (2, 3)
    """
    return jax.random.normal(key, shape, dtype) * std + mean


def trunc_normal(
    key: Key,
    shape: Shape,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    *,
    dtype: DTypeLike = "float32",
) -> Array:
    """Truncated normal distribution in [a, b], as `torch.nn.init.trunc_normal_`.

    That is N(mean, std²), restricted. The bounds are values, not multiples of `std`.

    Raises:
        InputError: `std` is not positive or `a` is not below `b`.

    Example:
        >>> import jax
        >>> x = trunc_normal(jax.random.key(0), (100,), std=5.0)
        >>> bool((abs(x) <= 2).all())
        True
    """
    if std <= 0 or a >= b:
        raise InputError("init.trunc_normal", name="trunc_normal", std=std, a=a, b=b)
    x = jax.random.truncated_normal(
        key, (a - mean) / std, (b - mean) / std, shape, dtype
    )
    return jnp.clip(x * std + mean, a, b)  # the product may round past a bound


def constant(
    key: Key, shape: Shape, val: float, *, dtype: DTypeLike = "float32"
) -> Array:
    """Fill with `val`, as `torch.nn.init.constant_`.

    Example:
        >>> import jax
        >>> constant(jax.random.key(0), (3,), 0.5).tolist()
        [0.5, 0.5, 0.5]
    """
    return jnp.full(shape, val, dtype)


def ones(key: Key, shape: Shape, *, dtype: DTypeLike = "float32") -> Array:
    """Fill with one, as `torch.nn.init.ones_`.

    Example:
        >>> import jax
        >>> ones(jax.random.key(0), (3,)).tolist()
        [1.0, 1.0, 1.0]
    """
    return jnp.ones(shape, dtype)


def zeros(key: Key, shape: Shape, *, dtype: DTypeLike = "float32") -> Array:
    """Fill with zero, as `torch.nn.init.zeros_`.

    Example:
        >>> import jax
        >>> zeros(jax.random.key(0), (3,)).tolist()
        [0.0, 0.0, 0.0]
    """
    return jnp.zeros(shape, dtype)


def eye(key: Key, shape: Shape, *, dtype: DTypeLike = "float32") -> Array:
    """Identity matrix, as `torch.nn.init.eye_`.

    Raises:
        InputError: the shape does not have 2 dimensions.

    Example:
        >>> import jax
        >>> eye(jax.random.key(0), (2, 3)).tolist()
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    """
    check_matrix("eye", shape)
    rows, columns = shape
    return jnp.eye(rows, columns, dtype=dtype)


def dirac(
    key: Key, shape: Shape, groups: int = 1, *, dtype: DTypeLike = "float32"
) -> Array:
    """Dirac delta: a convolution that preserves its input channels, as `init.dirac_`.

    In each group the first output channels repeat the input channels; if there are more
    outputs, the others are zero.

    Args:
        shape: `(out_channels, in_channels / groups, *kernel)`, kernel of 1 to 3.
        groups: of the convolution.

    Raises:
        InputError: the shape does not have 3, 4 or 5 dimensions, or its first
            dimension is not divisible by `groups`.

    Example:
        >>> import jax
        >>> dirac(jax.random.key(0), (2, 2, 3)).tolist()
        [[[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]
    """
    check_dirac(shape, groups)
    per_group = shape[0] // groups
    channels = jnp.arange(min(per_group, shape[1]))
    outputs = (
        jnp.arange(groups)[:, None] * per_group + channels[None]
    )  # (group, channel)
    inputs = jnp.broadcast_to(channels, outputs.shape)
    centre = tuple(size // 2 for size in shape[2:])
    return jnp.zeros(shape, dtype).at[(outputs, inputs, *centre)].set(1)


def xavier_uniform(
    key: Key, shape: Shape, gain: float = 1.0, *, dtype: DTypeLike = "float32"
) -> Array:
    """Xavier uniform: U(-b, b), `b = gain * sqrt(6 / (fan_in + fan_out))`.

    Equals `torch.nn.init.xavier_uniform_`. From Glorot and Bengio, "Understanding the
    difficulty of training deep feedforward neural networks" (2010),
    https://proceedings.mlr.press/v9/glorot10a.html.

    Raises:
        InputError: the shape has fewer than 2 dimensions.

    Example:
        >>> import jax
        >>> xavier_uniform(jax.random.key(0), (4, 3)).shape
        (4, 3)
    """
    bound = gain * math.sqrt(6.0 / max(sum(fans(shape)), 1))
    return uniform(key, shape, -bound, bound, dtype=dtype)


def xavier_normal(
    key: Key, shape: Shape, gain: float = 1.0, *, dtype: DTypeLike = "float32"
) -> Array:
    """Xavier normal: N(0, s²), `s = gain * sqrt(2 / (fan_in + fan_out))`.

    Equals `torch.nn.init.xavier_normal_`; the paper is that of `xavier_uniform`.

    Raises:
        InputError: the shape has fewer than 2 dimensions.

    Example:
        >>> import jax
        >>> xavier_normal(jax.random.key(0), (4, 3)).shape
        (4, 3)
    """
    std = gain * math.sqrt(2.0 / max(sum(fans(shape)), 1))
    return normal(key, shape, 0.0, std, dtype=dtype)


def kaiming_uniform(
    key: Key,
    shape: Shape,
    a: float = 0.0,
    mode: FanMode = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    dtype: DTypeLike = "float32",
) -> Array:
    """Kaiming uniform: U(-b, b), `b = gain * sqrt(3 / fan)`.

    Equals `torch.nn.init.kaiming_uniform_`. From He et al., "Delving deep into
    rectifiers" (2015), https://arxiv.org/abs/1502.01852.

    Args:
        a: negative slope of the `leaky_relu` that follows.
        mode: `"fan_in"` preserves the variance forward, `"fan_out"` backward.
        nonlinearity: what follows, by the names of `calculate_gain`.

    Raises:
        InputError: the shape has fewer than 2 dimensions, or a name is unknown.

    Example:
        >>> import jax
        >>> kaiming_uniform(jax.random.key(0), (4, 3), nonlinearity="relu").shape
        (4, 3)
    """
    bound = math.sqrt(3.0) * _kaiming_std(shape, a, mode, nonlinearity)
    return uniform(key, shape, -bound, bound, dtype=dtype)


def kaiming_normal(
    key: Key,
    shape: Shape,
    a: float = 0.0,
    mode: FanMode = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    dtype: DTypeLike = "float32",
) -> Array:
    """Kaiming normal: N(0, s²), `s = gain / sqrt(fan)`.

    Equals `torch.nn.init.kaiming_normal_`; arguments, errors and paper are those of
    `kaiming_uniform`.

    Example:
        >>> import jax
        >>> kaiming_normal(jax.random.key(0), (8, 3, 3, 3), mode="fan_out").shape
        (8, 3, 3, 3)
    """
    std = _kaiming_std(shape, a, mode, nonlinearity)
    return normal(key, shape, 0.0, std, dtype=dtype)


def orthogonal(
    key: Key, shape: Shape, gain: float = 1.0, *, dtype: DTypeLike = "float32"
) -> Array:
    """Orthogonal (or semi-orthogonal) matrix, as `torch.nn.init.orthogonal_`.

    It is distributed uniformly. Dimensions after the first are flattened to columns.
    From Saxe et al., "Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks" (2013), https://arxiv.org/abs/1312.6120.

    Raises:
        InputError: the shape has fewer than 2 dimensions.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> q = orthogonal(jax.random.key(0), (2, 4))
        >>> bool(jnp.allclose(q @ q.T, jnp.eye(2), atol=1e-5))
        True
    """
    check_orthogonal(shape)
    rows, columns = shape[0], math.prod(shape[1:])
    if rows * columns == 0:
        return jnp.zeros(shape, dtype)
    # The decomposition exists in single and double precision only.
    wide = jnp.float32 if jnp.finfo(dtype).bits < 32 else dtype
    tall = (max(rows, columns), min(rows, columns))
    q, r = jnp.linalg.qr(jax.random.normal(key, tall, wide))
    q = q * jnp.sign(jnp.diagonal(r))[None]  # makes the distribution uniform
    q = q.T if rows < columns else q
    return (gain * q).reshape(shape).astype(dtype)


def sparse(
    key: Key,
    shape: Shape,
    sparsity: float,
    std: float = 0.01,
    *,
    dtype: DTypeLike = "float32",
) -> Array:
    """Sparse matrix: N(0, std²) with a fraction of zeros, as `init.sparse_`.

    From Martens, "Deep learning via Hessian-free optimization" (2010),
    https://icml.cc/Conferences/2010/papers/458.pdf.

    Args:
        sparsity: the fraction of zeros in each column, rounded up to whole elements.

    Raises:
        InputError: the shape does not have 2 dimensions.

    Example:
        >>> import jax
        >>> x = sparse(jax.random.key(0), (10, 3), 0.25)
        >>> (x == 0).sum(0).tolist()
        [3, 3, 3]
    """
    check_matrix("sparse", shape)
    value_key, order_key = jax.random.split(key)
    positions = jnp.broadcast_to(jnp.arange(shape[0])[:, None], shape)
    order = jax.random.permutation(order_key, positions, axis=0, independent=True)
    zero = order < math.ceil(sparsity * shape[0])  # (row, column)
    return jnp.where(zero, 0, normal(value_key, shape, 0.0, std, dtype=dtype))


def check_matrix(name: str, shape: Shape) -> None:
    """Raise unless a shape is that of a matrix."""
    if len(shape) != 2:
        raise InputError("init.matrix", name=name, shape=tuple(shape))


def check_orthogonal(shape: Shape) -> None:
    """Raise unless a shape can be flattened to a matrix's."""
    if len(shape) < 2:
        raise InputError("init.orthogonal", name="orthogonal", shape=tuple(shape))


def check_dirac(shape: Shape, groups: int) -> None:
    """Raise unless a shape is that of a convolution's weight with these groups."""
    if len(shape) not in (3, 4, 5):
        raise InputError("init.dirac", name="dirac", shape=tuple(shape))
    if shape[0] % groups:
        facts = {"channels": shape[0], "groups": groups}
        raise InputError("init.groups", name="dirac", **facts)


def fans(shape: Shape) -> tuple[int, int]:
    """The numbers of inputs and of outputs of one unit, `(fan_in, fan_out)`."""
    if len(shape) < 2:
        raise InputError("init.fans", name="init", shape=tuple(shape))
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def _kaiming_std(shape: Shape, a: float, mode: str, nonlinearity: str) -> float:
    check_choice("kaiming", "mode", mode, ("fan_in", "fan_out"))
    fan = fans(shape)[mode == "fan_out"]
    return calculate_gain(nonlinearity, a) / math.sqrt(max(fan, 1))
