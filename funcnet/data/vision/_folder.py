"""Images in folders, one folder for each class."""

import os
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias

from PIL import Image

from funcnet._errors import InputError
from funcnet.data.images import open_image
from funcnet.data.vision._base import Change, Root, VisionDataset

__all__ = ["DatasetFolder", "ImageFolder"]

IMG_EXTENSIONS: Final = (
    *(".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp"),
)
Extensions: TypeAlias = str | Sequence[str] | None
IsValid: TypeAlias = Callable[[str], bool] | None


class DatasetFolder(VisionDataset):
    """Files in folders, one folder for each class, as `DatasetFolder`.

    A sample is `(loader(path), class)`.

    Args:
        root: the folder that holds one folder for each class; files may lie deeper.
        loader: reads a file.
        extensions: of the files to take, such as `(".npy",)`; or, instead,
        is_valid_file: returns whether the file of a path is to be taken.
        transform, target_transform: called with what was loaded, and with the class.
        allow_empty: allow folders without such files.

    Attributes:
        classes: the names of the folders, sorted.
        class_to_idx: the number of each.
        samples: `(path, class)` of each file, sorted by class and path.
        targets: the classes of the samples.

    Raises:
        FileNotFoundError: there is no such folder, no class in it, or none of these
            files in a class.
    """

    def __init__(
        self,
        root: Root,
        loader: Callable[[str], Any],
        extensions: Extensions = None,
        transform: Change | None = None,
        target_transform: Change | None = None,
        is_valid_file: IsValid = None,
        allow_empty: bool = False,
    ) -> None:
        super().__init__(root, None, transform, target_transform)
        self.loader, self.extensions = loader, extensions
        self.classes, self.class_to_idx = self.find_classes(str(self.root))
        self.samples = self.make_dataset(
            str(self.root), self.class_to_idx, extensions, is_valid_file, allow_empty
        )
        self.targets = [target for _, target in self.samples]

    def find_classes(self, directory: Root) -> tuple[list[str], dict[str, int]]:
        """Return the classes and their numbers; redefine it to choose them."""
        return find_classes(directory)

    @staticmethod
    def make_dataset(
        directory: Root,
        class_to_idx: dict[str, int],
        extensions: Extensions = None,
        is_valid_file: IsValid = None,
        allow_empty: bool = False,
    ) -> list[tuple[str, int]]:
        """Return the samples; redefine it to choose them."""
        return make_dataset(
            directory, class_to_idx, extensions, is_valid_file, allow_empty
        )

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        path, target = self.samples[index]
        return self.changed(self.loader(path), target)


class ImageFolder(DatasetFolder):
    """Images in folders, one folder for each class, as `ImageFolder`.

    A sample is an image of Pillow, in RGB, and the number of its class:
    `root/cat/1.png` is of class 0, `root/dog/deeper/2.jpg` of class 1.

    Takes the arguments of `DatasetFolder`, and has its attributes; the images are
    read with Pillow and taken by their usual extensions.

    Raises:
        FileNotFoundError: there is no such folder, no class in it, or no image in a
            class.
        ImageError: an `InputError` that names the file: an image is damaged (when it
            is asked for).

    Example:
        >>> import tempfile, pathlib
        >>> import numpy as np
        >>> from funcnet.data.images import write_png
        >>> root = pathlib.Path(tempfile.mkdtemp())
        >>> for name in ("dog", "cat"):
        ...     (root / name).mkdir()
        ...     write_png(np.zeros((3, 4, 6), np.uint8), root / name / "1.png")
        >>> images = ImageFolder(root)
        >>> images.class_to_idx
        {'cat': 0, 'dog': 1}
        >>> image, label = images[1]
        >>> image.size, label
        ((6, 4), 1)
    """

    def __init__(
        self,
        root: Root,
        transform: Change | None = None,
        target_transform: Change | None = None,
        loader: Callable[[str], Any] | None = None,
        is_valid_file: IsValid = None,
        allow_empty: bool = False,
    ) -> None:
        super().__init__(
            root,
            default_loader if loader is None else loader,
            IMG_EXTENSIONS if is_valid_file is None else None,
            transform,
            target_transform,
            is_valid_file,
            allow_empty,
        )
        self.imgs = self.samples


def default_loader(path: str) -> Image.Image:
    """Read an image of Pillow, in RGB."""
    return open_image(path)


def has_file_allowed_extension(filename: str, extensions: str | Sequence[str]) -> bool:
    """Return whether a name ends in one of the extensions, in any case."""
    ends = (extensions,) if isinstance(extensions, str) else tuple(extensions)
    return filename.lower().endswith(ends)


def is_image_file(filename: str) -> bool:
    """Return whether a name ends as those of images do."""
    return has_file_allowed_extension(filename, IMG_EXTENSIONS)


def find_classes(directory: Root) -> tuple[list[str], dict[str, int]]:
    """Return the names of the folders in a folder, sorted, and their numbers.

    Raises:
        FileNotFoundError: there is no such folder, or none in it.
    """
    if not os.path.isdir(directory):
        raise FileNotFoundError(f"there is no folder {os.fspath(directory)}")
    classes = sorted(entry.name for entry in os.scandir(directory) if entry.is_dir())
    if not classes:
        raise FileNotFoundError(
            f"Couldn't find any class folder in {os.fspath(directory)}: it must hold "
            "one folder for each class."
        )
    return classes, {name: number for number, name in enumerate(classes)}


def make_dataset(
    directory: Root,
    class_to_idx: dict[str, int] | None = None,
    extensions: Extensions = None,
    is_valid_file: IsValid = None,
    allow_empty: bool = False,
) -> list[tuple[str, int]]:
    """Return `(path, class)` of all files to take, sorted by class and path.

    Raises:
        FileNotFoundError: a class has none.
        InputError: both or neither of `extensions` and `is_valid_file` are given.
    """
    directory = os.path.expanduser(directory)
    if class_to_idx is None:
        class_to_idx = find_classes(directory)[1]
    elif not class_to_idx:
        raise InputError(
            "'class_to_index' must have at least one entry to collect any samples."
        )
    if (extensions is None) == (is_valid_file is None):
        raise InputError(
            "Both extensions and is_valid_file cannot be None or not None at the same "
            "time."
        )
    samples: list[tuple[str, int]] = []
    empty = []
    for name in sorted(class_to_idx):
        paths = _files(os.path.join(directory, name))
        if is_valid_file is not None:
            chosen = [path for path in paths if is_valid_file(path)]
        else:
            chosen = [p for p in paths if has_file_allowed_extension(p, extensions)]  # type: ignore[arg-type]
        samples += [(path, class_to_idx[name]) for path in chosen]
        if not chosen:
            empty.append(name)
    if empty and not allow_empty:
        suffixes = (
            extensions if isinstance(extensions, str) else ", ".join(extensions or ())
        )
        text = f" Supported extensions are: {suffixes}" if suffixes else ""
        raise FileNotFoundError(
            f"Found no valid file for the classes {', '.join(empty)} in {directory}."
            + text
        )
    return samples


def _files(folder: str) -> list[str]:
    """Return the files in a folder and below it, in torchvision's order."""
    return [
        os.path.join(folder_path, name)
        for folder_path, _, names in sorted(os.walk(folder, followlinks=True))
        for name in sorted(names)
    ]
