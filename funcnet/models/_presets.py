"""The transforms of images with which weights were trained, on numpy."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from funcnet.data import transforms as T
from funcnet.data.transforms import functional as F

__all__ = ["ImageClassification", "SemanticSegmentation"]

_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True, repr=False)
class Floats(T.Transform):
    """Make a float32 array `(channels, height, width)` from 0 to 1 of either image."""

    def apply(self, image: Image.Image | np.ndarray, draws: object) -> np.ndarray:
        """Return the array."""
        if isinstance(image, Image.Image):
            image = F.pil_to_tensor(image)
        return F.convert_image_dtype(image, np.float32)


def ImageClassification(  # noqa: N802
    *,
    crop_size: int,
    resize_size: int = 256,
    mean: tuple[float, ...] = _MEAN,
    std: tuple[float, ...] = _STD,
    interpolation: str = "bilinear",
    antialias: bool = True,
) -> T.Compose:
    """Resize the shorter side, crop the centre, normalise.

    Example:
        >>> import numpy as np
        >>> change = ImageClassification(crop_size=8, resize_size=10)
        >>> change(np.zeros((3, 20, 30), "uint8")).shape
        (3, 8, 8)
    """
    resize = T.Resize(
        resize_size, T.InterpolationMode(interpolation), antialias=antialias
    )
    return T.Compose(
        [
            resize,
            T.CenterCrop(crop_size),
            Floats(),
            T.Normalize(mean, std),
        ]
    )


def SemanticSegmentation(  # noqa: N802
    *,
    resize_size: int | None,
    mean: tuple[float, ...] = _MEAN,
    std: tuple[float, ...] = _STD,
    interpolation: str = "bilinear",
    antialias: bool = True,
) -> T.Compose:
    """Resize the shorter side, normalise."""
    parts: list[T.Transform] = [
        Floats(),
        T.Normalize(mean, std),
    ]
    if resize_size is not None:
        mode = T.InterpolationMode(interpolation)
        parts.insert(0, T.Resize(resize_size, mode, antialias=antialias))
    return T.Compose(parts)
