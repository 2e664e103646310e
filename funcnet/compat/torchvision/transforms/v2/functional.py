"""Transforms as functions, as `torchvision.transforms.v2.functional`."""

import numpy as np

from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._core.dtype import float32
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision._arrays import as_tensor
from funcnet.compat.torchvision._missing import missing
from funcnet.compat.torchvision.transforms import functional as first


def to_image(inpt: object) -> Tensor:
    """Convert an image to a tensor with the same values, as `to_image`."""
    if isinstance(inpt, Tensor):
        return inpt
    if isinstance(inpt, np.ndarray):
        pixels = inpt[:, :, None] if inpt.ndim == 2 else inpt
        return as_tensor(np.ascontiguousarray(pixels.transpose(2, 0, 1)))
    return first.pil_to_tensor(inpt)


def to_dtype(inpt: Tensor, dtype: DType = float32, scale: bool = False) -> Tensor:
    """Convert the dtype of an image, as `to_dtype`; with `scale` white stays white."""
    return first.convert_image_dtype(inpt, dtype) if scale else inpt.to(dtype)


def get_size(inpt: object) -> list[int]:
    """Return height and width, as `get_size`."""
    return first.get_dimensions(inpt)[1:]


horizontal_flip, vertical_flip = first.hflip, first.vflip
globals().update({name: getattr(first, name) for name in first.__all__})
__getattr__ = missing("transforms.v2.functional", globals())

__all__ = [
    *first.__all__,
    *("get_size", "horizontal_flip", "to_dtype", "to_image", "vertical_flip"),
]
