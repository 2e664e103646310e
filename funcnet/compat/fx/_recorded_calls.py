"""How calls come to be recorded, and with which arguments."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

from funcnet.compat._core.overriding import torch_name

# PyTorch writes these in Python, and they dispatch with all their settings by name.
_IN_PYTHON: Final = frozenset(
    [
        "adaptive_avg_pool2d",
        "adaptive_avg_pool3d",
        "adaptive_max_pool1d",
        "adaptive_max_pool2d",
        "adaptive_max_pool3d",
        "affine_grid",
        "alpha_dropout",
        "batch_norm",
        "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        "celu",
        "cosine_embedding_loss",
        "cross_entropy",
        "ctc_loss",
        "dropout",
        "dropout1d",
        "dropout2d",
        "dropout3d",
        "elu",
        "embedding",
        "embedding_bag",
        "feature_alpha_dropout",
        "fold",
        "fractional_max_pool2d",
        "fractional_max_pool3d",
        "gaussian_nll_loss",
        "glu",
        "grid_sample",
        "group_norm",
        "gumbel_softmax",
        "hardsigmoid",
        "hardswish",
        "hardtanh",
        "hinge_embedding_loss",
        "huber_loss",
        "instance_norm",
        "interpolate",
        "kl_div",
        "l1_loss",
        "layer_norm",
        "leaky_relu",
        "local_response_norm",
        "log_softmax",
        "lp_pool1d",
        "lp_pool2d",
        "lp_pool3d",
        "margin_ranking_loss",
        "max_pool1d",
        "max_pool2d",
        "max_pool3d",
        "max_unpool1d",
        "max_unpool2d",
        "max_unpool3d",
        "mish",
        "mse_loss",
        "multi_margin_loss",
        "multilabel_margin_loss",
        "multilabel_soft_margin_loss",
        "nll_loss",
        "normalize",
        "pad",
        "poisson_nll_loss",
        "relu",
        "relu6",
        "rms_norm",
        "rrelu",
        "selu",
        "silu",
        "smooth_l1_loss",
        "soft_margin_loss",
        "softmax",
        "softmin",
        "softsign",
        "tanhshrink",
        "threshold",
        "triplet_margin_loss",
        "unfold",
    ]
)


def recorded_arguments(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the arguments as PyTorch's function passes them on when it dispatches."""
    name = torch_name(function) or ""
    room, _, last = name.rpartition(".")
    if room != "torch.nn.functional" or last not in _IN_PYTHON:
        return args, dict(kwargs)
    parameters = inspect.signature(function)
    try:
        bound = parameters.bind(*args, **kwargs)
    except TypeError:
        return args, dict(kwargs)
    bound.apply_defaults()
    needed = [p.name for p in parameters.parameters.values() if p.default is p.empty]
    given = dict(bound.arguments)
    return tuple(given.pop(one) for one in needed), given


_ABSENT: Final = object()


class Patches:
    """Replacements of attributes and of globals, in order."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] = []

    def set_attribute(self, owner: Any, name: str, value: object) -> None:
        """Replace an attribute."""
        before = getattr(owner, name)
        setattr(owner, name, value)
        self._undo.append(lambda: setattr(owner, name, before))

    def set_item(self, names: dict[str, Any], name: str, value: object) -> None:
        """Replace an entry of a dictionary."""
        before = names.get(name, _ABSENT)
        names[name] = value

        def undo() -> None:
            if before is _ABSENT:
                names.pop(name, None)
            else:
                names[name] = before

        self._undo.append(undo)

    def restore(self) -> None:
        """Put everything back, the last replacement first."""
        while self._undo:
            self._undo.pop()()


__all__ = ["Patches", "recorded_arguments"]
