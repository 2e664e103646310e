"""The base class of datasets of images, as `torchvision.datasets.vision`."""

from funcnet.data.vision import VisionDataset

__all__ = ["VisionDataset"]
