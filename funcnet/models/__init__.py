"""Networks under the names of `torchvision.models`, as descriptions.

A network is an `nn.Model` whose parameters have torchvision's names and shapes, so that
a file of its weights loads with no renaming. Nothing is imported before it is used.

Example:
    >>> import jax, jax.numpy as jnp
    >>> from funcnet import models
    >>> model = models.resnet18(num_classes=5)
    >>> params, state = jax.eval_shape(model.init, jax.random.key(0))
    >>> params["fc"]["weight"].shape
    (5, 512)
"""

import importlib
from typing import Any

from funcnet.models import _catalog

_NAMES = _catalog.names()
_NATIVE = {
    name: file for file, names in _catalog.NATIVE.items() for name in names.split()
}
_API = (
    *("Weights", "WeightsEnum", "get_model", "get_model_builder", "get_model_weights"),
    *("get_weight", "list_models", "register_model"),
)

__all__ = sorted([*_NAMES, *_NATIVE, *_API, "load"])


def __getattr__(name: str) -> Any:
    if name in _API or (name in _NAMES and _catalog.is_builder(name)):
        api = importlib.import_module(f"{__name__}._api")
        return getattr(api, name) if name in _API else api.BUILTIN_MODELS[name]
    if name == "load":
        return importlib.import_module(f"{__name__}._files").load
    if name in _NAMES or name in _NATIVE:
        file = _NATIVE.get(name) or _NAMES[name]
        return getattr(importlib.import_module(f"{__name__}.{file}"), name)
    if name in (*_NAMES.values(), "language", *_catalog.PACKAGES):
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module 'funcnet.models' has no attribute {name!r}")


_catalog.show_builders(__name__)
