"""TensorFlow Datasets read at random, without TensorFlow."""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from funcnet._errors import InputError
from funcnet.data._datasets.dataset import Dataset, rows
from funcnet.data._tfds._digits import build_digits
from funcnet.data._tfds._library import load
from funcnet.data._tfds._originals import ORIGINALS, original
from funcnet.data._tfds._split import joined

Sample: TypeAlias = dict[str, Any]
Folder: TypeAlias = str | os.PathLike[str]
_FORMATS = ("array_record", "parquet")


class TFDSDataset(Dataset[Any]):
    """Samples of a prepared set of TensorFlow Datasets; made by `tfds`.

    Attributes:
        features: of the set by name, as TFDS describes them.
    """

    def __init__(
        self,
        source: Any,
        features: Any,
        keys: tuple[str, str] | None,
        transform: Callable[[Any], Any] | None,
    ) -> None:
        self.features = features
        self._source, self._keys, self._transform = source, keys, transform

    def __len__(self) -> int:
        return len(self._source)

    def __getitem__(self, index: int) -> Any:
        return self._changed(self._source[index])

    def __getitems__(self, indices: Sequence[int]) -> list[Any]:
        """Return several samples, which are read together."""
        return [self._changed(row) for row in rows(self._source, indices)]

    def _changed(self, sample: Sample) -> Any:
        changed: Any = sample
        if self._keys is not None:
            changed = tuple(sample[key] for key in self._keys)
        return changed if self._transform is None else self._transform(changed)


def tfds(
    name: str,
    split: str = "train",
    data_dir: Folder | None = None,
    *,
    decoders: Mapping[str, Any] | None = None,
    as_supervised: bool = False,
    transform: Callable[[Any], Any] | None = None,
    download: bool = False,
) -> Dataset[Any]:
    """Open a set of TensorFlow Datasets for random access, without TensorFlow.

    The set must have been prepared as `array_record` or `parquet`, by TFDS or by
    `build_tfds`; that of tfrecord files has no random access. "digits", the set that
    funcnet carries, is prepared when it is first asked for. The sets that TFDS itself
    can only prepare with TensorFlow (mnist, fashion_mnist, kmnist, cifar10, cifar100,
    svhn_cropped, stl10) are read from their original files instead, in torchvision's
    layout below `data_dir`, and a warning says so.

    Args:
        name: of the set, as "mnist", "name/config" or "name:1.0.0"; or the path of a
            folder with its `dataset_info.json`.
        split: "train", "test[:50%]", "train[100:200]", "train+test" and so on.
        data_dir: the folder of all sets, `~/tensorflow_datasets` by default.
        decoders: by feature, a decoder of TFDS, or "skip" for the encoded bytes.
        as_supervised: give `(input, target)` instead of a dict.
        transform: called with each sample.
        download: fetch original files that are not there.

    Returns:
        A dataset of dicts: images are uint8 `(height, width, channels)`, texts bytes,
        labels integers.

    Raises:
        InputError: there is no such set or split, or it cannot be read at random.
        ImportError: TFDS is not installed.

    Example:
        >>> import tempfile
        >>> data = tfds("digits", "test[:50%]", tempfile.mkdtemp())
        >>> len(data), data[0]["image"].shape
        (180, (8, 8, 1))
    """
    root = Path(data_dir or Path.home() / "tensorflow_datasets").expanduser()
    folder = _prepared(name, root)
    if folder is None and name == "digits":
        folder = build_digits(root)
    if folder is None and name in ORIGINALS:
        return original(name, split, root, as_supervised, transform, download)
    if folder is None:
        raise InputError(
            f"tfds: there is no prepared set {name!r} in {root}. Prepare it with "
            f'tfds.builder({name!r}, file_format="array_record")'
            ".download_and_prepare() of tensorflow_datasets, or make one with "
            "funcnet.data.build_tfds. Read from their original files are "
            f"{', '.join(ORIGINALS)}."
        )
    return _opened(folder, split, decoders, as_supervised, transform)


def _opened(
    folder: Path,
    split: str,
    decoders: Mapping[str, Any] | None,
    as_supervised: bool,
    transform: Callable[[Any], Any] | None,
) -> TFDSDataset:
    result = json.loads((folder / "dataset_info.json").read_text()).get("fileFormat")
    if result not in _FORMATS:
        raise InputError(
            f"tfds: the set in {folder} was prepared as {result or 'tfrecord'}, which "
            "has no random access. Prepare it again with "
            'file_format="array_record".'
        )
    library = load()
    builder = library.builder_from_directory(folder)
    if split is None or not str(split):
        raise InputError(
            f"tfds: name a split, one of {', '.join(builder.info.splits)}."
        )
    skip = library.decode.SkipDecoding()
    chosen = {k: skip if v == "skip" else v for k, v in (decoders or {}).items()}
    unknown = [key for key in chosen if key not in builder.info.features]
    if unknown:
        raise InputError(
            f"tfds: decoders are given for {', '.join(unknown)}; the features are "
            f"{', '.join(sorted(builder.info.features))}."
        )
    source = joined(
        split,
        list(builder.info.splits),
        str(folder),
        lambda part: builder.as_data_source(split=part, decoders=chosen or None),
    )
    keys = builder.info.supervised_keys if as_supervised else None
    if as_supervised and keys is None:
        raise InputError(
            f"tfds: the set in {folder} does not say which features are input and "
            "target (as_supervised=True); it has "
            f"{', '.join(sorted(builder.info.features))}."
        )
    return TFDSDataset(source, builder.info.features, keys, transform)


def _prepared(name: str, root: Path) -> Path | None:
    """Return the folder of a prepared set, the latest version where none is named."""
    if (Path(name) / "dataset_info.json").is_file():
        return Path(name)
    base, _, version = name.partition(":")
    infos = (root / base).glob(f"**/{version or '*'}/dataset_info.json")
    return max((info.parent for info in infos), key=_version, default=None)


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", folder.name)))
