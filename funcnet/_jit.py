"""`jax.jit` with the options of XLA's CPU compiler that funcnet's programs have."""

import functools
import os
import types
from collections.abc import Callable
from typing import Any, Final

import jax
import jaxlib

_OPTION: Final = "xla_cpu_experimental_ynn_fusion_type"
_KNOWN: Final = (0, 13)
"""Before this version of jaxlib the option is known to be there."""

# XLA gives parts of a program to a library of kernels (YNNPACK). By default it has more
# than products and sums: a step of ResNet-18 takes 880 ms on two cores of a Xeon with
# AVX-512 so, 1,170 without the library and 600 if it has these alone; a small
# convolutional network 59 by default and 39 so.
_LIBRARY: Final = "LIBRARY_FUSION_TYPE_REDUCE,LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT"


@functools.cache
def _compiler_options() -> dict[str, bool | str]:
    """The options, unless the environment says otherwise or XLA lacks them."""
    options: dict[str, bool | str] = {_OPTION: _LIBRARY}
    if _OPTION in os.environ.get("XLA_FLAGS", ""):
        return {}
    version = tuple(map(int, jaxlib.__version__.split(".")[:2]))
    if version >= _KNOWN:
        try:
            jax.jit(lambda x: x, compiler_options=options).lower(0.0).compile()
        except Exception:
            return {}
    return options


class Jitted:
    """A function that `jit` returns: called, it runs one compiled program.

    All other attributes are those of `jax.jit`'s result, such as `lower`.
    """

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        functools.update_wrapper(self, function)
        chosen = _compiler_options() | options.pop("compiler_options", {})
        self._inside = jax.jit(function, **options)
        self._outside = jax.jit(function, compiler_options=chosen, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self._outside(*args, **kwargs)
        except ValueError as error:
            if "`compiler_options` can only be passed to top-level" not in str(error):
                raise
        # Inside another program, which has the options, or none.
        return self._inside(*args, **kwargs)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else types.MethodType(self, instance)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outside, name)


def jit(function: Callable[..., Any], **options: Any) -> Jitted:
    """Compile a function as `jax.jit` does, with the options that funcnet's steps have.

    On CPU a training step of convolutions takes two thirds of the time with them.
    Inside another transformation of JAX it is `jax.jit`.

    Args:
        function: a pure function of arrays.
        options: those of `jax.jit`.

    Returns:
        A function with the attributes of `jax.jit`'s, such as `lower`.

    Example:
        >>> import funcnet, jax.numpy as jnp
        >>> step = funcnet.jit(lambda x: (x * 2).sum())
        >>> float(step(jnp.ones(3)))
        6.0
    """
    return Jitted(function, options)
