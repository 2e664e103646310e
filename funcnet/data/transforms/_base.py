"""What all transforms have in common: settings, and a call that may draw."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from PIL.Image import Image as PILImage

from funcnet.data.transforms._draws import Draws, Generator, as_draws
from funcnet.data.transforms._interpolation import InterpolationMode

__all__ = ["Transform"]

Picture: TypeAlias = PILImage | np.ndarray
"""An image of Pillow, or an array `(..., channels, height, width)`."""


class Transform:
    """A change of an image that is called as a function.

    A transform holds only settings, so it can be compared, printed and sent to worker
    processes. What is random comes from `generator`: a `numpy.random.Generator`, a
    seed, or None for NumPy's global stream, which a loader seeds in each worker.
    """

    def __call__(self, image: Any, generator: Generator = None) -> Any:
        """Return the changed image; the one that is given stays as it is."""
        return self.apply(image, as_draws(generator))

    def apply(self, image: Any, draws: Draws) -> Any:
        """Return the changed image, with random numbers from `draws`."""
        raise NotImplementedError(f"{type(self).__name__} has no method apply.")

    def shown(self) -> Mapping[str, object]:
        """Return the settings that are printed: all of them, unless it is redefined."""
        fields = dataclasses.fields(self)  # type: ignore[arg-type]
        return {field.name: getattr(self, field.name) for field in fields}

    def __repr__(self) -> str:
        parts = ", ".join(f"{k}={_plain(v)}" for k, v in self.shown().items())
        return f"{type(self).__name__}({parts})"

    def _set(self, **settings: object) -> None:
        """Give settings, which are frozen, the form in which they are used."""
        for name, value in settings.items():
            object.__setattr__(self, name, value)


AnyTransform: TypeAlias = Transform | Callable[[Any], Any]


def run(transform: AnyTransform, image: Any, draws: Draws) -> Any:
    """Call a transform of ours with what it may draw from, a function without."""
    if isinstance(transform, Transform):
        return transform.apply(image, draws)
    return transform(image)


def _plain(value: object) -> object:
    return value.value if isinstance(value, InterpolationMode) else value
