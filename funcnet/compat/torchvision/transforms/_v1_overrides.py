"""Transforms with options that only tensors have: `inplace`, dtypes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision._arrays import as_array, as_tensor
from funcnet.compat.torchvision.transforms import functional as F
from funcnet.data import transforms as native
from funcnet.data.transforms._torch_draws import DRAWS


@dataclass(frozen=True, repr=False)
class Normalize(native.Normalize):
    __doc__ = native.Normalize.__doc__
    inplace: bool = False

    def shown(self) -> dict[str, object]:
        """Return the settings for the repr."""
        return {"mean": self.mean, "std": self.std}


def normalized(self: Any, tensor: Tensor) -> Any:
    """Compute the forward of `Normalize`, with gradients and in place."""
    return F.normalize(tensor, self.mean, self.std, self.inplace)


@dataclass(frozen=True, repr=False)
class RandomErasing(native.RandomErasing):
    __doc__ = native.RandomErasing.__doc__
    inplace: bool = False


def erased(self: Any, img: Any) -> Any:
    """Compute the forward of `RandomErasing`, in place if it was made so."""
    result = native.RandomErasing.apply(self, as_array(img), DRAWS)
    return F.put(img, result) if self.inplace else as_tensor(result, img)


def converted(self: Any, image: object) -> Any:
    """Compute the forward of `ConvertImageDtype`, with a dtype of PyTorch."""
    return F.convert_image_dtype(image, self.dtype)


def to_tensor(self: Any, pic: object) -> Any:
    """Compute the forward of `ToTensor`, in the default dtype."""
    del self
    return F.to_tensor(pic)


def to_pil_image(self: Any, pic: object) -> Any:
    """Compute the forward of `ToPILImage`; arrays have their channels last."""
    return F.to_pil_image(pic, self.mode)


class LinearTransformation(native.LinearTransformation):
    __doc__ = native.LinearTransformation.__doc__

    def __init__(self, transformation_matrix: Tensor, mean_vector: Tensor) -> None:
        arrays = (np.asarray(as_array(x)) for x in (transformation_matrix, mean_vector))
        super().__init__(*arrays)
