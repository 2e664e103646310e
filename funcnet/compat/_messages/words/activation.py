"""PyTorch's words for activations."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words


def _odd(facts: Facts) -> Told:
    if not facts["input"]:
        return (
            RuntimeError,
            "glu does not support scalars because halving size must be even",
        )
    dim = facts["dim"] % len(facts["input"])
    return RuntimeError, (
        f"Halving dimension must be even, but dimension {dim} is size "
        f"{facts['input'][dim]}"
    )


_MOST: Final = {"Float": "3.40282e+38", "Double": "1.79769e+308"}


def _lambd(facts: Facts) -> Told:
    dtype = facts["dtype"].type_name
    most = _MOST.get(dtype, _MOST["Float"])
    return RuntimeError, (
        f"lambda must be in range [0, {most}] for input dtype {dtype}, but found "
        "{lambd:g}"
    )


_CUTOFFS: Final = (
    "cutoffs should be a sequence of unique, positive integers sorted in an increasing "
    "order, where each value is between 1 and n_classes-1"
)


def _adaptive_shapes(facts: Facts) -> Told:
    x, target = facts["input"], facts["target"]
    if len(target) > 1:
        return RuntimeError, (
            "0D or 1D target tensor expected, multi-target not supported"
        )
    if target and x[:1] != target:
        return RuntimeError, (
            "Input and target should have the same size in the batch dimension."
        )
    dims = len(target)
    return RuntimeError, (
        f"{dims}D target tensor expects {dims + 1}D input tensors, but found inputs "
        "with size torch.Size({input})"
    )


WORDS: Final[dict[str, Words]] = {
    "celu.alpha": (RuntimeError, "ZeroDivisionError: alpha cannot be 0 for CELU"),
    "gelu/choice": (RuntimeError, "approximate argument must be either none or tanh."),
    "GELU/choice": (RuntimeError, "approximate argument must be either none or tanh."),
    "glu.odd": _odd,
    "hardtanh.limits": (ValueError, "min_val cannot be greater than max_val"),
    "hardtanh.order": (
        AssertionError,
        "max_val ({max_val}) must be greater than min_val ({min_val})",
    ),
    "prelu.weights": (
        RuntimeError,
        "Mismatch of parameter numbers and input channel size. Found parameter numbers "
        "= {weights} and channel size = {channels}.",
    ),
    "prelu/rank": (
        RuntimeError,
        "prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {ndim}",
    ),
    "prelu/dtype.same": (
        RuntimeError,
        "prelu: Type promoting not supported. Got {dtypes[input].type_name} and "
        "{dtypes[weight].type_name}",
    ),
    "rrelu.limits": (
        RuntimeError,
        "Lower bound should be less than or equal to the upper bound",
    ),
    "softshrink.lambd": _lambd,
    "Softmax/rank": (
        ValueError,
        "Softmax2d: expected input to be 3D or 4D, got {ndim}D instead",
    ),
    "adaptive_softmax.shapes": _adaptive_shapes,
    "adaptive_softmax.cutoffs": (ValueError, _CUTOFFS),
}
