"""What is in an array, in a few numbers."""

from typing import Any

import numpy as np

TITLES = ["min", "max", "mean", "std", "not finite"]


def row(name: str, leaf: Any) -> list[str]:
    """The least, largest and mean number, their spread, and how many are NaN or inf."""
    array = numbers(name, leaf)
    if array is None or not array.size:
        return ["", "", "", "", ""]
    finite = array[np.isfinite(array)]
    odd = array.size - finite.size
    if np.iscomplexobj(array):
        finite = np.abs(finite)
    if not finite.size:
        return ["", "", "", "", str(odd)]
    found = [finite.min(), finite.max(), finite.mean(), finite.std()]
    return [*(f"{float(x):.4g}" for x in found), str(odd) if odd else ""]


def numbers(name: str, leaf: Any) -> np.ndarray | None:
    """Read a leaf as numbers that NumPy computes with; None if it is no array."""
    from funcnet.checkpoint._host import fetch, is_array

    if not is_array(leaf):
        return None
    array = fetch(leaf, name)
    if array.dtype.kind in "fc":
        return array
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    return array.astype(np.float32)  # of ml_dtypes: all of them fit
