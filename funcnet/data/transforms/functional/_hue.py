"""Colours as hue, saturation and value, and back."""

import numpy as np


def shifted_hue(image: np.ndarray, shift: float) -> np.ndarray:
    """Return `(..., 3, height, width)` from 0 to 1 with another hue.

    The colours of a hexagon, after A. R. Smith, "Color gamut transform pairs" (1978).
    """
    h, s, v = _hue_saturation_value(image)
    h = np.remainder(h + np.float32(shift), np.float32(1))
    return _red_green_blue(h, s, v)


def _hue_saturation_value(
    image: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r, g, b = (image[..., c, :, :] for c in range(3))
    most, least = image.max(-3), image.min(-3)
    is_grey, spread, one = most == least, most - least, np.float32(1)
    saturation = spread / np.where(is_grey, one, most)
    divisor = np.where(is_grey, one, spread)
    red, green, blue = ((most - x) / divisor for x in (r, g, b))
    is_red, is_green = most == r, most == g
    sector = np.where(
        is_red,
        blue - green,
        np.where(is_green, np.float32(2) + red - blue, np.float32(4) + green - red),
    )
    hue = np.fmod(sector / np.float32(6) + one, one)
    return hue, saturation, most


def _red_green_blue(h: np.ndarray, s: np.ndarray, v: np.ndarray) -> np.ndarray:
    one, six = np.float32(1), np.float32(6)
    sector = np.floor(h * six)
    rest = h * six - sector
    p, q, t = (
        np.clip(x, 0, 1)
        for x in (v * (one - s), v * (one - s * rest), v * (one - s * (one - rest)))
    )
    which = sector.astype(np.int32) % 6
    red = np.choose(which, (v, q, p, p, t, v))
    green = np.choose(which, (t, v, v, q, p, p))
    blue = np.choose(which, (p, p, t, v, v, q))
    return np.stack((red, green, blue), -3)
