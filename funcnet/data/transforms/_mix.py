"""Batches whose images are mixed with one another, and their labels with them."""

import math
from dataclasses import dataclass

import numpy as np

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms._draws import Draws, Generator, as_draws

__all__ = ["CutMix", "MixUp"]


@dataclass(frozen=True)
class _Mix:
    """What `MixUp` and `CutMix` have in common.

    Keyword arguments only.
    """

    alpha: float = 1.0
    num_classes: int | None = None

    def __call__(
        self, images: np.ndarray, labels: np.ndarray, generator: Generator = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return mixed images and float32 labels `(batch, classes)`."""
        return self.apply(images, labels, as_draws(generator))

    def apply(
        self, images: np.ndarray, labels: np.ndarray, draws: Draws
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return mixed images and labels, with random numbers from `draws`."""
        self._check(images, labels)
        share = draws.dirichlet([self.alpha, self.alpha])[0]
        images, share = self.mixed(images, share, draws)
        return images, _blended(self._one_hot(labels), share)

    def mixed(
        self, images: np.ndarray, share: float, draws: Draws
    ) -> tuple[np.ndarray, float]:
        """Return the images and the share of each that is left."""
        raise NotImplementedError(f"{type(self).__name__} has no method mixed.")

    def _check(self, images: np.ndarray, labels: np.ndarray) -> None:
        name = type(self).__name__
        if not isinstance(images, np.ndarray) or not isinstance(labels, np.ndarray):
            raise InputTypeError(
                f"{name}: arrays of images and of labels are needed, got "
                f"{type(images).__name__} and {type(labels).__name__}."
            )
        if images.ndim != 4 or len(images) != len(labels):
            raise InputError(
                f"{name}: expected a batched input (batch, channels, height, width) "
                f"and as many labels, got shapes {images.shape} and {labels.shape}."
            )
        if labels.ndim == 1 and self.num_classes is None:
            raise InputError(
                f"{name}: num_classes must be passed if the labels are index-based (1D)"
            )
        if labels.ndim == 2 and self.num_classes not in (None, labels.shape[1]):
            raise InputError(
                f"{name}: labels of {labels.shape[1]} classes, num_classes="
                f"{self.num_classes}."
            )
        if labels.ndim not in (1, 2):
            raise InputError(
                f"{name}: labels should be index based with shape (batch_size,) or "
                "probability based with shape (batch_size, num_classes), but got "
                f"{labels.shape}."
            )

    def _one_hot(self, labels: np.ndarray) -> np.ndarray:
        if labels.ndim == 2:
            wide = np.issubdtype(labels.dtype, np.floating)
            return labels if wide else labels.astype(np.float32)
        classes = self.num_classes or 0
        if labels.size and not 0 <= labels.min() <= labels.max() < classes:
            raise InputError(
                f"{type(self).__name__}: labels from {labels.min()} to {labels.max()}, "
                f"num_classes={classes}."
            )
        return np.eye(classes, dtype=np.float32)[labels]


class MixUp(_Mix):
    """Blend each image of a batch with the one before it, as `v2.MixUp`.

    The share of an image is drawn from a beta distribution, once for the batch. The
    labels are blended alike.

    Args:
        alpha: both parameters of the beta distribution.
        num_classes: of labels that are indices.

    Source: H. Zhang et al., "mixup: beyond empirical risk minimization", 2017,
    https://arxiv.org/abs/1710.09412.

    Example:
        >>> import numpy as np
        >>> images, labels = np.ones((4, 3, 8, 8), np.float32), np.arange(4)
        >>> images, labels = MixUp(num_classes=4)(images, labels, generator=0)
        >>> labels.shape, labels.sum(1).round(5).tolist()
        ((4, 4), [1.0, 1.0, 1.0, 1.0])
    """

    def mixed(
        self, images: np.ndarray, share: float, draws: Draws
    ) -> tuple[np.ndarray, float]:
        """Return the blended images and the share."""
        if not np.issubdtype(images.dtype, np.floating):
            raise InputTypeError(
                f"MixUp: the images are {images.dtype}, floating point is needed. "
                "Convert them first."
            )
        return _blended(images, share), share


class CutMix(_Mix):
    """Put a rectangle of the image before it into each image, as `v2.CutMix`.

    Args:
        alpha: both parameters of the beta distribution of the areas.
        num_classes: of labels that are indices.

    Source: S. Yun et al., "CutMix: regularization strategy to train strong classifiers
    with localizable features", 2019, https://arxiv.org/abs/1905.04899.
    """

    def mixed(
        self, images: np.ndarray, share: float, draws: Draws
    ) -> tuple[np.ndarray, float]:
        """Return the images with their rectangles, and the share that is left."""
        height, width = images.shape[-2:]
        (x,) = draws.integers(0, width, 1)
        (y,) = draws.integers(0, height, 1)
        half = 0.5 * math.sqrt(1.0 - share)
        across, down = int(half * width), int(half * height)
        x1, x2 = max(x - across, 0), min(x + across, width)
        y1, y2 = max(y - down, 0), min(y + down, height)
        mixed = images.copy()
        mixed[..., y1:y2, x1:x2] = np.roll(images, 1, 0)[..., y1:y2, x1:x2]
        return mixed, 1.0 - (x2 - x1) * (y2 - y1) / (width * height)


def _blended(array: np.ndarray, share: float) -> np.ndarray:
    scalar = array.dtype.type
    return np.roll(array, 1, 0) * scalar(1.0 - share) + array * scalar(share)
