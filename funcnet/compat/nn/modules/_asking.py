"""Layers under modes and subclasses: each calls the function of tensors that it is.

A layer is recorded by its description otherwise, past the functions that ask
`__torch_function__`. Only once those ask is `apply_native` given other code, which
calls the function with the layer's parameters and settings.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from funcnet.compat import _overriding
from funcnet.compat._overriding import overriding, state
from funcnet.compat.nn import functional as F
from funcnet.compat.nn.modules._native import apply_native
from funcnet.compat.nn.modules._rows import apply_in_a_row

Layer = Callable[..., Any]


def _by_settings(name: str, *settings: str, named: str = "") -> Layer:
    """Call the function `name` with attributes of the module, some of them by name."""

    def call(module: Any, *inputs: Any) -> Any:
        given = [getattr(module, one) for one in settings]
        keywords = {one: getattr(module, one) for one in named.split()}
        return getattr(F, name)(*inputs, *given, **keywords)

    return call


def _batch_norm(module: Any, x: Any) -> Any:
    if module.training and module.num_batches_tracked is not None:
        module.num_batches_tracked.add_(1)
    count = module.num_batches_tracked
    momentum = module.momentum
    if momentum is None and count is not None:
        momentum = 1 / float(count)
    return F.batch_norm(
        x,
        module.running_mean,
        module.running_var,
        module.weight,
        module.bias,
        module.training or module.running_mean is None,
        momentum or 0.0,
        module.eps,
    )


def _activation(name: str, *settings: str) -> Layer:
    return _by_settings(name, *settings, named="inplace")


_CONV = ("weight", "bias", "stride", "padding", "dilation", "groups")
_POOL = ("kernel_size", "stride", "padding")
_MAX = "dilation ceil_mode return_indices"
CALLS: Final[dict[str, Layer]] = {
    "Linear": _by_settings("linear", "weight", "bias"),
    "Bilinear": _by_settings("bilinear", "weight", "bias"),
    **{f"Conv{n}d": _by_settings(f"conv{n}d", *_CONV) for n in (1, 2, 3)},
    **{f"BatchNorm{n}d": _batch_norm for n in (1, 2, 3)},
    "LayerNorm": _by_settings(
        "layer_norm", "normalized_shape", "weight", "bias", "eps"
    ),
    "GroupNorm": _by_settings("group_norm", "num_groups", "weight", "bias", "eps"),
    "RMSNorm": _by_settings("rms_norm", "normalized_shape", "weight", "eps"),
    "Embedding": _by_settings(
        *("embedding", "weight", "padding_idx", "max_norm", "norm_type"),
        *("scale_grad_by_freq", "sparse"),
    ),
    "Dropout": _by_settings("dropout", "p", "training", "inplace"),
    **{
        f"Dropout{n}d": _by_settings(f"dropout{n}d", "p", "training", "inplace")
        for n in (1, 2, 3)
    },
    "AlphaDropout": _by_settings("alpha_dropout", "p", "training"),
    **{
        f"MaxPool{n}d": _by_settings(f"max_pool{n}d", *_POOL, named=_MAX)
        for n in (1, 2, 3)
    },
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
    "PReLU": _by_settings("prelu", "weight"),
    "Flatten": lambda module, x: x.flatten(module.start_dim, module.end_dim),
    "Unflatten": lambda module, x: x.unflatten(module.dim, module.unflattened_size),
}


def _asking(original: Callable[..., Any]) -> Callable[..., Any]:
    def called(
        module: Any, layer: Any, inputs: tuple[Any, ...], named: Any, prefix: str = ""
    ) -> Any:
        found = [] if state.classes_off else overriding(_tensors(module, inputs, named))
        if state.all_off or not (found or state.modes):
            return original(module, layer, inputs, named, prefix)
        call = CALLS.get(_kind(module))
        padded = getattr(module, "padding_mode", "zeros") != "zeros"
        if call is not None and not named and not prefix and not padded:
            return call(module, *inputs)

        def computed(*inputs: Any, **named: Any) -> Any:
            return original(module, layer, inputs, named, prefix)

        if not found:
            return computed(*inputs, **named)
        computed.__name__ = computed.__qualname__ = _kind(module).lower()
        result = _overriding.ask(computed, found, inputs, named)
        if result is NotImplemented:
            raise TypeError(
                f"no implementation found for '{computed.__name__}' on types that "
                f"implement __torch_function__: {[type(x) for x in found]}"
            )
        return result

    return called


def _tensors(module: Any, inputs: Any, named: Any) -> list[Any]:
    return [*inputs, *named.values(), *module.__dict__["_parameters"].values()]


def _kind(module: Any) -> str:
    """The name of the class of PyTorch that a module is of."""
    for one in type(module).__mro__:
        if one.__module__.startswith("funcnet.compat.nn.modules."):
            return one.__name__
    return type(module).__name__


def _asking_row(original: Callable[..., Any]) -> Callable[..., Any]:
    """Call layers that follow each other one by one, if anyone is to be asked."""

    def called(modules: Iterable[Any], x: Any) -> Any:
        layers = list(modules)
        asks = state.modes or any(overriding(_tensors(m, (x,), {})) for m in layers)
        if state.all_off or not asks:
            return original(layers, x)
        for layer in layers:
            x = layer(x)
        return x

    return called


_overriding.special.append((apply_native, _asking))
_overriding.special.append((apply_in_a_row, _asking_row))
