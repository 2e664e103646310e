"""compat's transforms beside frozen results of torchvision 0.28, seeds included."""

import random
import warnings
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

import funcnet.compat as torch
from funcnet.compat import torchvision
from tests.parity.cases.vision import ARRAY_ONLY, ARRAYS, CALLS, PICTURES, TRANSFORMS
from tests.reference import vision

# Sums of neighbours that are taken of tensors, also where an image of Pillow came.
SUMS = ("gaussian_blur", "elastic_transform", "T.GaussianBlur", "T.ElasticTransform")


@cache
def reference() -> dict[str, np.ndarray]:
    with np.load(vision.FILE) as file:
        return dict(file)


def image(kind: str) -> Any:
    if kind in PICTURES:
        return PICTURES[kind].copy()
    return torch.from_numpy(ARRAYS[kind].copy())


def parts(found: Any) -> list[np.ndarray]:
    if isinstance(found, tuple | list) and not isinstance(found[0], int):
        return [array for one in found for array in parts(one)]
    if isinstance(found, torch.Tensor):
        return [found.numpy()]
    return [np.asarray(found)]


def check(key: str, found: Any) -> None:
    wanted, ours = reference()[key], vision.kept(parts(found))
    assert wanted.shape == ours.shape, key
    name, _, kind = key.split("|")[:3]
    first = found[0] if isinstance(found, tuple | list) else found
    exact = isinstance(first, Image.Image) and name not in SUMS
    levels = 0 if exact else 1
    floats = isinstance(first, torch.Tensor) and first.dtype.is_floating_point
    # Floating point: 1e-6 for a function; a transform may be several of them, and
    # the elastic one moves pixels by sums of 17 numbers.
    slack = 1e-5 if name in SUMS else 3e-6
    scale = max(1.0, float(np.abs(wanted).max()))
    np.testing.assert_allclose(
        ours, wanted, rtol=0, atol=slack * scale if floats else levels, err_msg=key
    )
    assert kind in (*PICTURES, *ARRAYS)


FUNCTIONS = [name for name in {**CALLS, **ARRAY_ONLY} if "|" not in name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_gives_what_torchvision_gives(name: str) -> None:
    warnings.simplefilter("ignore")  # Pillow always smooths, as torchvision warns
    cases = {**CALLS, **ARRAY_ONLY}[name]
    found = [key for key in reference() if key.split("|")[0] == name]
    assert found
    for key in found:
        _, index, kind = key.split("|")
        result = cases[int(index)](torchvision.transforms.functional, image(kind))
        check(key, result)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_transform_draws_and_prints_as_torchvisions(name: str) -> None:
    warnings.simplefilter("ignore")
    result = [key for key in reference() if key.split("|")[0] == f"T.{name}"]
    assert result
    for key in result:
        _, index, kind, *seed = key.split("|")
        make = TRANSFORMS[name][int(index)]
        transform = make(torchvision.transforms)
        if kind == "repr":
            assert repr(transform) == str(reference()[key])
            continue
        torch.manual_seed(int(seed[0]))
        random.seed(int(seed[0]))
        check(key, transform(image(kind)))
