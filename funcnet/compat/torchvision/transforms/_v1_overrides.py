"""The transforms with something that only PyTorch's side has: `inplace`, dtypes."""

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
        """What is printed."""
        return {"mean": self.mean, "std": self.std}


def normalized(self: Any, tensor: Tensor) -> Any:
    """The forward of `Normalize`, with gradients and in place."""
    return F.normalize(tensor, self.mean, self.std, self.inplace)


@dataclass(frozen=True, repr=False)
class RandomErasing(native.RandomErasing):
    __doc__ = native.RandomErasing.__doc__
    inplace: bool = False


def erased(self: Any, img: Any) -> Any:
    """The forward of `RandomErasing`, in place where that was asked for."""
    result = native.RandomErasing.apply(self, as_array(img), DRAWS)
    return F.put(img, result) if self.inplace else as_tensor(result, img)


def converted(self: Any, image: object) -> Any:
    """The forward of `ConvertImageDtype`, whose dtype is PyTorch's."""
    return F.convert_image_dtype(image, self.dtype)


def to_tensor(self: Any, pic: object) -> Any:
    """The forward of `ToTensor`, in the default dtype."""
    del self
    return F.to_tensor(pic)


def to_pil_image(self: Any, pic: object) -> Any:
    """The forward of `ToPILImage`: arrays have their channels last, tensors first."""
    return F.to_pil_image(pic, self.mode)


class LinearTransformation(native.LinearTransformation):
    __doc__ = native.LinearTransformation.__doc__

    def __init__(self, transformation_matrix: Tensor, mean_vector: Tensor) -> None:
        arrays = (np.asarray(as_array(x)) for x in (transformation_matrix, mean_vector))
        super().__init__(*arrays)
