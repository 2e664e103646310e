"""PyTorch's words for norms."""

import math
from typing import Final

from funcnet.compat._core.shapes import no_dimension
from funcnet.compat._messages.words.types import Facts, Told, Words


def _array(facts: Facts) -> Told:
    """Say which array of the channels, or of the normalized shape, does not fit."""
    array, wanted = facts["array"], facts["wanted"]
    if facts["name"] in ("layer_norm", "rms_norm"):
        return RuntimeError, (
            "Expected {label} to be of same shape as normalized_shape, but got {label} "
            f"of shape {array} and normalized_shape = {wanted}"
        )
    if facts["name"] == "group_norm":
        return RuntimeError, (
            "Expected {label} to be a vector of size equal to the number of channels "
            f"in input, but got {{label}} of shape {array} and input of shape {{input}}"
        )
    return RuntimeError, (
        f"{{label}} should contain {wanted[0]} elements not {math.prod(array)}"
    )


def _dtype(facts: Facts) -> Told:
    if facts["dtype"].type_name == "Float" or "running" in facts["label"]:
        return RuntimeError, "mixed dtype (CPU): all inputs must share same datatype."
    return RuntimeError, (
        "mixed dtype (CPU): expect parameter to have scalar type of Float"
    )


def _group_rank(facts: Facts) -> Told:
    return RuntimeError, (
        "Expected at least 2 dimensions for input tensor but received "
        f"{len(facts['input'])}"
    )


def _rank(facts: Facts) -> Told:
    return IndexError, no_dimension(1, len(facts["input"]))


def _groups(facts: Facts) -> Told:
    if facts["num_groups"] < 1:
        return (
            RuntimeError,
            "Expected num groups to be greater than 0, got {num_groups}",
        )
    return RuntimeError, (
        "Expected number of channels in input to be divisible by num_groups, but got "
        "input of shape {input} and num_groups={num_groups}"
    )


def _shape(facts: Facts) -> Told:
    wanted = facts["normalized_shape"]
    if not wanted:
        return _NO_SHAPE
    listed = ", ".join(map(str, ["*", *wanted]))
    return RuntimeError, (
        f"Given normalized_shape={wanted}, expected input with shape [{listed}], but "
        "got input of size{input}"
    )


def _neighbours(facts: Facts) -> Told:
    if facts["ndim"] < 3:
        return ValueError, (
            f"Expected 3D or higher dimensionality {'':24} input (got {{ndim}} "
            "dimensions)"
        )
    return RuntimeError, (
        "kernel size should be greater than zero, but got kH: {size} kW: 1"
    )


_NO_SHAPE: Final = (
    RuntimeError,
    "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least "
    "one element, but got normalized_shape = []",
)
WORDS: Final[dict[str, Words]] = {
    "norm.rank": _rank,
    "group_norm/norm.rank": _group_rank,
    "norm.array": _array,
    "norm.dtype": _dtype,
    "norm.one_value": (
        ValueError,
        "Expected more than 1 value per channel when training, got input size "
        "torch.Size({input})",
    ),
    "norm.one_element": (
        ValueError,
        "Expected more than 1 spatial element when training, got input size "
        "torch.Size({input})",
    ),
    "norm.no_statistics": (
        RuntimeError,
        "{missing} must be defined in evaluation mode",
    ),
    "instance_norm/norm.no_statistics": (
        RuntimeError,
        "Expected running_mean and running_var to be defined when use_input_stats is "
        "false",
    ),
    "norm.groups": _groups,
    "norm.layer_groups": (
        ValueError,
        "num_channels ({num_channels}) must be divisible by num_groups ({num_groups})",
    ),
    "norm.neighbours": _neighbours,
    "norm.shape": _shape,
    "norm.no_shape": _NO_SHAPE,
}
