"""Base class of image datasets, as `torchvision.datasets.vision`."""

from funcnet.data.vision import VisionDataset

__all__ = ["VisionDataset"]
