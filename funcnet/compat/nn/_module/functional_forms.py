"""The functions of tensors that layers without parameters of their own are.

Layers with parameters say in their `_formula` which function of which attributes they
are; those here are a function of the input and of some settings.
"""

from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F

Function = Callable[..., Any]


def _by_settings(name: str, *settings: str, named: str = "") -> Function:
    """Call the function `name` with attributes of the module, some of them by name."""

    def call(module: Any, *inputs: Tensor | None) -> Any:
        given = [getattr(module, one) for one in settings]
        keywords = {one: getattr(module, one) for one in named.split()}
        return getattr(F, name)(*inputs, *given, **keywords)

    return call


def _activation(name: str, *settings: str) -> Function:
    return _by_settings(name, *settings, named="inplace")


_POOL = ("kernel_size", "stride", "padding")
FUNCTIONS_OF: Final[dict[str, Function]] = {
    **{
        f"AdaptiveMaxPool{n}d": _by_settings(
            f"adaptive_max_pool{n}d", "output_size", "return_indices"
        )
        for n in (1, 2, 3)
    },
    **{
        f"LPPool{n}d": _by_settings(
            f"lp_pool{n}d", "norm_type", "kernel_size", "stride", "ceil_mode"
        )
        for n in (1, 2, 3)
    },
    "Upsample": _by_settings(
        *("interpolate", "size", "scale_factor", "mode", "align_corners"),
        named="recompute_scale_factor",
    ),
    "AvgPool1d": _by_settings("avg_pool1d", *_POOL, "ceil_mode", "count_include_pad"),
    **{
        f"AvgPool{n}d": _by_settings(
            *(f"avg_pool{n}d", *_POOL, "ceil_mode", "count_include_pad"),
            "divisor_override",
        )
        for n in (2, 3)
    },
    **{
        f"AdaptiveAvgPool{n}d": _by_settings(f"adaptive_avg_pool{n}d", "output_size")
        for n in (1, 2, 3)
    },
    "ReLU": _activation("relu"),
    "ReLU6": _activation("relu6"),
    "LeakyReLU": _activation("leaky_relu", "negative_slope"),
    "ELU": _activation("elu", "alpha"),
    "CELU": _activation("celu", "alpha"),
    "SELU": _activation("selu"),
    "SiLU": _activation("silu"),
    "Mish": _activation("mish"),
    "Hardswish": _activation("hardswish"),
    "Hardsigmoid": _activation("hardsigmoid"),
    "Hardtanh": _activation("hardtanh", "min_val", "max_val"),
    "Threshold": _activation("threshold", "threshold", "value"),
    "GELU": _by_settings("gelu", named="approximate"),
    "Sigmoid": lambda module, x: F.sigmoid(x),
    "Tanh": lambda module, x: F.tanh(x),
    "LogSigmoid": _by_settings("logsigmoid"),
    "Softplus": _by_settings("softplus", "beta", "threshold"),
    "Softsign": _by_settings("softsign"),
    "Tanhshrink": _by_settings("tanhshrink"),
    "Hardshrink": _by_settings("hardshrink", "lambd"),
    "Softshrink": _by_settings("softshrink", "lambd"),
    "GLU": _by_settings("glu", "dim"),
    "Softmax": _by_settings("softmax", "dim"),
    "LogSoftmax": _by_settings("log_softmax", "dim"),
    "Softmin": _by_settings("softmin", "dim"),
}


def function_of(cls: type) -> Function | None:
    """The function of a module and its inputs that a class is, or None."""
    for one in cls.__mro__:
        if one.__module__.startswith("funcnet.compat.nn.modules."):
            return FUNCTIONS_OF.get(one.__name__)
    return None
