"""Modules whose parameters are not drawn, as `torch.nn.utils.skip_init`."""

import inspect
from collections.abc import Callable
from typing import Any

from funcnet._homes import home_of
from funcnet.compat import random
from funcnet.compat.nn.modules.module import Module


def skip_init(
    module_cls: Callable[..., Module], *args: object, **kwargs: object
) -> Any:
    """Make a module and draw nothing: the generator stays where it is.

    What its parameters hold is not to be relied on; they are to be set. Equals
    `torch.nn.utils.skip_init`.
    """
    if not (isinstance(module_cls, type) and issubclass(module_cls, Module)):
        raise RuntimeError(f"Expected a Module; got {module_cls}")
    if not _takes_device(module_cls):
        raise RuntimeError("Module must support a 'device' arg to skip initialization")
    with random.fork_rng():
        return module_cls(*args, **kwargs)


def _takes_device(module_cls: type[Module]) -> bool:
    parameters = inspect.signature(module_cls).parameters.values()
    return any(
        p.name == "device" or (p.kind is p.VAR_KEYWORD and _is_ours(module_cls))
        for p in parameters
    )


def _is_ours(module_cls: type[Module]) -> bool:
    """Whether keyword arguments go to a layer of this package, which takes `device`."""
    return home_of(module_cls).startswith("funcnet.") and module_cls is not Module


__all__ = [
    "skip_init",
]
