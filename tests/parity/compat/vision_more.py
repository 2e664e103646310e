"""The rest of torchvision that compat has: v2, grids, files of images, FakeData."""

import random
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from funcnet import compat
from funcnet.compat import torchvision as mine
from tests.parity.compat.vision import Slack, _compare, _image, _outcome, theirs
from tests.parity.report import Tally, Trial

SEEDS = range(6)
MAKERS: dict[str, list[Callable[[Any, Any], Any]]] = {
    "RandomCrop": [
        lambda T, t: T.RandomCrop(24),
        lambda T, t: T.RandomCrop((40, 20), padding=(1, 2)),
        lambda T, t: T.RandomCrop((40, 20)),
    ],
    "RandomResizedCrop": [lambda T, t: T.RandomResizedCrop(24)],
    "RandomHorizontalFlip": [lambda T, t: T.RandomHorizontalFlip()],
    "ColorJitter": [lambda T, t: T.ColorJitter(0.4, 0.3, 0.2, 0.1)],
    "RandomRotation": [lambda T, t: T.RandomRotation(30)],
    "RandomAffine": [lambda T, t: T.RandomAffine(20, (0.1, 0.2), (0.7, 1.2), 10)],
    "RandomPerspective": [lambda T, t: T.RandomPerspective(0.6, 0.7)],
    "GaussianBlur": [lambda T, t: T.GaussianBlur(5)],
    "RandomGrayscale": [lambda T, t: T.RandomGrayscale(0.5)],
    "RandomInvert": [lambda T, t: T.RandomInvert()],
    "Resize": [lambda T, t: T.Resize(20)],
    "RandomApply": [lambda T, t: T.RandomApply([T.RandomCrop(20), T.Pad(2)], 0.6)],
    "RandomChoice": [
        lambda T, t: T.RandomChoice([T.CenterCrop(20), T.Pad(1)], p=[0.2, 0.8])
    ],
    "RandomOrder": [
        lambda T, t: T.RandomOrder([T.RandomCrop(20), T.Pad(1), T.Resize(9)])
    ],
    "ToDtype": [
        lambda T, t: T.ToDtype(t.float32),
        lambda T, t: T.Compose(
            [
                T.ToImage(),
                T.ToDtype(t.float32, scale=True),
                T.Normalize([0.1, 0.2, 0.3], [0.4, 0.5, 0.6]),
            ]
        ),
    ],
}
GRIDS: list[dict[str, Any]] = [
    {},
    {"nrow": 3, "padding": 1, "pad_value": 0.5},
    {"normalize": True},
    {"normalize": True, "scale_each": True, "value_range": (0.2, 0.7)},
]
MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
# PyTorch multiplies the grid of positions by other kernels on other processors, and
# between far pixels a position's last bit weighs more.
SHARES = {"RandomPerspective": 4e-5}


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for name, makers in MAKERS.items():
        for index, make in enumerate(makers):
            for kind in ("RGB", "bytes", "floats"):
                run = partial(_sample, make, kind, SHARES.get(name, 2e-6))
                yield Trial(f"v2.{name}", f"{index} on {kind}", run)
    for name in ("MixUp", "CutMix"):
        yield Trial(f"v2.{name}", "over seeds", partial(_mixed, name))
    for options in GRIDS:
        yield Trial("make_grid", str(options), partial(_grid, options))
    yield Trial("save_image", "bytes of the file", _saved)
    for mode in MODES:
        yield Trial("PNG", mode, partial(_png, mode))
    yield Trial("FakeData", "over indices", _fake)


def _sample(make: Callable[[Any, Any], Any], kind: str, share: float) -> None:
    for seed in SEEDS:
        wanted = _outcome(_seeded(make, torch, seed), theirs, _image(torch, kind))
        result = _outcome(_seeded(make, compat, seed), mine, _image(compat, kind))
        if isinstance(wanted, Exception) or isinstance(result, Exception):
            assert isinstance(result, Exception), f"torchvision says {wanted!r}"
            assert isinstance(wanted, Exception), repr(result)
            return
        assert result[1] == wanted[1] == 3, "the target was changed"
        _compare(result[0], wanted[0], Slack(share, 1), f"seed {seed}: ")


def _seeded(make: Callable[[Any, Any], Any], library: Any, seed: int) -> Any:
    def run(vision: Any, image: Any) -> Any:
        import funcnet.compat.torchvision.transforms.v2  # noqa: F401

        transform = make(vision.transforms.v2, library)
        library.manual_seed(seed)
        random.seed(seed)
        return transform(image, 3)

    return run


def _mixed(name: str) -> None:
    images = np.random.default_rng(0).random((4, 3, 20, 30), dtype=np.float32)
    for seed in SEEDS:
        result, wanted = (
            _mix(vision, library, name, images, seed)
            for vision, library in ((mine, compat), (theirs, torch))
        )
        _compare(result, wanted, Slack(1e-6, 0), f"seed {seed}: ")


def _mix(vision: Any, library: Any, name: str, images: np.ndarray, seed: int) -> Any:
    mix = getattr(vision.transforms.v2, name)(num_classes=5, alpha=0.7)
    library.manual_seed(seed)
    return mix(library.from_numpy(images.copy()), library.arange(4))


def _grid(options: dict[str, Any]) -> None:
    batch = np.random.default_rng(0).random((7, 1, 5, 6), dtype=np.float32)
    result = mine.utils.make_grid(compat.from_numpy(batch), **options)
    wanted = theirs.utils.make_grid(torch.from_numpy(batch), **options)
    _compare(result, wanted, Slack(1e-6, 0))


def _saved() -> None:
    batch = np.random.default_rng(0).random((7, 3, 5, 6), dtype=np.float32)
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("mine.png", "theirs.png")]
        mine.utils.save_image(compat.from_numpy(batch), paths[0])
        theirs.utils.save_image(torch.from_numpy(batch), paths[1])
        result, wanted = (Image.open(path).copy() for path in paths)
    _compare(result, wanted, Slack(0, 0))


def _png(mode: str) -> None:
    """What Pillow's file becomes, beside torchvision's `pil_to_tensor` of it."""
    noise = np.random.default_rng(0).integers(0, 256, (9, 8, 3), dtype=np.uint8)
    image = Image.fromarray(noise).convert(mode)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "image.png"))
        image.save(path)
        result = mine.io.read_image(path)
    plain = image.convert({"1": "L", "P": "RGB"}.get(mode, mode))
    _compare(result, theirs.transforms.functional.pil_to_tensor(plain), Slack(0, 0))


def _fake() -> None:
    for size in ((3, 4, 5), (1, 2, 3), (3, 24, 20)):
        options = {"size": 6, "image_size": size, "num_classes": 9, "random_offset": 2}
        result, wanted = (one.datasets.FakeData(**options) for one in (mine, theirs))
        for index in range(6):
            _compare(result[index], wanted[index], Slack(0, 0), f"{size}, {index}: ")
        assert repr(result) == repr(wanted), repr(result)
