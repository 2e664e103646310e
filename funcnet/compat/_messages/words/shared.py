"""PyTorch's words for mistakes that many functions find."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words

# The kernels that PyTorch names, by the operation, where they are not called as it is.
_KERNELS: Final = {
    "celu": "elu_cpu",
    "gelu": "GeluKernelImpl",
    "log_softmax": "log_softmax_lastdim_kernel_impl",
    "logsigmoid": "log_sigmoid_cpu",
    "rrelu": "leaky_relu_cpu",
    "selu": "elu_cpu",
    "softmax": "softmax_lastdim_kernel_impl",
    "softmin": "softmax_lastdim_kernel_impl",
    "softshrink": "softshrink_check",
    **{
        name: f"{name}_cpu"
        for name in (
            *("elu", "glu", "hardshrink", "hardsigmoid", "hardswish", "leaky_relu"),
            *("mish", "silu", "softplus"),
        )
    },
}


def _not_floating(facts: Facts) -> Told:
    kernel = _KERNELS.get(facts["name"], facts["name"])
    return NotImplementedError, (
        f"\"{kernel}\" not implemented for '{facts['dtype'].type_name}'. Make it "
        "floating point first: x.float(), and images x.float() / 255."
    )


def no_dimension(facts: Facts) -> Told:
    """Say between which numbers a dimension may lie."""
    least, most = -facts["ndim"], facts["ndim"] - 1
    return IndexError, (
        "Dimension out of range (expected to be in range of "
        f"[{least}, {most}], but got {{dim}})"
    )


# Of which PyTorch has several forms, and names none of them in errors.
_OVERLOADED: Final = ("argsort", "max", "min", "prod", "sort")


def _not_an_integer(facts: Facts) -> Told:
    name = facts["op"] or facts["name"]
    if name in _OVERLOADED:
        return TypeError, (
            f"{name}() received an invalid combination of arguments - got "
            "({what}={kind}, ), but expected one of:"
        )
    return TypeError, f"{name}(): argument '{{what}}' must be int, not {{kind}}"


def two_dtypes(facts: Facts) -> Told:
    """Name the first dtype, and the first of the others that is not the same."""
    first, *others = facts["dtypes"].values()
    other = next(dtype for dtype in others if dtype is not first)
    return RuntimeError, (
        f"expected scalar type {first.type_name} but found {other.type_name}"
    )


WORDS: Final[dict[str, Words]] = {
    "dim": no_dimension,
    "integer": _not_an_integer,
    "dtype.floating": _not_floating,
    "dtype.same": two_dtypes,
}
