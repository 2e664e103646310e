"""PyTorch's words for mistakes that many functions find."""

from typing import Final

from funcnet.compat._core.shapes import no_dimension
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
    "adaptive_avg_pool1d": "adaptive_avg_pool2d",
    "adaptive_avg_pool3d": "adaptive_avg_pool3d_cpu",
    "adaptive_max_pool1d": "adaptive_max_pool2d",
    "adaptive_max_pool3d": "adaptive_max_pool3d_cpu",
    "avg_pool1d": "avg_pool2d",
    "max_pool1d": "max_pool1d_impl",
    "binary_cross_entropy_with_logits": "log_sigmoid_cpu",
    "cross_entropy": "log_softmax_lastdim_kernel_impl",
    "avg_pool3d": "avg_pool3d_out_frame",
    "ctc_loss": "ctc_loss_cpu",
    "huber_loss": "huber_cpu",
    "mse_loss": "mse_cpu",
    "multi_margin_loss": "multi_margin_loss_cpu_kernel",
    "multilabel_margin_loss": "multilabel_margin_loss_forward_out_frame",
    "multilabel_soft_margin_loss": "log_sigmoid_cpu",
    "nll_loss": "nll_loss_out_frame",
    "smooth_l1_loss": "smooth_l1_cpu",
}


def not_implemented(facts: Facts) -> Told:
    """Say that a kernel does not compute with a dtype."""
    kernel, dtype = _KERNELS.get(facts["name"], facts["name"]), facts["dtype"]
    told = f"\"{kernel}\" not implemented for '{dtype.type_name}'"
    if not dtype.is_inexact:
        told += ". Make it floating point first: x.float(), and images x.float() / 255."
    return NotImplementedError, told


def dimension(facts: Facts) -> Told:
    """Say between which numbers a dimension may lie."""
    return IndexError, no_dimension(facts["dim"], facts["ndim"])


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
    "dim": dimension,
    "integer": _not_an_integer,
    "dtype.floating": not_implemented,
    "dtype.same": two_dtypes,
}
