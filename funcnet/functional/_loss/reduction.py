"""What all losses share: checks of their arguments, and the reduction at the end."""

import jax.numpy as jnp
import numpy as np

from funcnet._check import (
    check_choice,
    check_floating,
    check_same_dtype,
    is_concrete,
)
from funcnet._errors import InputError, InputTypeError
from funcnet._precision import upcast
from funcnet._types import Array, ArrayLike, Shape
from funcnet.functional._loss.parts import current

REDUCTIONS = ("none", "mean", "sum")


def reduce(
    name: str, loss: Array, reduction: str, weights: Array | None = None
) -> Array:
    """Reduce the losses of the elements to what `reduction` asks for.

    A mean divides by the sum of `weights`, by the number of elements without them.
    """
    check_choice(name, "reduction", reduction, REDUCTIONS)
    if reduction == "none":
        return loss
    part = current()
    if reduction == "sum":
        return jnp.sum(loss) if part is None else jnp.sum(loss) * part.scale
    if weights is None:
        return jnp.mean(loss)
    # float16 ends at 65504: a sum would overflow where the mean does not.
    divisor = jnp.sum(upcast(weights))
    if part is not None:
        divisor = part.divisor(divisor)
    return (jnp.sum(upcast(loss)) / divisor).astype(loss.dtype)


def real_arrays(name: str, **arrays: ArrayLike) -> list[Array]:
    """Return the arguments as arrays, all of one real floating-point dtype."""
    result = {what: jnp.asarray(x) for what, x in arrays.items()}
    for what, x in result.items():
        check_floating(name, x, what)
        if jnp.iscomplexobj(x):
            raise InputTypeError("loss.complex", name=name, what=what, dtype=x.dtype)
    check_same_dtype(name, **result)
    return list(result.values())


def matched_arrays(name: str, **arrays: ArrayLike) -> list[Array]:
    """Return the arguments as arrays of one real dtype and of one shape."""
    result = real_arrays(name, **arrays)
    check_same_shape(name, **dict(zip(arrays, result, strict=True)))
    return result


def check_same_shape(name: str, **arrays: Array) -> None:
    """Raise unless all arrays have the first one's shape; nothing is broadcast.

    PyTorch only warns, and `(n,)` against `(n, 1)` gives it the mean over all n² pairs:
    a number that looks like a loss and is none.
    """
    (first, x), *others = arrays.items()
    for what, y in others:
        if y.shape != x.shape:
            how = (
                f"{what}.reshape({x.shape})"
                if y.size == x.size
                else f"jnp.broadcast_to({what}, {x.shape}) if that is what you mean"
            )
            facts = {"first": first, "what": what, "shapes": (x.shape, y.shape)}
            raise InputError("loss.shapes", name=name, how=how, **facts)


def expand(name: str, what: str, x: Array, shape: Shape) -> Array:
    """Broadcast an argument to the loss's shape, or say why it cannot be."""
    try:
        return jnp.broadcast_to(x, shape)
    except ValueError:
        facts = {"what": what, "shape": x.shape, "input": tuple(shape)}
        raise InputError("loss.broadcast", name=name, **facts) from None


def clamp_at_zero(x: Array) -> Array:
    """Compute `max(x, 0)` with gradient 1 at 0, as PyTorch's clamp has it."""
    return jnp.where(x < 0, 0, x)


def poison(x: Array, bad: Array) -> Array:
    """Make elements NaN, and their gradients too, where `bad` holds."""
    return x * jnp.where(bad, jnp.asarray(jnp.nan, x.dtype), 1)


def check_signs(name: str, target: ArrayLike) -> Array:
    """Test where a target is neither 1 nor -1; raise where its values are known.

    PyTorch gives labels of 0 and 1 a loss of 0, or both losses at once.
    """
    known = is_concrete(target)
    signs = np.asarray(target) if known else jnp.asarray(target)
    bad = (signs != 1) & (signs != -1)
    if known and np.any(bad):
        raise InputError("loss.signs", name=name, value=signs[bad][0].item())
    return jnp.asarray(bad)
