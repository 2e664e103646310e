"""The rules of `_saved` that depend on the arguments, and how arguments are given."""

import itertools
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

Places: TypeAlias = tuple[int, ...]
Given: TypeAlias = Mapping[str, Any]
Named: TypeAlias = dict[str, Places]
Rule: TypeAlias = str | Callable[[Given], str]
"""As text, or what makes it of the arguments of a call."""


class Place(int):
    """Stands for a tensor among the arguments: its place among the inputs.

    Attributes:
        spec: its shape, dtype and device, where they are known.
    """

    spec: Any = None


def _power(given: Given) -> str:
    if not isinstance(given["exponent"], Place):
        return "input"
    return "inputs, result"


def _quotient(given: Given) -> str:
    if not isinstance(given["input"], Place):  # the reciprocal times a number
        return ""
    return "input: other; other: input, other"


def _padding(given: Given) -> str:
    return "input" if given.get("mode") in ("reflect", "replicate") else ""


def _divergence(given: Given) -> str:
    return "" if given.get("log_target") else "input: target; target: input, target"


def _selected(given: Given) -> str:
    return "first, result" if given.get("dim") is None else "result1"


def _average_pool(given: Given) -> str:
    size = given["output_size"]
    sizes = size if isinstance(size, tuple | list) else (size,)
    return "" if set(sizes) == {1} else "input"  # else it is a mean


def _norm(given: Given) -> str:
    return "" if given.get("p", "nuc") == "nuc" else "first, result"


def _shape(given: Given, name: str) -> tuple[int, ...]:
    """The shape of an argument; () where it is no tensor."""
    spec = getattr(given.get(name), "spec", None)
    return () if spec is None else spec.shape


def _matrix_norm(given: Given) -> str:
    order, dim = given.get("ord"), given.get("dim")
    along = len(_shape(given, "A")) if dim is None else 1 if type(dim) is int else 2
    if along != 2 or not isinstance(order, int | float | str):
        return "first, result"
    if order == "nuc":
        return ""
    return "result" if order in (2, -2) else "first, result"


def _masked(alone: str, more: str = "") -> Callable[[Given], str]:
    """What is kept without a mask, and what with one, besides the mask.

    That is kept itself only where it is not expanded to the shape of the input.
    """

    def rule(given: Given) -> str:
        if not isinstance(given.get("mask"), Place):
            return alone
        whole = _shape(given, "mask") == _shape(given, "input")
        return f"mask, {more}" if whole else more

    return rule


def _masked_product(given: Given) -> str:
    alone = "first, result" if _shape(given, "input") else ""
    return _masked(alone, "result")(given)


def _masked_both(given: Given) -> str:
    masks = [
        name
        for name in ("input_mask", "other_mask")
        if isinstance(given.get(name), Place)
    ]
    if not masks:
        return "inputs"
    whole = _shape(given, "input")
    return ", ".join(name for name in masks if _shape(given, name) == whole)


def _product(given: Given) -> str:
    # Of more than two dimensions a transposed copy is multiplied.
    input_dims, other_dims = len(_shape(given, "input")), len(_shape(given, "other"))
    return "other: input" if 0 < input_dims <= 2 < other_dims else "others"


def _convolution(given: Given) -> str:
    if given.get("padding") != "same":
        return "input, weight"
    sizes = _shape(given, "weight")[2:]
    spread = given.get("dilation") or 1
    spreads = spread if isinstance(spread, tuple | list) else (spread,) * len(sizes)
    uneven = any(
        (size - 1) * step % 2
        for size, step in zip(sizes, itertools.cycle(spreads), strict=False)
    )
    return "weight" if uneven else "input, weight"  # of a padded copy


def _counts(given: Given) -> str:
    kept = "input" if given.get("log_input", True) else ""
    more = ", target" if given.get("full") else ""
    return f"input: target; target: {kept}{more}"


def _labels(given: Given) -> str:
    shown = given.get("reduction") == "none" and not given.get("zero_infinity")
    return "log_probs, targets, result" if shown else "log_probs, targets"


def _spectrum(given: Given) -> str:
    """Real numbers are kept, unless they were first cut or padded."""
    spec = getattr(given.get("input"), "spec", None)
    if spec is None or not spec.dtype.is_floating_point:
        return ""
    sizes, dim = given.get("n", given.get("s")), given.get("dim")
    if sizes is None:
        return "input"
    sizes = (sizes,) if isinstance(sizes, int) else tuple(sizes)
    dims = range(-len(sizes), 0) if dim is None else dim
    dims = (dims,) if isinstance(dims, int) else tuple(dims)
    shape = [spec.shape[axis] for axis in dims]
    return "input" if shape == [*sizes] else ""


def _interpolation(given: Given) -> str:
    if "settings" in given:  # of the operation; a layer gives its own by name
        size, _, mode, *_ = given["settings"]
    else:
        size, mode = given.get("size"), given.get("mode")
    if mode != "area":
        return ""
    return _average_pool({"output_size": size})


def _taken(given: Given) -> str:
    return "first" if given.get("dim") is not None else "first, index"


CHOICES: Final[dict[str, Rule]] = {
    "div": _quotient,
    "true_divide": _quotient,
    "pow": _power,
    "norm": _norm,
    "linalg.norm": _matrix_norm,
    "linalg.matrix_norm": _matrix_norm,
    "masked.kept": _masked(""),
    "masked.prod": _masked_product,
    "masked.logaddexp": _masked_both,
    **dict.fromkeys(("masked.sum", "masked.mean", "masked.var"), _masked("")),
    **dict.fromkeys(
        ("masked.amax", "masked.amin", "masked.norm", "masked.logsumexp"),
        _masked("first, result", "result"),
    ),
    "masked.std": _masked("result", "result"),
    "matmul": _product,
    "take_along_dim": _taken,
    **dict.fromkeys(
        [
            "fft.fft",
            "fft.ifft",
            "fft.rfft",
            "fft.ihfft",
            "fft.rfft2",
            "fft.rfftn",
            "fft.ihfft2",
            "fft.ihfftn",
        ],
        _spectrum,
    ),
    "max": _selected,
    "median": _selected,
    "min": _selected,
    "nanmedian": _selected,
    "nn.functional.adaptive_avg_pool1d": _average_pool,
    "nn.functional.adaptive_avg_pool2d": _average_pool,
    "nn.functional.adaptive_avg_pool3d": _average_pool,
    **dict.fromkeys(
        ("nn.functional.conv1d", "nn.functional.conv2d", "nn.functional.conv3d"),
        _convolution,
    ),
    "nn.functional.ctc_loss": _labels,
    "nn.functional.interpolate": _interpolation,
    "nn.functional.poisson_nll_loss": _counts,
    "nn.functional.kl_div": _divergence,
    "nn.functional.pad": _padding,
}
"""By operation, what says by its arguments what is kept."""
