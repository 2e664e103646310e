"""Makes the frozen results of torchvision, in the environment of `make parity`.

    python -m tests.reference.make_vision

Of each result, flattened, every 17th value is kept.
"""

import warnings
from typing import Any

import numpy as np
import torch
from PIL import Image

from tests.parity.cases import vision as vision_cases
from tests.parity.compat import vision as compat_vision
from tests.reference import vision

KINDS = ("RGB", "bytes", "floats")
SEEDS = (0, 1)


def main() -> None:
    warnings.simplefilter("ignore")
    library = compat_vision.theirs
    results: dict[str, np.ndarray] = {}
    calls = vision_cases.CALLS | vision_cases.ARRAY_ONLY
    for name, cases in calls.items():
        for index, call in enumerate(cases):
            for kind in KINDS:
                image = compat_vision._image(torch, kind)
                result = compat_vision._outcome(
                    call, library.transforms.functional, image
                )
                if not isinstance(result, Exception):
                    results[f"{name}|{index}|{kind}"] = vision.kept(parts(result))
    for name, makers in vision_cases.TRANSFORMS.items():
        for index, make in enumerate(makers):
            results[f"T.{name}|{index}|repr"] = np.array(repr(make(library.transforms)))
            for kind in KINDS:
                for seed in SEEDS:
                    run = compat_vision._seeded(make, torch, seed)
                    image = compat_vision._image(torch, kind)
                    result = compat_vision._outcome(run, library, image)
                    if not isinstance(result, Exception):
                        key = f"T.{name}|{index}|{kind}|{seed}"
                        results[key] = vision.kept(parts(result))
    np.savez_compressed(vision.FILE, **results)
    size = vision.FILE.stat().st_size
    print(f"{len(results)} results, {size / 1e6:.2f} MB in {vision.FILE}")


def parts(found: Any) -> list[np.ndarray]:
    """The arrays a result consists of."""
    if isinstance(found, tuple | list) and not isinstance(found[0], int):
        return [array for one in found for array in parts(one)]
    if isinstance(found, Image.Image):
        return [np.asarray(found)]
    return [np.asarray(found)]


if __name__ == "__main__":
    main()
