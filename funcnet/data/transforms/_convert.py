"""Transforms between images and arrays, and to a standard range."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike
from PIL import Image

from funcnet._errors import InputError
from funcnet.data.transforms import functional as F
from funcnet.data.transforms._base import Transform
from funcnet.data.transforms._draws import Draws

__all__ = [
    "ConvertImageDtype",
    "LinearTransformation",
    "Normalize",
    "PILToTensor",
    "ToPILImage",
    "ToTensor",
]


@dataclass(frozen=True, repr=False)
class ToTensor(Transform):
    """Make a float32 array `(channels, height, width)` from 0 to 1 of an image.

    As `torchvision.transforms.ToTensor`: of an image of Pillow or of an array
    `(height, width, channels)`; values that are no bytes are kept.

    Example:
        >>> from PIL import Image
        >>> ToTensor()(Image.new("L", (4, 2), 255))[0, 0].tolist()
        [1.0, 1.0, 1.0, 1.0]
    """

    def apply(self, image: Image.Image | np.ndarray, draws: Draws) -> np.ndarray:
        """Return the array."""
        return F.to_tensor(image)


@dataclass(frozen=True, repr=False)
class PILToTensor(Transform):
    """Make an array of an image, its values unchanged, as `PILToTensor`."""

    def apply(self, image: Image.Image, draws: Draws) -> np.ndarray:
        """Return the array."""
        return F.pil_to_tensor(image)


@dataclass(frozen=True, repr=False)
class ToPILImage(Transform):
    """Make an image of Pillow of an array `(channels, height, width)`.

    As `torchvision.transforms.ToPILImage`.
    """

    mode: str | None = None

    def apply(self, image: np.ndarray, draws: Draws) -> Image.Image:
        """Return the image."""
        return F.to_pil_image(image, self.mode)

    def shown(self) -> dict[str, object]:
        """Return the mode, if one was given."""
        return {} if self.mode is None else {"mode": self.mode}


@dataclass(frozen=True, repr=False)
class ConvertImageDtype(Transform):
    """Change the dtype, white staying white, as `ConvertImageDtype`."""

    dtype: DTypeLike

    def apply(self, image: np.ndarray, draws: Draws) -> np.ndarray:
        """Return the image in the dtype."""
        return F.convert_image_dtype(image, self.dtype)

    def shown(self) -> dict[str, object]:
        """Return nothing, as torchvision prints it."""
        return {}


@dataclass(frozen=True, repr=False)
class Normalize(Transform):
    """Subtract means and divide by deviations, as `torchvision.transforms.Normalize`.

    Example:
        >>> import numpy as np
        >>> Normalize([0.5], [0.5])(np.ones((1, 1, 1), np.float32)).item()
        1.0
    """

    mean: Sequence[float]
    std: Sequence[float]

    def apply(self, image: np.ndarray, draws: Draws) -> np.ndarray:
        """Return `(image - mean) / std`."""
        return F.normalize(image, self.mean, self.std)


@dataclass(frozen=True, repr=False, eq=False)
class LinearTransformation(Transform):
    """Multiply flattened images by a matrix, as for whitening.

    As `torchvision.transforms.LinearTransformation`.

    Args:
        transformation_matrix: `(d, d)`, where d is channels times height times width.
        mean_vector: `(d,)`, subtracted first.
    """

    transformation_matrix: ArrayLike
    mean_vector: ArrayLike

    def __post_init__(self) -> None:
        matrix = np.asarray(self.transformation_matrix)
        mean = np.asarray(self.mean_vector)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
            raise InputError(
                f"transformation_matrix should be square. Got {matrix.shape} "
                "rectangular matrix."
            )
        if mean.shape != matrix.shape[:1]:
            raise InputError(
                f"mean_vector should have the same length {mean.size} as any one of "
                f"the dimensions of the transformation_matrix [{matrix.shape}]"
            )
        self._set(transformation_matrix=matrix, mean_vector=mean)

    def apply(self, image: np.ndarray, draws: Draws) -> np.ndarray:
        """Return `(image - mean) @ matrix` in the image's shape."""
        matrix = np.asarray(self.transformation_matrix)
        size = int(np.prod(image.shape[-3:]))
        if size != len(matrix):
            raise InputError(
                "Input tensor and transformation matrix have incompatible shape."
                f"{list(image.shape[-3:])} != {len(matrix)}"
            )
        flat = image.reshape(-1, size) - np.asarray(self.mean_vector)
        return (flat @ matrix.astype(flat.dtype)).reshape(image.shape)

    def shown(self) -> dict[str, object]:
        """Return the numbers as lists."""
        return {
            "transformation_matrix": np.asarray(self.transformation_matrix).tolist(),
            "mean_vector": np.asarray(self.mean_vector).tolist(),
        }
