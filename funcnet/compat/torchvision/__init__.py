"""Images, transforms and datasets, as `torchvision`."""

from importlib import import_module as _import_module
from typing import Any as _Any

from funcnet.compat.torchvision import datasets, io, transforms, utils
from funcnet.compat.torchvision._missing import missing
from funcnet.data._workers._info import OFTEN_USED
from funcnet.torch_alias import VERSIONS as _VERSIONS

OFTEN_USED.append(__name__)
__version__ = _VERSIONS["torchvision"]
_explain = missing("", globals())


def __getattr__(name: str) -> _Any:
    if name in ("models", "ops"):  # imported when they are asked for
        return _import_module(f"{__name__}.{name}")
    return _explain(name)


def get_image_backend() -> str:
    """Return the name of the image backend: "PIL"."""
    return "PIL"


def set_image_backend(backend: str) -> None:
    """Set the image backend: only "PIL" is supported."""
    if backend != "PIL":
        raise ValueError(f"Invalid backend '{backend}'. Options are 'PIL'.")


__all__ = [
    "datasets",
    "get_image_backend",
    "io",
    "set_image_backend",
    "transforms",
    "utils",
]
