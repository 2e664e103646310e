"""Folders of images to load: drawn anew, the same in every run."""

from pathlib import Path

import numpy as np
from PIL import Image


def draw(folder: Path) -> None:
    """Draw `folder/png` and `folder/jpeg`, each with two classes."""
    _draw(folder / "png", 1000, (64, 64), "png")
    _draw(folder / "jpeg", 64, (1600, 1200), "jpg")


def _draw(folder: Path, count: int, size: tuple[int, int], ending: str) -> None:
    random = np.random.default_rng(0)
    for number in range(count):
        path = folder / ("cat", "dog")[number % 2] / f"{number:04}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        # A few colours, blurred, and some noise, so that it packs as photographs do.
        small = random.integers(0, 255, (8, 8, 3), np.uint8)
        image = np.asarray(
            Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
        )
        noise = random.normal(0, 4, image.shape)
        pixels = np.clip(image + noise, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(path, quality=85)
