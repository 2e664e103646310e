"""Images with annotations in the JSON format of COCO."""

import json
import os
from typing import Any

from PIL import Image

from funcnet._errors import InputError, InputTypeError
from funcnet.data.images import open_image
from funcnet.data.vision._base import Change, Root, VisionDataset

__all__ = ["CocoCaptions", "CocoDetection"]


class CocoDetection(VisionDataset):
    """Images and the list of their annotations, as torchvision's `CocoDetection`.

    A sample is an image of Pillow, in RGB, and a list of dicts with "bbox" (left, top,
    width, height), "category_id", "segmentation" and so on, as they stand in the file.
    The order is that of the images' ids.

    Args:
        root: the folder of the images.
        annFile: the file of annotations.
        transform, target_transform: called with an image, and with its annotations.
        transforms: `(image, annotations) -> (image, annotations)`, instead of them.

    Attributes:
        ids: of the images, sorted.
        categories: by id, the categories of the file.

    Raises:
        FileNotFoundError: there is no such file, or (when it is asked for) image.
        InputError: the file has no images or annotations.

    Source: T.-Y. Lin et al., "Microsoft COCO: common objects in context", 2014,
    https://arxiv.org/abs/1405.0312.
    """

    def __init__(
        self,
        root: Root,
        annFile: Root,
        transform: Change | None = None,
        target_transform: Change | None = None,
        transforms: Any = None,
    ) -> None:
        super().__init__(root, transforms, transform, target_transform)
        with open(annFile, encoding="utf-8") as file:
            content = json.load(file)
        if not isinstance(content, dict) or not {"images", "annotations"} <= {*content}:
            raise InputError(
                f"{os.fspath(annFile)} is no file of COCO annotations: it must be a "
                'mapping with "images" and "annotations".'
            )
        self._names = {image["id"]: image["file_name"] for image in content["images"]}
        self.ids = sorted(self._names)
        self.categories = {
            category["id"]: category for category in content.get("categories", [])
        }
        self._annotations: dict[Any, list[Any]] = {}
        for annotation in content["annotations"]:
            self._annotations.setdefault(annotation["image_id"], []).append(annotation)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        if not hasattr(index, "__index__"):
            raise InputTypeError(
                f"Index must be of type integer, got {type(index)} instead."
            )
        number = self.ids[index]
        return self.changed(self._load_image(number), self._load_target(number))

    def _load_image(self, number: int) -> Image.Image:
        return open_image(self.folder(self._names[number]))

    def _load_target(self, number: int) -> list[Any]:
        return self._annotations.get(number, [])


class CocoCaptions(CocoDetection):
    """Images and the list of their captions, as torchvision's `CocoCaptions`.

    Takes the arguments of `CocoDetection`.
    """

    def _load_target(self, number: int) -> list[Any]:
        return [annotation["caption"] for annotation in super()._load_target(number)]
