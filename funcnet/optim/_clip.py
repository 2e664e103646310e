"""Clipping of gradients by norm and by value."""

from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp

from funcnet._check import is_concrete
from funcnet._errors import InputError
from funcnet._precision import upcast
from funcnet._types import Array, Params
from funcnet.optim._optax import stateless

__all__ = ["clip_by_norm", "clip_by_value", "clip_grad_norm", "clip_grad_value"]

if TYPE_CHECKING:
    import optax


def clip_grad_norm(
    grads: Params,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> tuple[Params, Array]:
    """Clip gradients by their total norm; equals `nn.utils.clip_grad_norm_`.

    The factor is `max_norm / (total_norm + 1e-6)` where that is below one, as in
    PyTorch; `optax.clip_by_global_norm` divides by the norm alone.

    Args:
        grads: a tree of gradients.
        max_norm: the largest norm allowed.
        norm_type: p of the p-norm; may be `math.inf`.
        error_if_nonfinite: raise if the norm is infinite or NaN. Under `jax.jit` that
            cannot be checked: test the norm that is returned.

    Returns:
        `(clipped gradients, total norm before clipping)`.

    Raises:
        InputError: the norm is not finite, and `error_if_nonfinite` is set.

    Example:
        >>> import jax.numpy as jnp
        >>> grads, norm = clip_grad_norm({"x": jnp.array([3.0, 4.0])}, 1.0)
        >>> float(norm)
        5.0
    """
    leaves, structure = jax.tree.flatten(grads)
    if not leaves:
        return grads, jnp.zeros(())
    dtype = max((leaf.dtype for leaf in leaves), key=lambda dtype: dtype.itemsize)
    wide = jnp.float64 if dtype.itemsize > 4 else jnp.float32
    norms = jnp.stack([_norm(leaf, norm_type).astype(wide) for leaf in leaves])
    total = _norm(norms, norm_type)
    if error_if_nonfinite and is_concrete(total) and not bool(jnp.isfinite(total)):
        raise InputError(
            f"The total norm of order {norm_type} for gradients from `parameters` is "
            "non-finite, so it cannot be clipped. Set error_if_nonfinite=False to "
            "scale the gradients by it anyway."
        )
    scale = jnp.minimum(max_norm / (total + 1e-6), 1.0)
    clipped = [_scaled(leaf, scale) for leaf in leaves]
    return jax.tree.unflatten(structure, clipped), total.astype(dtype)


def clip_grad_value(grads: Params, clip_value: float) -> Params:
    """Clip gradients by value; equals `nn.utils.clip_grad_value_`.

    Each element is clipped to [-clip_value, clip_value].

    Example:
        >>> import jax.numpy as jnp
        >>> clip_grad_value({"x": jnp.array([3.0, -4.0])}, 1.0)["x"].tolist()
        [1.0, -1.0]
    """
    return jax.tree.map(lambda g: jnp.clip(g, -clip_value, clip_value), grads)


def clip_by_norm(
    max_norm: float, norm_type: float = 2.0
) -> "optax.GradientTransformation":
    """Gradient clipping by norm, as a transformation before an optimizer in a chain.

    Example:
        >>> import optax
        >>> from funcnet import optim
        >>> optimizer = optax.chain(clip_by_norm(1.0), optim.sgd(0.1))
    """
    return stateless(lambda grads: clip_grad_norm(grads, max_norm, norm_type)[0])


def clip_by_value(clip_value: float) -> "optax.GradientTransformation":
    """Gradient clipping by value, as a transformation before an optimizer in a chain.

    Example:
        >>> import optax
        >>> from funcnet import optim
        >>> optimizer = optax.chain(clip_by_value(0.5), optim.sgd(0.1))
    """
    return stateless(lambda grads: clip_grad_value(grads, clip_value))


def _norm(x: Array, order: float) -> Array:
    """The p-norm of all elements, in at least single precision."""
    x = jnp.abs(upcast(x))
    if order == float("inf"):
        return jnp.max(x, initial=0)
    if order == float("-inf"):
        return jnp.min(x)
    if order == 0:
        return jnp.sum(x != 0).astype(x.dtype)
    if order == 2:
        return jnp.sqrt(jnp.sum(x * x))
    if order == 1:
        return jnp.sum(x)
    return jnp.sum(x**order) ** (1 / order)


def _scaled(grad: Array, scale: Array) -> Array:
    wide = upcast(grad)
    return (wide * scale.astype(wide.dtype)).astype(grad.dtype)
