"""Automatic augmentation: AutoAugment, RandAugment, TrivialAugment, AugMix."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms import functional as F
from funcnet.data.transforms._base import Picture, Transform
from funcnet.data.transforms._draws import Draws
from funcnet.data.transforms._interpolation import InterpolationMode
from funcnet.data.transforms._operations import (
    NONE,
    Space,
    Strengths,
    bits,
    change,
    space,
)
from funcnet.data.transforms._policies import POLICIES, AutoAugmentPolicy
from funcnet.data.transforms.functional._image import is_pil
from funcnet.data.transforms.functional._pad import Fill

__all__ = ["AugMix", "AutoAugment", "RandAugment", "TrivialAugmentWide"]

_SEVEREST = 10


class _Automatic(Transform):
    """Settings printed as they are, and one random change after another."""

    interpolation: InterpolationMode
    fill: Fill

    def __repr__(self) -> str:
        parts = ", ".join(f"{k}={v}" for k, v in self.shown().items())
        return f"{type(self).__name__}({parts})"

    def _changed(
        self, image: Picture, changes: Space, strength: int | range, draws: Draws
    ) -> Picture:
        """Make one of the changes, with a strength or one of a range of them."""
        (index,) = draws.integers(0, len(changes), 1)
        name = list(changes)[index]
        strengths = changes[name]
        size = 0.0
        if strengths.values:
            if isinstance(strength, range):
                (strength,) = draws.integers(strength.start, strength.stop, 1)
            size = strengths.values[strength]
        if strengths.signed and draws.integers(0, 2, 1)[0]:
            size = -size
        return change(image, name, size, self.interpolation, self.fill)


@dataclass(frozen=True, repr=False)
class AutoAugment(_Automatic):
    """Apply one of 25 learned pairs of changes, as torchvision's `AutoAugment`.

    Bytes, or images of Pillow.

    Source: E. Cubuk et al., "AutoAugment: learning augmentation policies from data",
    2018, https://arxiv.org/abs/1805.09501.

    Example:
        >>> import numpy as np
        >>> AutoAugment()(np.zeros((3, 8, 8), np.uint8), generator=0).shape
        (3, 8, 8)
    """

    policy: AutoAugmentPolicy = AutoAugmentPolicy.IMAGENET
    interpolation: InterpolationMode = InterpolationMode.NEAREST
    fill: Fill = None

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise InputError(
                f"The provided policy {self.policy} is not recognized; give one of "
                f"{', '.join(map(str, AutoAugmentPolicy))}."
            )

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the changed image."""
        _, height, width = F.get_dimensions(image)
        policies = POLICIES[self.policy]
        which, chances, signs = self.draw(len(policies), draws)
        changes = _policy_space(10, height, width) | {"Invert": NONE}
        for (name, p, strength), chance, sign in zip(
            policies[which], chances, signs, strict=True
        ):
            if chance > p:
                continue
            strengths = changes[name]
            size = 0.0 if strength is None else strengths.values[strength]
            size = -size if strengths.signed and not sign else size
            image = change(image, name, size, self.interpolation, self.fill)
        return image

    @staticmethod
    def draw(transform_num: int, draws: Draws) -> tuple[int, np.ndarray, list[int]]:
        """Draw a policy, chances and directions."""
        (which,) = draws.integers(0, transform_num, 1)
        return which, draws.rand(2), draws.integers(0, 2, 2)

    def shown(self) -> Mapping[str, object]:
        """Return policy and fill."""
        return {"policy": self.policy, "fill": self.fill}


@dataclass(frozen=True, repr=False)
class RandAugment(_Automatic):
    """Make a few random changes of one strength, as `RandAugment`.

    Source: E. Cubuk et al., "RandAugment: practical automated data augmentation with a
    reduced search space", 2019, https://arxiv.org/abs/1909.13719.
    """

    num_ops: int = 2
    magnitude: int = 9
    num_magnitude_bins: int = 31
    interpolation: InterpolationMode = InterpolationMode.NEAREST
    fill: Fill = None

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the changed image."""
        _, height, width = F.get_dimensions(image)
        changes = {"Identity": NONE} | _policy_space(
            self.num_magnitude_bins, height, width
        )
        for _ in range(self.num_ops):
            image = self._changed(image, changes, self.magnitude, draws)
        return image


@dataclass(frozen=True, repr=False)
class TrivialAugmentWide(_Automatic):
    """Make one random change of random strength, as `TrivialAugmentWide`.

    Source: S. Müller, F. Hutter, "TrivialAugment: tuning-free yet state-of-the-art
    data augmentation", 2021, https://arxiv.org/abs/2103.10158.
    """

    num_magnitude_bins: int = 31
    interpolation: InterpolationMode = InterpolationMode.NEAREST
    fill: Fill = None

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the changed image."""
        count = self.num_magnitude_bins
        changes = {"Identity": NONE} | space(
            count,
            shear=0.99,
            across=32.0,
            down=32.0,
            turn=135.0,
            enhance=0.99,
            posterize=bits(8, 6, count),
        )
        return self._changed(image, changes, range(count), draws)


@dataclass(frozen=True, repr=False)
class AugMix(_Automatic):
    """Mix an image with several chains of changes of it, as `AugMix`.

    Args:
        severity: the largest strength, 1 to 10.
        mixture_width: how many chains.
        chain_depth: changes in a chain; -1 draws 1 to 3.
        alpha: of the distributions of the shares.
        all_ops: use brightness, contrast, colour and sharpness, too.

    Source: D. Hendrycks et al., "AugMix: a simple data processing method to improve
    robustness and uncertainty", 2019, https://arxiv.org/abs/1912.02781.
    """

    severity: int = 3
    mixture_width: int = 3
    chain_depth: int = -1
    alpha: float = 1.0
    all_ops: bool = True
    interpolation: InterpolationMode = InterpolationMode.BILINEAR
    fill: Fill = None

    def __post_init__(self) -> None:
        if not 1 <= self.severity <= _SEVEREST:
            raise InputError(
                f"The severity must be between [1, {_SEVEREST}]. Got {self.severity} "
                "instead."
            )

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the mixture, in the type of the image."""
        if is_pil(image):
            return F.to_pil_image(self._mixed(F.pil_to_tensor(image), draws))
        if not isinstance(image, np.ndarray) or not 2 <= image.ndim <= 4:
            raise InputTypeError(f"AugMix: {type(image)} is no image.")
        return self._mixed(image, draws)

    def _mixed(self, image: np.ndarray, draws: Draws) -> np.ndarray:
        changes = self._changes(*image.shape[-2:])
        batch = image.reshape((1,) * (4 - image.ndim) + image.shape)
        count = len(batch)
        keep = _shares([self.alpha] * 2, count, draws)  # (batch, 2)
        weights = _shares([self.alpha] * self.mixture_width, count, draws)
        weights = weights * keep[:, 1:]
        mix = keep[:, 0, None, None, None] * batch
        for chain in range(self.mixture_width):
            depth = self.chain_depth
            if depth <= 0:
                (depth,) = draws.integers(1, 4, 1)
            changed = batch
            for _ in range(depth):
                strengths = range(self.severity)
                changed = self._changed(changed, changes, strengths, draws)  # type: ignore[assignment]
            mix = mix + weights[:, chain, None, None, None] * changed
        return mix.reshape(image.shape).astype(image.dtype)

    def _changes(self, height: int, width: int) -> Space:
        changes = space(
            _SEVEREST,
            shear=0.3,
            across=width / 3.0,
            down=height / 3.0,
            turn=30.0,
            enhance=0.9,
            posterize=bits(4, 4, _SEVEREST),
        )
        enhancing = ("Brightness", "Color", "Contrast", "Sharpness")
        last: dict[str, Strengths] = {name: changes.pop(name) for name in enhancing}
        return changes | last if self.all_ops else changes


def _policy_space(count: int, height: int, width: int) -> Space:
    """Return the changes of AutoAugment and RandAugment."""
    return space(
        count,
        shear=0.3,
        across=150.0 / 331.0 * width,
        down=150.0 / 331.0 * height,
        turn=30.0,
        enhance=0.9,
        posterize=bits(8, 4, count),
    )


def _shares(alphas: list[float], count: int, draws: Draws) -> np.ndarray:
    """Draw shares for each image of a batch."""
    return np.array([draws.dirichlet(alphas) for _ in range(count)], np.float32)
