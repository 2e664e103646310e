"""Datasets of images by name, and of folders, in torchvision's layouts on disk."""

from funcnet.data.vision._base import VisionDataset
from funcnet.data.vision._cifar import CIFAR10, CIFAR100
from funcnet.data.vision._coco import CocoCaptions, CocoDetection
from funcnet.data.vision._download import DownloadError, download
from funcnet.data.vision._fake import FakeData
from funcnet.data.vision._files import DatasetMissingError
from funcnet.data.vision._folder import DatasetFolder, ImageFolder
from funcnet.data.vision._mnist import KMNIST, MNIST, FashionMNIST
from funcnet.data.vision._stl10 import STL10
from funcnet.data.vision._svhn import SVHN

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
    "DatasetMissingError",
    "DownloadError",
    "FakeData",
    "FashionMNIST",
    "ImageFolder",
    "VisionDataset",
    "download",
]
