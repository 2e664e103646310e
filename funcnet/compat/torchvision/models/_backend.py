"""What networks are written in, in compat: modules, and functions of tensors.

The names are those of `funcnet.models._backend`. The files of `funcnet/models` are
executed a second time in this package, and import them from here.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from funcnet.compat import cat, flatten, nn
from funcnet.compat._tensor.tensor import Tensor as Array
from funcnet.compat.nn import functional as F
from funcnet.compat.nn import init

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

Network = TypeVar("Network", bound=nn.Module)


def initialize(model: nn.Module) -> None:
    """Draw parameters by the network's own rule, at the end of its `__init__`."""
    model._reset_parameters()


def children(model: nn.Module) -> Mapping[str, nn.Module]:
    """The modules directly inside a module, by name."""
    return dict(model.named_children())


holds_weights = True

# --- weights --------------------------------------------------------------------------


def load_state_dict(
    url: str,
    model_dir: str | None = None,
    map_location: Any = None,
    progress: bool = True,
    check_hash: bool = False,
    **options: Any,
) -> Any:
    """Load a file of weights; see `WeightsEnum.get_state_dict`."""
    from funcnet.compat import hub
    from funcnet.models._files import weights_file

    folder = Path(model_dir or Path(hub.get_dir(), "checkpoints"))
    path = weights_file(url, (folder,), progress=progress, check_hash=check_hash)
    return hub.load_state_dict_from_url(
        url, str(path.parent), map_location, progress, **options
    )


def with_weights(model: Network, weights: Any, progress: bool) -> Network:
    """The network, with weights in place of its own."""
    arrays = weights.get_state_dict(progress=progress, check_hash=True)
    model.load_state_dict(arrays)
    return model


def preset(name: str, settings: dict[str, Any]) -> Callable[..., Any]:
    """What makes the transform of a network's inputs."""
    from funcnet.compat.torchvision.transforms import InterpolationMode, _presets

    if "interpolation" in settings:
        mode = InterpolationMode(settings["interpolation"])
        settings = settings | {"interpolation": mode}
    made = getattr(_presets, name)
    return partial(made, **settings) if settings else made
