"""What networks are written in, natively: layers that describe, functions on arrays.

A file of networks imports from here by a relative import. Executed once more as part of
`funcnet.compat.torchvision.models`, the same import finds compat's `_backend`, which
has these names for modules and tensors.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import jax
import jax.numpy as jnp
import numpy as np

from funcnet import functional as F
from funcnet import init as _init_native
from funcnet._errors import InputTypeError
from funcnet._types import Array, DTypeLike, Key, Shape
from funcnet.models import _init as init
from funcnet.models import _layers as nn

__all__ = [
    "Array",
    "F",
    "LayerNorm2d",
    "StochasticDepth",
    "as_constant",
    "cat",
    "check",
    "checkpointed",
    "children",
    "chunk",
    "clamp_max",
    "constant",
    "detached",
    "dropout",
    "dropping",
    "exp",
    "expand",
    "flatten",
    "holds_weights",
    "init",
    "initialize",
    "load_state_dict",
    "nn",
    "on_device",
    "parameter",
    "permute",
    "preset",
    "remember",
    "roll",
    "sigmoid",
    "tanh",
    "traced_whole",
    "with_weights",
]

flatten = F.flatten
exp = jnp.exp
sigmoid = F.sigmoid
tanh = F.tanh
LayerNorm2d = nn.LayerNorm2d
StochasticDepth = nn.StochasticDepth


def cat(arrays: Any, dim: int = 0) -> Array:
    """Join arrays along a dimension."""
    return jnp.concatenate(list(arrays), dim)


def chunk(x: Array, chunks: int, dim: int = 0) -> list[Array]:
    """Cut an array into equal parts along a dimension."""
    return jnp.split(x, chunks, dim)


def permute(x: Array, dims: Sequence[int]) -> Array:
    """Order an array's dimensions anew."""
    return jnp.transpose(x, tuple(dims))


def roll(x: Array, shifts: Sequence[int], dims: Sequence[int]) -> Array:
    """Move elements along dimensions; what leaves at an end enters at the other."""
    return jnp.roll(x, tuple(shifts), tuple(dims))


def expand(x: Array, shape: Sequence[int]) -> Array:
    """Repeat an array along dimensions of size 1."""
    return jnp.broadcast_to(x, tuple(shape))


def clamp_max(x: Array, most: float) -> Array:
    """Replace what is larger than a number by it."""
    return jnp.minimum(x, most)


def as_constant(values: np.ndarray, like: Array) -> Array:
    """An array of NumPy as one with the dtype of another."""
    return jnp.asarray(values, like.dtype)


def on_device(values: np.ndarray, device: object) -> Array:
    """An array of NumPy as an array; natively the device is that of the others."""
    return jnp.asarray(values)


def detached(x: Array) -> Array:
    """An array through which no gradient goes."""
    return jax.lax.stop_gradient(x)


def remember(model: Any, **values: Any) -> None:
    """Set attributes of a model for the rest of the call that it is bound to."""
    vars(model).update(values)


def check(condition: Any, message: str) -> None:
    """Raise AssertionError unless a condition holds."""
    if not condition:
        raise AssertionError(message)


def traced_whole(function: Callable[..., Any]) -> Callable[..., Any]:
    """Leave a function as it is: it is of compat that `torch.fx` traces modules."""
    return function


def dropping(model: Any) -> Callable[[Array, float], Array]:
    """What applies dropout for a model in a function that is called with arrays."""
    return partial(dropout, model)


def dropout(model: Any, x: Array, p: float) -> Array:
    """Apply dropout in training, with a key of the model's."""
    if not model.training or p == 0:
        return x
    return F.dropout(x, p, key=model.next_key())


def checkpointed(function: Callable[..., Any], *inputs: Array) -> Any:
    """Call a function; natively `jax.checkpoint` is for the caller of `apply`."""
    return function(*inputs)


def parameter(shape: Sequence[int], rule: str, **options: Any) -> nn.Parameter:
    """A parameter that a network holds itself, drawn by a function of `init`."""
    return nn.Parameter(tuple(shape), getattr(_init_native, rule), **options)


def constant(make: Callable[..., Any], *settings: Any) -> nn.Buffer:
    """An array that follows from settings, among a network's buffers.

    Args:
        make: a function of the settings that gives an array of NumPy.
    """
    array = make(*settings)
    return nn.Buffer(
        array.shape, _computed, dtype=str(array.dtype), make=make, settings=settings
    )


def _computed(
    key: Key, shape: Shape, make: Any, settings: Any, dtype: DTypeLike
) -> Array:
    return jnp.asarray(make(*settings))


def initialize(model: nn.Model) -> None:
    """Do nothing: `init` runs a description's `_reset_parameters`."""


def children(model: nn.Model) -> Mapping[str, Any]:
    """The layers directly inside a model, by name."""
    return model.children()


holds_weights = False

# --- weights --------------------------------------------------------------------------


def load_state_dict(url: str, progress: bool = True, check_hash: bool = False) -> Any:
    """Read the arrays of a file of weights; see `WeightsEnum.get_state_dict`."""
    from funcnet.models._files import read

    return read(url, progress=progress, check_hash=check_hash)


def with_weights(model: nn.Model, weights: Any, progress: bool) -> NoReturn:
    """Refuse: a description has no arrays that could be replaced."""
    raise InputTypeError(
        f"a native network is a description and holds no weights. Write\n"
        f"    model = models.{type(model).__name__}(...)  # without weights=\n"
        f"    params, state = models.load(model, {weights!r})"
    )


def preset(name: str, settings: dict[str, Any]) -> Callable[..., Any]:
    """What makes the transform of a network's inputs."""
    return partial(_preset, name, **settings)


def _preset(name: str, **settings: Any) -> Any:
    # The room of transforms is imported with the first one that is made.
    from funcnet.models import _presets

    if not hasattr(_presets, name):
        raise InputTypeError(
            f"the transform {name} of these weights is there in compat only: "
            "funcnet.compat.torchvision.transforms._presets."
        )
    return getattr(_presets, name)(**settings)
