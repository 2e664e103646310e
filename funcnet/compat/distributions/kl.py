"""Kullback-Leibler divergence, as `torch.distributions.kl`."""

import functools
import warnings
from collections.abc import Callable
from typing import Any

from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions._distribution import Distribution

_KL_REGISTRY: dict[tuple[type, type], Callable[..., Any]] = {}
_KL_MEMOIZE: dict[tuple[type, type], Callable[..., Any]] = {}


def register_kl(type_p: type, type_q: type) -> Callable[[Any], Any]:
    """Register a function that computes the divergence of two classes; a decorator.

    Raises:
        TypeError: one is no class. Any class will do, as in PyTorch: packages register
            their own kinds of distribution, which derive from another class.
    """
    for name, cls in (("type_p", type_p), ("type_q", type_q)):
        if not isinstance(cls, type):
            raise TypeError(
                f"Expected {name} to be a Distribution subclass but got {cls}"
            )

    def enter(function: Callable[..., Any]) -> Any:
        _KL_REGISTRY[type_p, type_q] = function
        _KL_MEMOIZE.clear()
        return function

    return enter


def _is_closer(types: tuple[type, ...], others: tuple[type, ...]) -> bool:
    """Return whether types are more specific: by the first that differ."""
    for x, y in zip(types, others, strict=True):
        if not issubclass(x, y):
            return False
        if x is not y:
            return True
    return True


def _closest(pairs: list[tuple[type, ...]]) -> tuple[type, ...]:
    return functools.reduce(lambda x, y: x if _is_closer(x, y) else y, pairs)


def _dispatch_kl(type_p: type, type_q: type) -> Callable[..., Any]:
    """Return the function registered for the most specific base classes of two."""
    fitting = [
        (p, q)
        for p, q in _KL_REGISTRY
        if issubclass(type_p, p) and issubclass(type_q, q)
    ]
    if not fitting:
        return lambda p, q: NotImplemented
    left: Any = _closest(fitting)  # type: ignore[arg-type]
    right: Any = _closest([(q, p) for p, q in fitting])[::-1]
    if _KL_REGISTRY[left] is not _KL_REGISTRY[right]:
        warnings.warn(
            f"Ambiguous kl_divergence({type_p.__name__}, {type_q.__name__}). Please "
            f"register_kl({left[0].__name__}, {right[1].__name__})",
            RuntimeWarning,
            stacklevel=outside(),
        )
    return _KL_REGISTRY[left]


def kl_divergence(p: Distribution, q: Distribution) -> Tensor:
    """Kullback-Leibler divergence `∫ p(x) log(p(x) / q(x)) dx`, in the batch shape.

    Raises:
        NotImplementedError: it is not known for these distributions.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.distributions import Normal, kl_divergence
        >>> kl_divergence(Normal(0.0, 1.0), Normal(1.0, 1.0))
        tensor(0.5000)
    """
    types = (type(p), type(q))
    function = _KL_MEMOIZE.get(types)
    if function is None:
        function = _KL_MEMOIZE[types] = _dispatch_kl(*types)
    result = function(p, q)
    if result is NotImplemented:
        raise NotImplementedError(
            f"No KL(p || q) is implemented for p type {p.__class__.__name__} and q "
            f"type {q.__class__.__name__}"
        )
    return result


__all__ = ["kl_divergence", "register_kl"]
