"""PyTorch's words for affine and bilinear maps."""

import math
from typing import Final

from funcnet.compat._core.shapes import cannot_expand, no_dimension
from funcnet.compat._messages.words.types import Facts, Told, Words


def _features(facts: Facts) -> Told:
    x, weight = facts["input"], facts["weight"]
    if facts["op"] == "linear_cross_entropy":
        return RuntimeError, (
            "expected equal input and linear_weight last dimensions (in_features), "
            f"got {x[-1]} and {weight[-1]}, respectively"
        )
    if not x:
        return RuntimeError, (
            "both arguments to linear need to be at least 1D, but they are 0D and "
            f"{len(weight)}D"
        )
    if len(weight) > 1 or len(x) > 2:
        rows, columns = math.prod(x[:-1]), [*weight, 1][1::-1]
        return RuntimeError, (
            "mat1 and mat2 shapes cannot be multiplied "
            f"({rows}x{x[-1]} and {columns[0]}x{columns[1]})"
        )
    if len(x) == 1:
        return RuntimeError, (
            "inconsistent tensor size, expected tensor {input} and src {weight} to "
            "have the same number of elements, but got {input[0]} and {weight[0]} "
            "elements respectively"
        )
    return RuntimeError, (
        "size mismatch, got input ({input[0]}), mat ({input[0]}x{input[1]}), vec "
        "({weight[0]})"
    )


def _bias(facts: Facts) -> Told:
    given, output = facts["bias"], facts["output"]
    refusal = cannot_expand(facts["dtype"].type_name, given, output)
    text = refusal or f"The bias {given} does not fit {output}"
    return RuntimeError, text.replace("{", "{{").replace("}", "}}")


def _same_dtype(facts: Facts) -> Told:
    """PyTorch adds the bias, if there is one, to a product of two matrices."""
    dtypes = facts["dtypes"]
    given, weight = dtypes["input"], dtypes["weight"]
    if "bias" not in dtypes:
        return RuntimeError, (
            "expected m1 and m2 to have the same dtype, but got: "
            f"{given.c_name} != {weight.c_name}"
        )
    what, other = "mat1", given
    if dtypes["bias"] is not weight:
        what, other = "self", dtypes["bias"]
    return RuntimeError, (
        f"{what} and mat2 must have the same dtype, but got {other.type_name} and "
        f"{weight.type_name}"
    )


def _bilinear_dtype(facts: Facts) -> Told:
    listed = [
        f"{what}: {dtype.c_name}"
        for what, dtype in facts["dtypes"].items()
        if what != "bias"
    ]
    return (
        RuntimeError,
        f"All tensors must have the same dtype, got {', '.join(listed)}",
    )


def _bilinear_batch(facts: Facts) -> Told:
    sizes = zip(facts["input1"][:-1], facts["input2"][:-1], strict=False)
    for dim, (one, other) in enumerate(sizes):
        if one != other:
            return RuntimeError, (
                f"bilinear(): input batch dimensions do not match at dim {dim}: got "
                f"{one} and {other}"
            )
    return RuntimeError, (
        "bilinear(): input dimensions do not match: got "
        f"{len(facts['input1'])} and {len(facts['input2'])}"
    )


def _bilinear_features(facts: Facts) -> Told:
    place = 1 if facts["features"][0] != facts["weight"][1] else 2
    return RuntimeError, (
        f"bilinear(): input{place} size does not match weight size: got "
        f"{facts['features'][place - 1]} but expected {facts['weight'][place]}"
    )


def _bilinear_weight(facts: Facts) -> Told:
    ndim = len(facts["weight"])
    return IndexError, no_dimension(ndim, ndim)


WORDS: Final[dict[str, Words]] = {
    "linear.features": _features,
    "linear.bias": _bias,
    "linear/dtype.same": _same_dtype,
    "bilinear.weight": _bilinear_weight,
    "bilinear.batch": _bilinear_batch,
    "bilinear.features": _bilinear_features,
    "bilinear/dtype.same": _bilinear_dtype,
    "bilinear/linear.bias": (
        RuntimeError,
        "bilinear(): bias size does not match weight size: got {bias[0]} but expected "
        "{weight[0]}",
    ),
}
