"""Native transforms as modules, which take and return tensors."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from funcnet.compat import nn
from funcnet.compat.torchvision._arrays import as_array, as_tensor
from funcnet.data.transforms import Transform
from funcnet.data.transforms._torch_draws import DRAWS

_HOME = "funcnet.compat.torchvision.transforms"


class _MutableSettings:
    """Settings that can be changed, as those of a module."""

    __setattr__ = object.__setattr__
    __delattr__ = object.__delattr__


class TransformModule(nn.Module, _MutableSettings):
    """Transform as a module, equal only to itself."""

    _native: type[Transform]
    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def forward(self, img: object) -> Any:
        """Transform a tensor or an image of Pillow."""
        check_image(img)
        return as_tensor(self._native.apply(self, as_array(img), DRAWS), img)  # type: ignore[arg-type]


class ConversionModule(TransformModule):
    """Transform that also takes arrays, `(height, width, channels)`."""

    def forward(self, pic: object) -> Any:
        """Convert the image."""
        return as_tensor(self._native.apply(self, as_array(pic), DRAWS), pic)  # type: ignore[arg-type]


class ContainerModule(TransformModule):
    """Container of transforms, each called with the result of the last."""

    def forward(self, img: object) -> Any:
        """Apply the transforms."""
        return self._native.apply(self, img, DRAWS)  # type: ignore[arg-type]

    def run(self, transform: Callable[..., Any], image: object, draws: Any) -> Any:
        """Call a transform."""
        del draws  # they have their own
        return transform(image)


def as_module(
    native: type[Any], base: type = TransformModule, home: str = _HOME, **more: object
) -> Any:
    """Make the module class of a native transform."""

    def __init__(self: Any, *args: object, **kwargs: object) -> None:  # noqa: N807
        nn.Module.__init__(self)
        native.__init__(self, *args, **kwargs)

    functools.update_wrapper(__init__, native.__init__)
    parts = {
        "__init__": __init__,
        "__repr__": native.__repr__,
        "__doc__": native.__doc__,
        "__module__": home,
        "_native": native,
        **more,
    }
    if hasattr(native, "draw"):
        parts["get_params"] = staticmethod(_get_params(native.draw))
    return type(native.__name__, (base, native), parts)


def check_image(img: object) -> None:
    """Raise for an array, which torchvision takes only in ToTensor and ToPILImage."""
    if isinstance(img, np.ndarray):
        raise TypeError(
            f"Unexpected type {type(img)}: the array must become a tensor or an image "
            "first, with ToTensor() or ToPILImage()."
        )


def _get_params(draw: Callable[..., Any]) -> Callable[..., Any]:
    def get_params(*args: object, **kwargs: object) -> Any:
        """Draw the parameters of the transform, as torchvision's `get_params`."""
        given = {name: as_array(x) for name, x in kwargs.items()}
        return as_tensor(draw(*map(as_array, args), **given, draws=DRAWS))

    return get_params
