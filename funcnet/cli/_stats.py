"""What is in an array, in a few numbers."""

import numpy as np

TITLES = ["min", "max", "mean", "std", "not finite"]


def row(leaf: object) -> list[str]:
    """The least, largest and mean number, their spread, and how many are NaN or inf."""
    array = numeric_array(leaf)
    if array is None or not array.size:
        return ["", "", "", "", ""]
    finite = array[np.isfinite(array)]
    odd = array.size - finite.size
    if np.iscomplexobj(array):
        finite = np.abs(finite)
    if not finite.size:
        return ["", "", "", "", str(odd)]
    result = [finite.min(), finite.max(), finite.mean(), finite.std()]
    return [*(f"{float(x):.4g}" for x in result), str(odd) if odd else ""]


def numeric_array(leaf: object) -> np.ndarray | None:
    """A leaf as numbers that NumPy computes with; None if it is no array."""
    if not isinstance(leaf, np.ndarray | np.generic):
        return None
    array = np.asarray(leaf)
    if array.dtype.kind in "fc":
        return array.astype(np.result_type(array.dtype, np.float32))
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    return array.astype(np.float32)  # of ml_dtypes: all of them fit
