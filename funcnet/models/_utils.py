"""What files of networks share."""

from collections import OrderedDict
from typing import Any

from ._backend import Array, children, holds_weights, nn
from ._legacy import (
    _ModelURLs,
    _ovewrite_named_param,
    _ovewrite_value_param,
    handle_legacy_interface,
    kwonly_to_pos_or_kw,
    sequence_to_str,
)

__all__ = [
    "IntermediateLayerGetter",
    "_ModelURLs",
    "_ovewrite_named_param",
    "_ovewrite_value_param",
    "handle_legacy_interface",
    "kwonly_to_pos_or_kw",
    "sequence_to_str",
]


class IntermediateLayerGetter(nn.ModuleDict):
    """A network up to the last of some layers; it gives what these give.

    Args:
        model: a network whose layers follow each other.
        return_layers: the names of the layers, each with the name of what it gives.
    """

    _version = 2

    def __init__(self, model: nn.Module, return_layers: dict[str, str]) -> None:
        known = children(model)
        if not set(return_layers) <= set(known):
            raise ValueError("return_layers are not present in model")
        names = list(known)
        last = max((names.index(name) for name in return_layers), default=-1)
        super().__init__({name: known[name] for name in names[: last + 1]})
        self.return_layers = {str(k): str(v) for k, v in return_layers.items()}

    def forward(self, x: Array) -> Any:
        out = OrderedDict()
        for name, module in self.items():
            x = module(x)
            if name in self.return_layers:
                out[self.return_layers[name]] = x
        return out


def backbone_weights(
    weights: Any, given: Any, known: Any, options: dict[str, Any], default: str
) -> Any:
    """The weights that a network's backbone begins with, or None.

    Args:
        weights: of the whole network: with them it needs no others.
        given: by the caller.
        known: the enumeration of the backbone's weights.
        options: in which a script may say `pretrained_backbone`, as earlier.
        default: the member that True stands for, and that is given by default.
    """
    if "pretrained_backbone" in options:
        given = options.pop("pretrained_backbone")
    if given is True:
        given = default
    chosen = known.verify(given or None)
    if weights is not None:
        return None
    # A description holds no weights: the default says nothing there.
    return None if given == default and not holds_weights else chosen


def _make_divisible(v: float, divisor: int, min_value: int | None = None) -> int:
    """The nearest multiple of a number, not more than a tenth below `v`."""
    least = divisor if min_value is None else min_value
    result = max(least, int(v + divisor / 2) // divisor * divisor)
    return result + divisor if result < 0.9 * v else result
