"""What datasets of images have in common."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from funcnet._errors import InputError
from funcnet.data._datasets.dataset import Dataset

__all__ = ["VisionDataset"]

Change: TypeAlias = Callable[[Any], Any]
Root: TypeAlias = str | os.PathLike[str]


class VisionDataset(Dataset[Any]):
    """A dataset of images and targets, as `torchvision.datasets.VisionDataset`.

    Args:
        root: the folder of the files.
        transforms: `(image, target) -> (image, target)`; or, instead,
        transform, target_transform: called with an image, and with a target.
    """

    def __init__(
        self,
        root: Root | None = None,
        transforms: Callable[[Any, Any], tuple[Any, Any]] | None = None,
        transform: Change | None = None,
        target_transform: Change | None = None,
    ) -> None:
        if transforms is not None and (transform or target_transform) is not None:
            raise InputError(
                "Only transforms or transform/target_transform can be passed as "
                "argument."
            )
        self.root = None if root is None else os.path.expanduser(root)
        self.transforms = transforms
        self.transform, self.target_transform = transform, target_transform

    def __len__(self) -> int:
        raise NotImplementedError(f"{type(self).__name__} has no method __len__.")

    def changed(self, image: Any, target: Any) -> tuple[Any, Any]:
        """Return the image and the target, transformed."""
        if self.transforms is not None:
            return self.transforms(image, target)
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            target = self.target_transform(target)
        return image, target

    def extra_repr(self) -> str:
        """Return further lines to print."""
        return ""

    def folder(self, *parts: str) -> Path:
        """Return a folder below the root."""
        return Path(self.root or ".", *parts)

    def __repr__(self) -> str:
        body = [f"Number of datapoints: {len(self)}"]
        if self.root is not None:
            body.append(f"Root location: {self.root}")
        body += self.extra_repr().splitlines()
        if self.transforms is not None:
            body.append(repr(self.transforms))
        elif (self.transform or self.target_transform) is not None:
            body.append("StandardTransform")
            body += _titled("Transform: ", self.transform)
            body += _titled("Target transform: ", self.target_transform)
        return "\n    ".join([f"Dataset {type(self).__name__}", *body])


def _titled(title: str, transform: Change | None) -> list[str]:
    if transform is None:
        return []
    first, *rest = repr(transform).splitlines()
    return [title + first, *(" " * len(title) + line for line in rest)]
