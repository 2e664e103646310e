"""Transforms of images: `funcnet.compat.torchvision` beside torchvision itself.

Functions are compared on images of Pillow (bit by bit where Pillow does the work),
bytes (within one level) and floating-point tensors (within 1e-6); transforms, which may
be several functions, over seeds (within 2e-6), with the draw that follows, and in how
they print.
"""

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image

from funcnet import compat
from funcnet.compat import torchvision as mine
from tests.parity.cases.vision import (
    ARRAY_ONLY,
    ARRAYS,
    CALLS,
    PICTURES,
    PILLOW_ONLY,
    TRANSFORMS,
)
from tests.parity.report import Tally, Trial
from tools.torch_names import without_compiled_operators


def _torchvision() -> Any:
    """torchvision, also from a wheel whose compiled operators do not load."""
    with without_compiled_operators():
        import torchvision
        from torchvision.transforms import v2  # noqa: F401
    return torchvision


theirs = _torchvision()
SEEDS = range(12)
# Sums of neighbours, which torchvision takes of tensors made of Pillow's images.
SUMS = {"gaussian_blur", "elastic_transform", "T.GaussianBlur", "T.ElasticTransform"}


class Slack(NamedTuple):
    """What may differ: of floating-point numbers, and levels of Pillow's images."""

    share: float
    levels: int


def trials(tally: Tally) -> Iterator[Trial]:
    del tally
    for name, calls in CALLS.items():
        for index, call in enumerate(calls):
            for kind in (*PICTURES, *ARRAYS):
                if not (name in PILLOW_ONLY and kind in ARRAYS):
                    run = partial(_function, call, kind, name in SUMS)
                    yield Trial(name, f"call {index} on {kind}", run)
    for name, calls in ARRAY_ONLY.items():
        for index, call in enumerate(calls):
            for kind in ARRAYS:
                run = partial(_function, call, kind, False)
                yield Trial(name, f"call {index} on {kind}", run)
    for name, makers in TRANSFORMS.items():
        for index, make in enumerate(makers):
            yield Trial(f"T.{name}", f"repr {index}", partial(_printed, make))
            for kind in (*PICTURES, *ARRAYS):
                run = partial(_transform, make, kind, f"T.{name}" in SUMS)
                yield Trial(f"T.{name}", f"{index} on {kind}", run)


def _function(call: Callable[[Any, Any], Any], kind: str, sums: bool) -> None:
    wanted = _outcome(call, theirs.transforms.functional, _image(torch, kind))
    result = _outcome(call, mine.transforms.functional, _image(compat, kind))
    _compare(result, wanted, Slack(1e-6, int(sums)))


def _transform(make: Callable[[Any], Any], kind: str, sums: bool) -> None:
    for seed in SEEDS:
        wanted = _outcome(_seeded(make, torch, seed), theirs, _image(torch, kind))
        after = torch.rand(1).item(), random.random()
        result = _outcome(_seeded(make, compat, seed), mine, _image(compat, kind))
        slack = Slack(1e-5 if sums else 2e-6, int(sums))
        _compare(result, wanted, slack, f"seed {seed}: ")
        if not isinstance(wanted, Exception):
            now = compat.rand(1).item(), random.random()
            assert now == after, f"seed {seed}: other draws were made"


def _seeded(make: Callable[[Any], Any], library: Any, seed: int) -> Any:
    def run(vision: Any, image: Any) -> Any:
        transform = make(vision.transforms)
        library.manual_seed(seed)
        random.seed(seed)
        return transform(image)

    return run


def _printed(make: Callable[[Any], Any]) -> None:
    wanted, result = repr(make(theirs.transforms)), repr(make(mine.transforms))
    assert result == wanted, f"{result}, torchvision {wanted}"


def _outcome(call: Callable[[Any, Any], Any], vision: Any, image: Any) -> Any:
    try:
        return call(vision, image)
    except (AttributeError, TypeError, ValueError, RuntimeError, OSError) as error:
        return error


def _image(library: Any, kind: str) -> Any:
    if kind in PICTURES:
        return PICTURES[kind].copy()
    return library.from_numpy(ARRAYS[kind].copy())


def _compare(found: Any, wanted: Any, slack: Slack, where: str = "") -> None:
    if isinstance(wanted, Exception):
        assert isinstance(found, Exception), f"{where}torchvision says {wanted!r}"
        return
    assert not isinstance(found, Exception), f"{where}{found!r}"
    if isinstance(wanted, tuple | list):
        assert type(found) is type(wanted), f"{where}{type(found)}"
        assert len(found) == len(wanted), f"{where}{len(found)} of {len(wanted)}"
        for mine_, theirs_ in zip(found, wanted, strict=True):
            _compare(mine_, theirs_, slack, where)
    elif isinstance(wanted, Image.Image):
        assert found.mode == wanted.mode, f"{where}mode {found.mode}"
        a, b = np.asarray(found), np.asarray(wanted)
        assert a.shape == b.shape, f"{where}shape {a.shape}, torchvision {b.shape}"
        off = np.abs(a.astype(int) - b)
        assert off.max(initial=0) <= slack.levels, (
            f"{where}{(a != b).mean():.2%} of the image differ, by up to {off.max()}"
        )
    elif isinstance(wanted, torch.Tensor):
        assert str(found.dtype) == str(wanted.dtype), f"{where}{found.dtype}"
        a, b = found.numpy(), wanted.numpy()
        assert a.shape == b.shape, f"{where}shape {a.shape}, torchvision {b.shape}"
        allowed = slack.share * max(1, np.abs(b).max(initial=0))
        allowed = allowed if b.dtype.kind == "f" else int(b.dtype == np.uint8)
        worst = np.abs(a.astype("f8") - b.astype("f8")).max(initial=0)
        assert worst <= allowed, f"{where}{worst:.3g} off"
    else:
        assert found == wanted, f"{where}{found}, torchvision {wanted}"
