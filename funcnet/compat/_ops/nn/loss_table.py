"""What all losses share: old spellings of `reduction`, and sizes that differ."""

import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet.compat._core.overriding import rescued
from funcnet.compat._core.shapes import check_broadcast_all
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.nn.registry import PREFIX, Function, recorded
from funcnet.compat._ops.promote import promoted
from funcnet.compat._ops.registry import FUNCTIONS
from funcnet.compat._tensor.tensor import Tensor

REDUCTIONS = ("none", "mean", "sum")
_OLD = ("size_average", "reduce")


def loss(
    name: str,
    before: Callable[..., None] | None = None,
    reductions: tuple[str, ...] = REDUCTIONS,
) -> Callable[[Function], Function]:
    """Enter a loss whose arguments are `torch.nn.functional.NAME`'s, the old ones too.

    `before(input, target)` looks at the tensors of each call, before it is recorded.
    """

    def enter(run: Function) -> Function:
        call = recorded(name)(run)
        signature = inspect.signature(run)
        places = [p for p, key in enumerate(signature.parameters) if key in _OLD]
        first_old = min(places, default=len(signature.parameters))
        names = tuple(signature.parameters)
        first_two = frozenset(names[:2])

        @functools.wraps(run)
        def public(*args: Any, **kwargs: Any) -> Tensor:
            if len(args) > first_old or "size_average" in kwargs or "reduce" in kwargs:
                args, kwargs = (), _modern(signature.bind(*args, **kwargs).arguments)
            reduction = kwargs.get("reduction", "mean")
            if reduction not in reductions:
                raise ValueError(f"{reduction} is not a valid value for reduction")
            if before is not None:
                bound = dict(zip(names, args, strict=False)) | kwargs
                if bound.keys() >= first_two:
                    before(bound[names[0]], bound[names[1]], bound)
            try:
                found: Tensor = call(*args, **kwargs)
            except Exception:
                if rescued(args, kwargs):
                    return public(*args, **kwargs)
                raise
            return found

        public._known = frozenset(names)  # type: ignore[attr-defined]
        FUNCTIONS[PREFIX + name] = public
        return public

    return enter


def _modern(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call with `reduction` in place of the two old ones."""
    old = [arguments.pop(key, None) for key in _OLD]
    if old == [None, None]:
        return arguments
    average, reduce = [True if one is None else one for one in old]
    reduction = "none" if not reduce else "mean" if average else "sum"
    warnings.warn(
        "size_average and reduce args will be deprecated, please use "
        f"reduction='{reduction}' instead.",
        UserWarning,
        stacklevel=outside(),
    )
    return {**arguments, "reduction": reduction}


def warn_of_sizes(input: Tensor, target: Tensor, arguments: Any) -> None:
    """Warn where broadcasting would pair elements that do not belong together."""
    if target._spec.shape != input._spec.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}). This will likely lead to incorrect results due to "
            "broadcasting. Please ensure they have the same size.",
            UserWarning,
            stacklevel=outside(),
        )


def matched(*arrays: Any) -> list[Any]:
    """Arrays promoted to one dtype and broadcast to one shape."""
    check_broadcast_all(x.shape for x in arrays)
    return list(jnp.broadcast_arrays(*promoted(*arrays)))


def expanded(*arrays: Any) -> list[Any]:
    """The same, but what has no dimensions has its say in the dtype, once broadcast."""
    check_broadcast_all(x.shape for x in arrays)
    return promoted(*jnp.broadcast_arrays(*arrays))


def known(x: Any) -> np.ndarray | None:
    """The numbers of a tensor if they are on the host by now: no program has to run."""
    if not isinstance(x, Tensor) or x.device.type != "cpu":
        return None
    array = x._value().array
    if array is None or isinstance(array, jax.core.Tracer):
        return None
    return np.asarray(array)
