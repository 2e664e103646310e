"""The transforms with which weights were trained, as `torchvision.transforms._presets`.

`weights.transforms()` makes one.
"""

from typing import Any

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision.transforms import InterpolationMode
from funcnet.compat.torchvision.transforms import functional as F

__all__ = [
    "ImageClassification",
    "ObjectDetection",
    "OpticalFlow",
    "SemanticSegmentation",
    "VideoClassification",
]

_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)
_IMAGES = (
    "Accepts ``PIL.Image``, batched ``(B, C, H, W)`` and single ``(C, H, W)`` image "
    "``torch.Tensor`` objects. "
)


class _Preset(nn.Module):
    """A transform whose settings are shown, each in a line."""

    shown: tuple[str, ...] = ()

    def __repr__(self) -> str:
        lines = [f"\n    {name}={getattr(self, name)}" for name in self.shown]
        return f"{type(self).__name__}({''.join(lines)}{chr(10) if lines else ''})"


class ObjectDetection(_Preset):
    """Images as tensors from 0 to 1."""

    def forward(self, img: Any) -> Tensor:
        return _floats(img)

    def describe(self) -> str:
        """Say in words what it does."""
        return f"{_IMAGES}The values become floating-point numbers from 0 to 1."


class ImageClassification(_Preset):
    """Resize the shorter side, crop the centre, normalise."""

    shown = ("crop_size", "resize_size", "mean", "std", "interpolation")

    def __init__(
        self,
        *,
        crop_size: int,
        resize_size: int = 256,
        mean: tuple[float, ...] = _MEAN,
        std: tuple[float, ...] = _STD,
        interpolation: InterpolationMode = InterpolationMode.BILINEAR,
        antialias: bool | None = True,
    ) -> None:
        super().__init__()
        self.crop_size, self.resize_size = [crop_size], [resize_size]
        self.mean, self.std = list(mean), list(std)
        self.interpolation, self.antialias = interpolation, antialias

    def forward(self, img: Any) -> Tensor:
        mode, antialias = self.interpolation, self.antialias
        img = F.resize(img, self.resize_size, interpolation=mode, antialias=antialias)
        img = _floats(F.center_crop(img, self.crop_size))
        return F.normalize(img, mean=self.mean, std=self.std)

    def describe(self) -> str:
        """Say in words what it does."""
        return (
            f"{_IMAGES}They are resized to {self.resize_size} by {self.interpolation}, "
            f"cropped to {self.crop_size}, scaled to 0 to 1, and normalised with the "
            f"mean {self.mean} and the standard deviation {self.std}."
        )


class SemanticSegmentation(_Preset):
    """Resize the shorter side, normalise."""

    shown = ("resize_size", "mean", "std", "interpolation")

    def __init__(
        self,
        *,
        resize_size: int | None,
        mean: tuple[float, ...] = _MEAN,
        std: tuple[float, ...] = _STD,
        interpolation: InterpolationMode = InterpolationMode.BILINEAR,
        antialias: bool | None = True,
    ) -> None:
        super().__init__()
        self.resize_size = None if resize_size is None else [resize_size]
        self.mean, self.std = list(mean), list(std)
        self.interpolation, self.antialias = interpolation, antialias

    def forward(self, img: Any) -> Tensor:
        if self.resize_size is not None:
            mode = self.interpolation
            img = F.resize(
                img, self.resize_size, interpolation=mode, antialias=self.antialias
            )
        return F.normalize(_floats(img), mean=self.mean, std=self.std)

    def describe(self) -> str:
        """Say in words what it does."""
        return (
            f"{_IMAGES}They are resized to {self.resize_size} by {self.interpolation}, "
            f"scaled to 0 to 1, and normalised with the mean {self.mean} and the "
            f"standard deviation {self.std}."
        )


class VideoClassification(_Preset):
    """Resize the frames, crop their centre, normalise; channels before time."""

    shown = ("crop_size", "resize_size", "mean", "std", "interpolation")

    def __init__(
        self,
        *,
        crop_size: tuple[int, int],
        resize_size: tuple[int, ...],
        mean: tuple[float, ...] = (0.43216, 0.394666, 0.37645),
        std: tuple[float, ...] = (0.22803, 0.22145, 0.216989),
        interpolation: InterpolationMode = InterpolationMode.BILINEAR,
    ) -> None:
        super().__init__()
        self.crop_size, self.resize_size = list(crop_size), list(resize_size)
        self.mean, self.std = list(mean), list(std)
        self.interpolation = interpolation

    def forward(self, vid: Tensor) -> Tensor:
        single = vid.ndim < 5
        vid = vid.unsqueeze(0) if single else vid
        batch, frames, *image = vid.shape
        vid = vid.reshape(-1, *image)
        # The networks were trained without antialiasing.
        mode = self.interpolation
        vid = F.resize(vid, self.resize_size, interpolation=mode, antialias=False)
        vid = _floats(F.center_crop(vid, self.crop_size))
        vid = F.normalize(vid, mean=self.mean, std=self.std)
        vid = vid.reshape(batch, frames, *vid.shape[1:]).permute(0, 2, 1, 3, 4)
        return vid.squeeze(0) if single else vid

    def describe(self) -> str:
        """Say in words what it does."""
        return (
            "Accepts batched ``(B, T, C, H, W)`` and single ``(T, C, H, W)`` video "
            f"frames. They are resized to {self.resize_size} by {self.interpolation}, "
            f"cropped to {self.crop_size}, scaled to 0 to 1, normalised with the mean "
            f"{self.mean} and the standard deviation {self.std}, and permuted to "
            "``(..., C, T, H, W)``."
        )


class OpticalFlow(_Preset):
    """Two images as tensors from -1 to 1."""

    def forward(self, img1: Any, img2: Any) -> tuple[Tensor, Tensor]:
        half = [0.5] * 3
        first, second = (F.normalize(_floats(x), half, half) for x in (img1, img2))
        return first.contiguous(), second.contiguous()

    def describe(self) -> str:
        """Say in words what it does."""
        return f"{_IMAGES}The values become floating-point numbers from -1 to 1."


def _floats(img: Any) -> Any:
    if not isinstance(img, Tensor):
        img = F.pil_to_tensor(img)
    return F.convert_image_dtype(img, torch.float)
