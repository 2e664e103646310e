"""Bessel and Airy functions, which have no gradient in PyTorch either."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy import special

from funcnet._types import Array
from funcnet.compat._ops.promote import floating
from funcnet.compat._ops.registry import elementwise


def _on_host(name: str) -> Callable[[Any], Any]:
    """SciPy's function of a name inside a program; it is called on the host."""

    def called(x: Any) -> Any:
        def compute(array: Any) -> Any:
            from scipy import special as functions  # takes a fifth of compat's import

            # Of huge numbers SciPy's Airy function makes NaN; it is 0 long before.
            known = np.minimum(
                np.asarray(array, np.float64), 200 if name == "airy" else np.inf
            )
            result = getattr(functions, name)(known)
            # Of the Airy functions there are four; the first is Ai.
            return np.asarray(result[0] if name == "airy" else result, x.dtype)

        shape = jax.ShapeDtypeStruct(x.shape, x.dtype)
        return jax.pure_callback(compute, shape, x, vmap_method="expand_dims")

    return called


def _special(name: str, run: Callable[[Any], Any], what: str) -> None:
    def function(input: Array) -> Any:
        return run(floating(input))

    elementwise(
        f"special.{name}",
        differentiable=False,
        doc=f"Compute {what}, as `torch.special.{name}`.",
    )(function)


def _spherical(x: Any) -> Any:
    return jnp.where(jnp.isinf(x), 0, jnp.sinc(x / jnp.pi))


_special("airy_ai", _on_host("airy"), "the Airy function Ai")
_special("modified_bessel_i0", special.i0, "the modified Bessel function I of order 0")
_special("modified_bessel_i1", special.i1, "the modified Bessel function I of order 1")
_special("spherical_bessel_j0", _spherical, "the spherical Bessel function of order 0")
for _name, _short, _what in (
    ("bessel_j0", "j0", "the Bessel function J of order 0"),
    ("bessel_j1", "j1", "the Bessel function J of order 1"),
    ("bessel_y0", "y0", "the Bessel function Y of order 0"),
    ("bessel_y1", "y1", "the Bessel function Y of order 1"),
    ("modified_bessel_k0", "k0", "the modified Bessel function K of order 0"),
    ("modified_bessel_k1", "k1", "the modified Bessel function K of order 1"),
    ("scaled_modified_bessel_k0", "k0e", "`exp(x) * K0(x)`"),
    ("scaled_modified_bessel_k1", "k1e", "`exp(x) * K1(x)`"),
):
    _special(_name, _on_host(_short), _what)
