"""Sets of TensorFlow Datasets made of any images and labels, offline."""

import io
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from funcnet._errors import InputError, InputTypeError
from funcnet.data._datasets.dataset import Source
from funcnet.data._tfds._library import load

_log = logging.getLogger("funcnet.data")


def build_tfds(
    name: str,
    splits: Mapping[str, Source[tuple[Any, int]]],
    data_dir: str | os.PathLike[str],
    *,
    classes: Sequence[str] | None = None,
    file_format: str = "array_record",
) -> Path:
    """Prepare a set of TensorFlow Datasets of images and labels, without TensorFlow.

    The images are stored as PNG. `tfds` and `tensorflow_datasets` itself read the set,
    the latter by `tfds.builder_from_directory`.

    Args:
        name: of the set, in small letters.
        splits: by name, datasets of `(image, label)`, as an `ImageFolder`: images of
            Pillow, or uint8 `(height, width, channels)`.
        data_dir: the folder of all sets.
        classes: names of the labels; by default `classes` of the first dataset, or as
            many numbers as there are labels.
        file_format: "array_record" or "parquet".

    Returns:
        The folder of the set.

    Raises:
        InputError: the set is there already, a split is empty, a label has no class.
        InputTypeError: a sample is no image with a label.
        ImportError: TFDS is not installed.

    Example:
        >>> import tempfile
        >>> images = [(np.full((4, 4, 3), n, np.uint8), n) for n in range(3)]
        >>> from funcnet.data import tfds
        >>> folder = build_tfds("greys", {"train": images}, tempfile.mkdtemp())
        >>> sample = tfds(str(folder), "train")[0]
        >>> sample["image"].shape, int(sample["image"][0, 0, 0]) == sample["label"]
        ((4, 4, 3), True)
    """
    library = load()
    root = Path(data_dir).expanduser()
    if (root / name).exists():
        raise InputError(
            f"build_tfds: {root / name} is there already. Remove it, or choose another "
            "name."
        )
    if file_format not in ("array_record", "parquet"):
        raise InputError(
            f"build_tfds: file_format is {file_format!r}; array_record and parquet can "
            "be read at random."
        )
    names = _classes(splits, classes)
    image, _ = _checked(next(iter(splits)), 0, next(iter(splits.values()))[0], names)
    channels = len(image.getbands())

    base: Any = library.core.GeneratorBasedBuilder

    class Builder(base, skip_registration=True):  # type: ignore[call-arg]
        code_path = None  # TFDS looks beside it for files of checksums
        VERSION = library.core.Version("1.0.0")

        def _info(self) -> Any:
            features = library.features.FeaturesDict(
                {
                    "image": library.features.Image(shape=(None, None, channels)),
                    "label": library.features.ClassLabel(names=names),
                }
            )
            return library.core.DatasetInfo(
                builder=self, features=features, supervised_keys=("image", "label")
            )

        def _split_generators(self, manager: Any) -> dict[str, Any]:
            return {split: self._generate_examples(split) for split in splits}

        def _generate_examples(self, split: str) -> Iterator[tuple[int, Any]]:
            data = splits[split]
            for index in range(len(data)):
                image, label = _checked(split, index, data[index], names)
                yield index, {"image": _png(image), "label": label}

    Builder.name = name
    builder = Builder(data_dir=os.fspath(root), file_format=file_format)
    _log.info("preparing the set %r in %s", name, builder.data_dir)
    # What TFDS prints is meant for downloads.
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        builder.download_and_prepare()
    return Path(builder.data_dir)


def _classes(
    splits: Mapping[str, Source[tuple[Any, int]]], classes: Sequence[str] | None
) -> list[str]:
    """Return the names of the labels."""
    for split, data in splits.items():
        if not len(data):
            raise InputError(f"build_tfds: the split {split!r} has no samples.")
    if not splits:
        raise InputError("build_tfds: there is no split.")
    if classes is None:
        classes = getattr(next(iter(splits.values())), "classes", None)
    if classes is not None:
        return [str(name) for name in classes]
    labels = [data[i][1] for data in splits.values() for i in range(len(data))]
    return [str(number) for number in range(int(max(labels)) + 1)]


def _checked(
    split: str, index: int, sample: Any, names: list[str]
) -> tuple[Image.Image, int]:
    context = f"build_tfds: sample {index} of the split {split!r}"
    if not isinstance(sample, tuple | list) or len(sample) != 2:
        raise InputTypeError(
            f"{context} is a {type(sample).__name__}, an image and its label are "
            "needed."
        )
    image, label = sample
    if isinstance(image, np.ndarray) and image.dtype == np.uint8:
        pixels = image[..., 0] if image.ndim == 3 and image.shape[-1] == 1 else image
        image = Image.fromarray(pixels)
    if not isinstance(image, Image.Image):
        dtype = getattr(image, "dtype", type(image).__name__)
        raise InputTypeError(
            f"{context} has an image of {dtype}; one of Pillow is needed, or uint8 "
            "(height, width, channels)."
        )
    if not 0 <= int(label) < len(names):
        raise InputError(f"{context} has the label {label}, there are {len(names)}.")
    return image, int(label)


def _png(image: Image.Image) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file
