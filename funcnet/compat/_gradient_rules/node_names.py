"""What PyTorch calls the gradient function of a call: `SumBackward1` with a `dim`.

An operation has one name; PyTorch has overloads of one function and functions that are
made of others, whose last one gives its name. What is seen most is told apart here, by
the arguments of a call.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from funcnet.compat._core.static_args import bind_args

Given = dict[str, Any]


def grad_name_of(call: Any) -> str:
    """The name of the class of a call's gradient function."""
    rule = _RULES.get(call.op.name)
    if rule is None:
        return call.op.grad_name
    layer = getattr(call.op.run, "args", (None,))[0]
    result = rule(
        _settings_of(layer) if layer is not None else _given(call), call.input_specs
    )
    whole = "Backward" in result or result == "CopySlices"
    return result if whole else f"{result}Backward0"


def _given(call: Any) -> Given:
    """The arguments of a call by their names, with what is known of the arrays."""
    args, kwargs = bind_args(call.template, iter(call.input_specs))
    bound = inspect.signature(call.op.run).bind(*args, **kwargs)
    bound.apply_defaults()
    return bound.arguments


def _settings_of(layer: Any) -> Given:
    return {name: getattr(layer, name) for name in type(layer).__dataclass_fields__}


def _is_tensor(x: Any) -> bool:
    return hasattr(x, "struct") and not x.weak_type


def _with_dim(word: str) -> Any:
    def rule(given: Given, specs: Sequence[Any]) -> str:
        return f"{word}Backward{int(given.get('dim') is not None)}"

    return rule


def _with_tensor(word: str, *names: str) -> Any:
    """The second overload is that of a tensor in the place of a number."""

    def rule(given: Given, specs: Sequence[Any]) -> str:
        return f"{word}Backward{int(any(_is_tensor(given.get(n)) for n in names))}"

    return rule


def _first_is_number(word: str, reflected: str) -> Any:
    return lambda given, specs: reflected if specs[0].weak_type else word


def _pow(given: Given, specs: Sequence[Any]) -> str:
    if specs[0].weak_type:
        return "PowBackward2"
    return f"PowBackward{int(len(specs) > 1 and not specs[1].weak_type)}"


def _div(given: Given, specs: Sequence[Any]) -> str:
    if given.get("rounding_mode") is not None:
        return "DivBackward2"
    return "Mul" if specs[0].weak_type else "Div"


def _matmul(given: Given, specs: Sequence[Any]) -> str:
    dims = "".join(str(len(one.shape)) for one in specs[:2])
    known = {"11": "Dot", "21": "Mv", "22": "Mm", "12": "SqueezeBackward4"}
    return known.get(dims, "UnsafeView")


def _linear(dims: int, has_bias: bool) -> str:
    if dims == 2:
        return "Addmm" if has_bias else "Mm"
    return "View" if has_bias else "UnsafeView" if dims > 2 else "SqueezeBackward4"


def _linear_function(given: Given, specs: Sequence[Any]) -> str:
    return _linear(len(given["input"].shape), given.get("bias") is not None)


def _linear_layer(given: Given, specs: Sequence[Any]) -> str:
    return _linear(len(specs[-1].shape), bool(given["bias"]))


def _reduced(inner: str) -> Any:
    """A loss that is made of other functions ends with the one that reduces."""

    def rule(given: Given, specs: Sequence[Any]) -> str:
        words = {"mean": "Mean", "sum": "Sum", "batchmean": "Div"}
        return words.get(given.get("reduction", "mean"), inner)

    return rule


def _cross_entropy(given: Given, specs: Sequence[Any]) -> str:
    if given.get("label_smoothing"):
        return "Add"
    if specs[1].dtype.is_floating_point:
        return "DivBackward1" if given.get("reduction", "mean") == "mean" else "Sum"
    return "NllLoss2D" if len(specs[0].shape) > 2 else "NllLoss"


def _upsample(given: Given, specs: Sequence[Any]) -> str:
    size = len(specs[0].shape) - 2
    words = [x for x in given.get("settings", ()) if isinstance(x, str)]
    mode = given.get("mode", words[0] if words else "nearest")
    if mode == "area":
        return f"AdaptiveAvgPool{size}D"
    named = "".join(word.capitalize() for word in mode.split("-"))
    return f"Upsample{named}{size}D"


def _pad(given: Given, specs: Sequence[Any]) -> str:
    mode = given.get("mode", "constant")
    size = len(given["pad"]) // 2 if "pad" in given else 1
    words = {"reflect": f"ReflectionPad{size}D", "replicate": f"ReplicationPad{size}D"}
    return "CopySlices" if mode == "circular" else words.get(mode, "ConstantPadNd")


def _batched(word: str, dims: int) -> Any:
    """A layer of images, which PyTorch gives a batch first if there is none."""

    def rule(given: Given, specs: Sequence[Any]) -> str:
        return word if len(specs[-1].shape) == dims + 2 else "SqueezeBackward1"

    return rule


def _always(word: str) -> Any:
    return lambda given, specs: word


_RULES: Final[dict[str, Callable[[Given, Any], str]]] = {
    **{n: _with_dim(n.capitalize()) for n in ("sum", "mean", "prod", "median")},
    "nanmedian": _with_dim("Nanmedian"),
    "norm": _always("LinalgVectorNorm"),
    "linalg.norm": _always("LinalgVectorNorm"),
    "sub": _first_is_number("Sub", "RsubBackward1"),
    "rsub": _always("RsubBackward1"),
    "div": _div,
    "pow": _pow,
    "fmod": _with_tensor("Fmod", "other", "y"),
    "remainder": _with_tensor("Remainder", "other", "y"),
    "clamp_min": _with_tensor("ClampMin", "min"),
    "clamp_max": _with_tensor("ClampMax", "max"),
    "masked_fill": _with_tensor("MaskedFill", "value"),
    "matmul": _matmul,
    "nn.functional.linear": _linear_function,
    "Linear": _linear_layer,
    "nn.functional.cross_entropy": _cross_entropy,
    "nn.functional.nll_loss": lambda given, specs: (
        "NllLoss2D" if len(specs[0].shape) > 2 else "NllLoss"
    ),
    "nn.functional.interpolate": _upsample,
    "Upsample": _upsample,
    "nn.functional.pad": _pad,
    **{
        f"nn.functional.{name}": _reduced(inner)
        for name, inner in {
            "l1_loss": "Abs",
            "kl_div": "Sub",
            "margin_ranking_loss": "ClampMin",
            "hinge_embedding_loss": "Add",
            "cosine_embedding_loss": "Add",
            "gaussian_nll_loss": "Mul",
            "poisson_nll_loss": "Sub",
            "triplet_margin_loss": "ClampMin",
        }.items()
    },
    **{f"Conv{n}d": _batched("Convolution", n) for n in (1, 2, 3)},
    **{f"ConvTranspose{n}d": _batched("Convolution", n) for n in (1, 2, 3)},
    **{
        f"nn.functional.conv{n}d": lambda given, specs, n=n: (  # type: ignore[misc]
            "Convolution" if len(specs[0].shape) == n + 2 else "SqueezeBackward1"
        )
        for n in (1, 2, 3)
    },
    "AdaptiveAvgPool2d": lambda given, specs: (
        "MeanBackward1" if given["output_size"] in (1, (1, 1)) else "AdaptiveAvgPool2D"
    ),
    **{
        name: _always(word)
        for name, word in {
            "AdaptiveAvgPool1d": "SqueezeBackward1",
            "AdaptiveAvgPool3d": "AdaptiveAvgPool3D",
            "AdaptiveMaxPool2d": "AdaptiveMaxPool2D",
            "AdaptiveMaxPool3d": "AdaptiveMaxPool3D",
            "AvgPool1d": "SqueezeBackward1",
            "AvgPool2d": "AvgPool2D",
            "AvgPool3d": "AvgPool3D",
            "MaxPool1d": "SqueezeBackward1",
            "MaxPool3d": "MaxPool3DWithIndices",
            "AlphaDropout": "Add",
            "Dropout2d": "Mul",
            "Dropout3d": "Mul",
            "EmbeddingBag": "EmbeddingBag",
            "GroupNorm": "NativeGroupNorm",
            **{f"InstanceNorm{n}d": "View" for n in (1, 2, 3)},
            "RMSNorm": "Mul",
            "LeakyReLU": "LeakyRelu",
            "LogSigmoid": "LogSigmoid",
            "LogSoftmax": "LogSoftmax",
            "PReLU": "PreluKernel",
            "PixelShuffle": "PixelShuffle",
            "PixelUnshuffle": "PixelUnshuffle",
            "ReLU6": "Hardtanh",
            "SELU": "Elu",
            "Softsign": "Div",
            "Tanhshrink": "Sub",
            "GRUCell": "Add",
            "LSTMCell": "Mul",
            "MultiheadAttention": "View",
            "Fold": "Col2Im",
            "Unfold": "Im2Col",
            "nn.functional.fold": "Col2Im",
            "nn.functional.unfold": "Im2Col",
            "nn.functional.prelu": "PreluKernel",
            "nn.functional.rms_norm": "Mul",
            "nn.functional.softsign": "Div",
            "nn.functional.tanhshrink": "Sub",
            "nn.functional.normalize": "Div",
            "nn.functional.pairwise_distance": "NormBackward1",
            "nn.functional.cosine_similarity": "SumBackward1",
            "nn.functional.grid_sample": "GridSampler2D",
            "nn.functional.dropout2d": "Mul",
            "nn.functional.alpha_dropout": "Add",
            "outer": "Mul",
            "nn.functional.instance_norm": "View",
            "nn.functional.bilinear": "View",
            "GRU": "Stack",
            "RNN": "Stack",
            "diff": "Sub",
            "inner": "View",
            "kron": "UnsafeView",
            "tensordot": "View",
            "nanmean": "Div",
            "logdet": "Where",
            "matrix_exp": "LinalgMatrixExp",
            "linalg.matrix_exp": "LinalgMatrixExp",
            "linalg.matrix_norm": "LinalgVectorNorm",
            "linalg.eigvalsh": "LinalgEigh",
            "linalg.eigvals": "LinalgEig",
            "linalg.svdvals": "LinalgSvd",
            "linalg.multi_dot": "View",
        }.items()
    },
}


# Of `nn.functional`, where it is not the function's own name.
_OF_LAYERS = {
    "batch_norm": "NativeBatchNorm",
    "cross_entropy": "NllLoss",
    "dropout": "Mul",
    "group_norm": "NativeGroupNorm",
    "layer_norm": "NativeLayerNorm",
    "linear": "Addmm",
    "logsigmoid": "LogSigmoid",
    "max_pool2d": "MaxPool2DWithIndices",
    "pad": "ConstantPadNd",
    "relu6": "Hardtanh",
    "selu": "Elu",
    "softmin": "Softmax",
    **{f"conv{dims}d": "Convolution" for dims in (1, 2, 3)},
    **{f"conv_transpose{dims}d": "Convolution" for dims in (1, 2, 3)},
}


def words_of(name: str) -> str:
    """The name of an operation as PyTorch writes it in a class: "log1p" is "Log1P"."""
    if name.startswith("nn.functional."):
        name = name.removeprefix("nn.functional.")
        if name in _OF_LAYERS:
            return _OF_LAYERS[name]
    words = name.strip("_").replace(".", "_").split("_")
    joined = "".join(word.capitalize() for word in words)
    return re.sub(r"(?<=\d)[a-z]", lambda found: found[0].upper(), joined)
