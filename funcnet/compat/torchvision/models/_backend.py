"""What networks are written in, in compat: modules, and functions of tensors.

The names are those of `funcnet.models._backend`. The files of `funcnet/models` are
executed a second time in this package, and import them from here.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from funcnet.compat import (
    cat,
    chunk,
    empty,
    exp,
    flatten,
    from_numpy,
    nn,
    permute,
    roll,
    sigmoid,
    tanh,
)
from funcnet.compat._tensor.tensor import Tensor as Array
from funcnet.compat._toplevel.settings import _assert
from funcnet.compat.nn import functional as F
from funcnet.compat.nn import init
from funcnet.compat.torchvision._depth import StochasticDepth
from funcnet.compat.utils.checkpoint import checkpoint
from funcnet.models import _catalog

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

Network = TypeVar("Network", bound=nn.Module)


class LayerNorm2d(nn.LayerNorm):
    """Layer norm over the channels of images."""

    def forward(self, x: Array) -> Any:
        size = self.normalized_shape
        y = F.layer_norm(x.permute(0, 2, 3, 1), size, self.weight, self.bias, self.eps)
        return y.permute(0, 3, 1, 2)


def expand(x: Array, shape: Sequence[int]) -> Any:
    """Repeat a tensor along dimensions of size 1."""
    return x.expand(*shape)


def clamp_max(x: Array, most: float) -> Any:
    """Replace what is larger than a number by it."""
    return x.clamp(max=most)


def as_constant(values: np.ndarray, like: Array) -> Any:
    """An array of NumPy as a tensor with the dtype and device of another."""
    return from_numpy(values).to(like)


def on_device(values: np.ndarray, device: Any) -> Any:
    """An array of NumPy as a tensor on a device."""
    return from_numpy(values).to(device)


def detached(x: Array) -> Any:
    """A tensor through which no gradient goes."""
    return x.detach()


def remember(model: nn.Module, **values: Any) -> None:
    """Set attributes of a module."""
    for name, value in values.items():
        setattr(model, name, value)


check = _assert


def traced_whole(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let `torch.fx` record a call of the function, in place of what it computes."""

    @wraps(function)
    def run(first: Any, *args: Any, **options: Any) -> Any:
        if isinstance(first, Array):
            return function(first, *args, **options)
        given = (first, *args)
        for tracer in (one.tracer for one in given if hasattr(one, "tracer")):
            return tracer.create_proxy("call_function", run, given, options)
        return function(*given, **options)

    return run


def dropping(model: nn.Module) -> None:
    """Nothing: dropout is that of `F`."""


def dropout(model: nn.Module, x: Array, p: float) -> Any:
    """Apply dropout in training."""
    return F.dropout(x, p, model.training)


def checkpointed(function: Callable[..., Any], *inputs: Array) -> Any:
    """Call a function whose inner values are computed again for the gradient."""
    if any(x.requires_grad for x in inputs):
        return checkpoint(function, *inputs, use_reentrant=False)
    return function(*inputs)


def parameter(shape: Sequence[int], rule: str, **options: Any) -> nn.Parameter:
    """A parameter that a network holds itself, drawn by a function of `init`."""
    made = nn.Parameter(empty(*shape))
    getattr(init, f"{rule}_")(made, **options)
    return made


def constant(make: Callable[..., Any], *settings: Any) -> nn.Buffer:
    """An array that follows from settings, among a network's buffers."""
    return nn.Buffer(from_numpy(make(*settings)))


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
    wanted = model.state_dict().keys()
    for name in list(arrays):
        arrays[_catalog.name_today(name, wanted)] = arrays.pop(name)
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
