"""MNIST and similar datasets, with images and labels as tensors."""

from typing import Any

from PIL import Image

from funcnet.compat.torchvision._arrays import as_array, as_tensor
from funcnet.data import vision


class _Tensors(vision.MNIST):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.data, self.targets = as_tensor(self.data), as_tensor(self.targets)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image = Image.fromarray(as_array(self.data[index]))
        return self.changed(image, int(self.targets[index]))


class MNIST(_Tensors):
    __doc__ = vision.MNIST.__doc__


class FashionMNIST(_Tensors, vision.FashionMNIST):
    __doc__ = vision.FashionMNIST.__doc__


class KMNIST(_Tensors, vision.KMNIST):
    __doc__ = vision.KMNIST.__doc__
