"""Transforms of v2 for samples of images and targets."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision.transforms._module_adapter import (
    ContainerModule,
    TransformModule,
)


class SampleModule(TransformModule):
    """Transform of an image, or of a sample that has one."""

    def forward(self, *inputs: object) -> Any:
        """Transform the image of a sample."""
        sample = inputs if len(inputs) > 1 else inputs[0]
        return changed(sample, super().forward, (Image.Image, Tensor))


class SampleContainer(ContainerModule):
    """Container of transforms that are called with the whole sample."""

    def forward(self, *inputs: object) -> Any:
        """Apply the transforms."""
        return super().forward(inputs if len(inputs) > 1 else inputs[0])


def changed(
    sample: object, change: Callable[[Any], Any], kinds: tuple[type, ...]
) -> Any:
    """Apply a function to the image of a sample.

    The image is the one of Pillow, or else the first tensor, as torchvision has it.
    """
    leaves: list[Any] = []
    _collect(sample, leaves)
    pictures = [leaf for leaf in leaves if isinstance(leaf, Image.Image)]
    if len(pictures) > 1:
        raise TypeError(
            f"a sample with {len(pictures)} images: transforms here change one image "
            "of a sample. Call a function of transforms.functional on each, with the "
            "numbers that get_params gives."
        )
    result = [leaf for leaf in leaves if isinstance(leaf, kinds)]
    chosen = pictures or result[:1]
    if not chosen or not isinstance(chosen[0], kinds):
        return sample
    return _replaced(sample, chosen[0], change(chosen[0]))


def _collect(sample: object, leaves: list[Any]) -> None:
    if isinstance(sample, dict):
        sample = list(sample.values())
    if isinstance(sample, tuple | list):
        for part in sample:
            _collect(part, leaves)
    elif isinstance(sample, Image.Image | Tensor | np.ndarray):
        leaves.append(sample)


def _replaced(sample: object, old: object, new: object) -> Any:
    if sample is old:
        return new
    if isinstance(sample, dict):
        return {name: _replaced(part, old, new) for name, part in sample.items()}
    if isinstance(sample, tuple) and hasattr(sample, "_fields"):
        return type(sample)(*(_replaced(part, old, new) for part in sample))
    if isinstance(sample, tuple | list):
        return type(sample)(_replaced(part, old, new) for part in sample)
    return sample
