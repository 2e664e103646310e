"""What networks are written in, natively: layers that describe, functions on arrays.

A file of networks imports from here by a relative import. Executed once more as part of
`funcnet.compat.torchvision.models`, the same import finds compat's `_backend`, which
has these names for modules and tensors.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._errors import InputTypeError
from funcnet._types import Array
from funcnet.models import _init as init
from funcnet.models import _layers as nn

__all__ = [
    "Array",
    "F",
    "cat",
    "children",
    "flatten",
    "holds_weights",
    "init",
    "initialize",
    "load_state_dict",
    "nn",
    "preset",
    "with_weights",
]

flatten = F.flatten


def cat(arrays: Any, dim: int = 0) -> Array:
    """Join arrays along a dimension."""
    return jnp.concatenate(list(arrays), dim)


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
