"""Datasets of images, as `torchvision.datasets`; read by `funcnet.data.vision`."""

from funcnet.compat.torchvision._missing import missing
from funcnet.compat.torchvision.datasets import (
    _worker_form,
    folder,
    utils,
    vision,
)
from funcnet.compat.torchvision.datasets._cifar import CIFAR10, CIFAR100
from funcnet.compat.torchvision.datasets._mnist import KMNIST, MNIST, FashionMNIST
from funcnet.compat.torchvision.datasets.folder import DatasetFolder, ImageFolder
from funcnet.compat.torchvision.datasets.vision import VisionDataset
from funcnet.compat.utils.data._workers import FORMS
from funcnet.data.vision import (
    STL10,
    SVHN,
    CocoCaptions,
    CocoDetection,
    FakeData,
)

FORMS.update(dict.fromkeys(_worker_form.NATIVE, _worker_form.worker_form))
__getattr__ = missing("datasets", globals())

__all__ = [
    "CIFAR10",
    "CIFAR100",
    "KMNIST",
    "MNIST",
    "STL10",
    "SVHN",
    "CocoCaptions",
    "CocoDetection",
    "DatasetFolder",
    "FakeData",
    "FashionMNIST",
    "ImageFolder",
    "VisionDataset",
    "folder",
    "utils",
    "vision",
]
