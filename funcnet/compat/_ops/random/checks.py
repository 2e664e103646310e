"""What is checked before random numbers are drawn, in PyTorch's words."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet.compat._core.annotations import DType
from funcnet.compat._ops.checks import c_name


def check(holds: bool, message: str) -> None:
    """Raise RuntimeError unless a condition holds."""
    if not holds:
        raise RuntimeError(message)


def check_floating(dtype: DType, kernel: str) -> None:
    """Raise unless the dtype is floating point; PyTorch names what it would run."""
    check_implemented(dtype.is_floating_point and not dtype.is_float8, dtype, kernel)


def check_implemented(holds: bool, dtype: DType, kernel: str) -> None:
    """Raise NotImplementedError unless PyTorch has a kernel for a dtype."""
    if not holds:
        name = dtype.type_name
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{name}'")


def check_continuous(dtype: DType, distribution: str) -> None:
    """Raise unless the dtype can hold what is drawn from a continuous distribution."""
    check(
        dtype.is_floating_point,
        f"{distribution} distribution is a continuous probability distribution. dtype "
        f"must be a floating point but you specified {dtype.type_name}",
    )


def check_interval(low: float, high: float, dtype: DType) -> None:
    """Raise unless a floating-point dtype holds an interval and its length."""
    most = float(jnp.finfo(dtype.numpy).max)
    for name, end in (("from", low), ("to", high)):
        check(-most <= end <= most, f"{name} is out of bounds for {c_name(dtype)}")
    check(
        low <= high,
        "uniform_ expects to return a [from, to) range, but found "
        f"from={low:g} > to={high:g}",
    )
    check(
        high - low <= most,
        f"uniform_ expects to-from <= std::numeric_limits<{dtype.type_name}>::max(), "
        f"but found to={high:g} and from={low:g} which result in to-from to exceed the "
        "limit",
    )


def checked_size(size: Any) -> tuple[int, ...]:
    """A shape that was given as numbers or as one sequence of them."""
    if isinstance(size, int):
        size = (size,)
    if len(size) == 1 and not isinstance(size[0], int | np.integer):
        size = size[0] if hasattr(size[0], "__len__") else size
    shape = tuple([int(n) for n in size])
    for n in shape:
        text = f"Trying to create tensor with negative dimension {n}: {list(shape)}"
        check(n >= 0, text)
    return shape


def checked_range(low: int, high: int, dtype: DType) -> tuple[int, int]:
    """The ends of a range of integers that a dtype must hold."""
    check(
        not dtype.is_complex,
        "check_random_bounds handles only integral, floating-point and boolean types",
    )
    check_implemented(not dtype.is_float8, dtype, "random_update_from_to")
    name = c_name(dtype)
    if dtype.name == "float16":
        most = int(np.finfo(np.float16).max)
        check(low >= -most, f"from is out of bounds for {name}")
        check(high - 1 <= most, f"to - 1 is out of bounds for {name}")
    if dtype.is_floating_point:
        low, high = _rounded(low, high, dtype)
    check(
        low < high,
        f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}",
    )
    if not dtype.is_floating_point:
        boolean = dtype.name == "bool"
        least, most = (0, 1) if boolean else (np.iinfo(dtype.numpy).min, 0)
        most = most or int(np.iinfo(dtype.numpy).max)
        check(least <= low <= most, f"from is out of bounds for {name}")
        check(least <= high - 1 <= most, f"to - 1 is out of bounds for {name}")
    return low, high


def _rounded(low: int, high: int, dtype: DType) -> tuple[int, int]:
    """The ends moved inwards to numbers that a floating-point dtype can tell apart."""
    digits = {"float64": 53, "float32": 24, "float16": 11}.get(dtype.name, 8)
    after = int(dtype.numpy.type(low + 1))
    if after < low:
        low = after + (1 << (abs(low + 1).bit_length() - digits))
    before = int(dtype.numpy.type(high - 1))
    if before >= high:
        high = before - (1 << (abs(high - 1).bit_length() - digits))
    return low, high


def check_multinomial(
    weights: np.ndarray, dtype: DType, samples: int, replacement: bool
) -> None:
    """Raise unless these can be the weights of a draw."""
    check(
        dtype.is_floating_point,
        "multinomial only supports floating-point dtypes for input, got: "
        f"{dtype.type_name}",
    )
    check(weights.ndim in (1, 2), "prob_dist must be 1 or 2 dim")
    check(samples > 0, "cannot sample n_sample <= 0 samples")
    check(
        replacement or samples <= weights.shape[-1],
        "cannot sample n_sample > prob_dist.size(-1) samples without replacement",
    )
    check(
        bool((weights >= 0).all() and (weights < np.inf).all()),
        "probability tensor contains either `inf`, `nan` or element < 0",
    )
    check(
        bool((weights.sum(-1) > 0).all()),
        "invalid multinomial distribution (sum of probabilities <= 0)",
    )
