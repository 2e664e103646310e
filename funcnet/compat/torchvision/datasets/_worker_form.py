"""Datasets for worker processes: native ones, without tensors.

Workers need not import this package for it.
"""

from typing import Any, Final

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision._arrays import as_array
from funcnet.compat.torchvision.datasets._cifar import CIFAR10, CIFAR100
from funcnet.compat.torchvision.datasets._mnist import KMNIST, MNIST, FashionMNIST
from funcnet.compat.torchvision.transforms import _worker_form as transforms
from funcnet.compat.utils.data._workers import NeedsTensorsError
from funcnet.data import vision
from funcnet.data.vision._folder import default_loader

# Datasets whose samples, before the transforms, are Pillow images and numbers.
NATIVE: Final[dict[type, type]] = {
    CIFAR10: vision.CIFAR10,
    CIFAR100: vision.CIFAR100,
    FashionMNIST: vision.FashionMNIST,
    KMNIST: vision.KMNIST,
    MNIST: vision.MNIST,
    vision.FakeData: vision.FakeData,
    vision.ImageFolder: vision.ImageFolder,
    vision.STL10: vision.STL10,
    vision.SVHN: vision.SVHN,
}


def worker_form(dataset: object) -> Any:
    """Convert a dataset to its native class.

    Raises:
        NeedsTensorsError: there is more to them.
    """
    settings = {
        name: as_array(value) if isinstance(value, Tensor) else value
        for name, value in vars(dataset).items()
    }
    if settings["transforms"] or settings["target_transform"]:
        raise NeedsTensorsError("a function of the user's")
    if settings.get("loader", default_loader) is not default_loader:
        raise NeedsTensorsError("a loader of the user's")
    if settings["transform"] is not None:
        settings["transform"] = transforms.worker_form(settings["transform"])
    result: Any = object.__new__(NATIVE[type(dataset)])
    vars(result).update(settings)
    return result
