"""The data that the package carries, so that a first training needs no network."""

import hashlib
import io
from importlib import resources

import numpy as np

from funcnet._errors import InputError

_SHA256 = {
    "digits.npz": "b2dab7b501728c22e9119ad76740b2e17c77a231e42d1e592380d90886f1a05e",
    "sonnets.txt": "d1ecabeaa5532aa99e7ac5db6e8cb4cd87471148752f9b4cc8022439b6d52fac",
}
_SPLITS = ("train", "test", "all")


def digits(split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Return the 1,797 handwritten digits of the UCI set as `(images, labels)`.

    The test split is one fifth of the images, drawn once and for all with a fixed
    seed; the training split is the rest; both are in a fixed, shuffled order.

    Args:
        split: "train" (1,438 images), "test" (359) or "all" (both, train first).

    Returns:
        images: float32 `(n, 1, 8, 8)` from 0 to 1.
        labels: int32 `(n,)` from 0 to 9.

    Raises:
        InputError: there is no such split, or the file was damaged.

    Source: Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, 1998,
    https://doi.org/10.24432/C50P49, CC BY 4.0.

    Example:
        >>> images, labels = digits("test")
        >>> images.shape, labels[:4].tolist()
        ((359, 1, 8, 8), [2, 8, 2, 6])
    """
    if split not in _SPLITS:
        raise InputError(
            f"digits: split is {split!r}, it must be one of "
            f"{', '.join(map(repr, _SPLITS))}."
        )
    with np.load(io.BytesIO(_read("digits.npz")), allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    # RandomState's stream is frozen for ever (NEP 19), so the split is, too.
    order = np.random.RandomState(0).permutation(len(images))
    held_out = len(images) // 5
    chosen = {
        "train": order[held_out:],
        "test": order[:held_out],
        "all": np.roll(order, -held_out),
    }[split]
    scaled = images[chosen, None].astype(np.float32) / 16  # (n, 1, 8, 8)
    return scaled, labels[chosen].astype(np.int32)


def sonnets() -> str:
    """Return 29 of Shakespeare's sonnets (1609, public domain), 17,861 characters.

    Lines end in a newline, a blank line stands between two sonnets.

    Raises:
        InputError: the file was damaged.

    Example:
        >>> sonnets()[:26]
        'From fairest creatures we '
    """
    return _read("sonnets.txt").decode("ascii")


def _read(name: str) -> bytes:
    """Read a file of the package and check that it is the one it should be."""
    content = resources.files("funcnet.data").joinpath("files", name).read_bytes()
    result = hashlib.sha256(content).hexdigest()
    if result != _SHA256[name]:
        raise InputError(
            f"{name} was damaged: its SHA-256 is {result}, it must be {_SHA256[name]}. "
            "Install funcnet again."
        )
    return content
