"""Transforms that only v2 has, or that draw differently in v2."""

from typing import Any

import numpy as np
from PIL import Image

from funcnet.compat import nn
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._ops.create.creation import tensor
from funcnet.compat._ops.random.distributions import multinomial
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision._arrays import as_array, as_tensor
from funcnet.compat.torchvision.transforms.v2 import functional as F
from funcnet.compat.torchvision.transforms.v2._samples import changed
from funcnet.data import transforms as native
from funcnet.data.transforms._torch_draws import DRAWS


class RandomChoice(native.RandomChoice):
    __doc__ = native.RandomChoice.__doc__

    def apply(self, image: object, draws: Any) -> Any:
        """Apply the transform that is drawn."""
        weights = self.p or [1] * len(self.transforms)
        shares = tensor([weight / sum(weights) for weight in weights])
        index = int(multinomial(shares, 1))
        return self.run(self.transforms[index], image, draws)


class Identity(nn.Module):
    """Change nothing, as `v2.Identity`."""

    def forward(self, *inputs: object) -> Any:
        """Return the input."""
        return inputs if len(inputs) > 1 else inputs[0]


class ToPureTensor(Identity):
    """Change nothing, as `v2.ToPureTensor`: tensors are plain already."""


class ToImage(nn.Module):
    """Convert an image to a tensor `(channels, height, width)`, as `v2.ToImage`."""

    _native = native.PILToTensor

    def forward(self, *inputs: object) -> Any:
        """Replace the image of a sample by a tensor."""
        sample = inputs if len(inputs) > 1 else inputs[0]
        return changed(sample, F.to_image, (Image.Image, Tensor, np.ndarray))


class ToDtype(nn.Module):
    """Convert the dtype of the image, as `v2.ToDtype`.

    `scale=True` keeps white white: bytes become numbers from 0 to 1.
    """

    def __init__(self, dtype: DType, scale: bool = False) -> None:
        super().__init__()
        if not isinstance(dtype, DType):
            raise ValueError(
                f"dtype must be a torch.dtype, got {type(dtype)} instead; the type of "
                "an image is not told from that of a mask here."
            )
        self.dtype, self.scale = dtype, scale

    @property
    def _native(self) -> type[native.Transform] | None:
        return native.ConvertImageDtype if self.scale else None

    def forward(self, *inputs: object) -> Any:
        """Convert the image of a sample."""
        sample = inputs if len(inputs) > 1 else inputs[0]
        return changed(
            sample, lambda image: F.to_dtype(image, self.dtype, self.scale), (Tensor,)
        )

    def extra_repr(self) -> str:
        """Return the settings for the repr."""
        return f"scale={self.scale}"


class _Mixed(nn.Module):
    _native: Any

    def __init__(self, *, alpha: float = 1.0, num_classes: int | None = None) -> None:
        super().__init__()
        self.alpha, self.num_classes = float(alpha), num_classes

    def forward(self, *inputs: Any) -> Any:
        """Mix a batch of images and labels."""
        images, labels = inputs if len(inputs) > 1 else inputs[0]
        mix = self._native(self.alpha, self.num_classes)
        mixed = mix.apply(as_array(images), as_array(labels), DRAWS)
        return type(inputs if len(inputs) > 1 else inputs[0])(
            as_tensor(part, images) for part in mixed
        )

    def extra_repr(self) -> str:
        """Return the settings for the repr."""
        classes = (
            "" if self.num_classes is None else f", num_classes={self.num_classes}"
        )
        return f"alpha={self.alpha}{classes}"


class MixUp(_Mixed):
    __doc__ = native.MixUp.__doc__
    _native = native.MixUp


class CutMix(_Mixed):
    __doc__ = native.CutMix.__doc__
    _native = native.CutMix
