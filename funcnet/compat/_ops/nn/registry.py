"""How the functions of `torch.nn.functional` enter the table of operations."""

import inspect
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from funcnet import functional as F
from funcnet.compat._core.overriding import rescued
from funcnet.compat._ops.registry import (
    FUNCTIONS,
    METHODS,
    argument_names,
    assign,
    check_writable,
    checked_names,
    in_place,
    op,
)

Function: TypeAlias = Callable[..., Any]

PREFIX = "nn.functional."


def function(name: str, *others: str) -> Callable[[Function], Function]:
    """Enter a function of arrays as `torch.nn.functional.NAME`.

    `others` are the names it has besides, such as "nn.functional.x", or "x" for
    `torch.x`.
    """
    return op(PREFIX + name, *others, method=False, grad_name=grad_name(name))


def recorded(name: str) -> Callable[[Function], Function]:
    """Make an operation of a function of arrays, for a function that calls it."""
    return op(
        PREFIX + name,
        function=False,
        method=False,
        grad_name=grad_name(name),
    )


def mirror(name: str, *others: str) -> Function:
    """Enter a function of `funcnet.functional` as it is."""
    public = function(name, *others)(getattr(F, name))
    first, _, _ = (public.__doc__ or "").partition("\n")
    public.__doc__ = f"{first} As `torch.nn.functional.{name}`."
    return public


def publish(*names: str) -> Callable[[Function], Function]:
    """Enter a function of tensors, which calls recorded ones, under these names."""

    def enter(public: Function) -> Function:
        for name in names:
            FUNCTIONS[name] = public
        return public

    return enter


def with_inplace(public: Function, name: str, count: int, in_torch: bool) -> Function:
    """Give a function the argument `inplace`, after its `count` others.

    Args:
        public: the function of tensors.
        name: as PyTorch calls it.
        count: how many arguments it has.
        in_torch: whether it is `torch.NAME` and a method too.
    """

    known = frozenset((*argument_names(public), "inplace"))

    def function(*args: Any, **kwargs: Any) -> Any:
        kwargs = checked_names(name, kwargs, known)
        inplace = kwargs.pop("inplace", False)
        if len(args) > count:
            *args, inplace = args  # type: ignore[assignment]
        if not inplace:
            try:
                return public(*args, **kwargs)
            except Exception:
                if rescued(args, kwargs):
                    return function(*args, **kwargs)
                raise
        x = args[0] if args else kwargs["input"]
        check_writable(x)
        return assign(x, public(*args, **kwargs))

    function._known = known  # type: ignore[attr-defined]
    function.__name__ = function.__qualname__ = name
    function.__doc__ = public.__doc__
    signature = inspect.signature(public)
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    last = inspect.Parameter("inplace", kind, default=False)
    function.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*signature.parameters.values(), last]
    )
    FUNCTIONS[PREFIX + name] = function
    written = FUNCTIONS[f"{PREFIX}{name}_"] = in_place(public, name + "_")
    if in_torch:
        FUNCTIONS[name], FUNCTIONS[name + "_"] = public, written
        METHODS[name], METHODS[name + "_"] = public, written
    return function


# What PyTorch prints as `grad_fn` where it is not the function's own name.
_GRAD_NAMES = {
    "linear": "Addmm",
    "batch_norm": "NativeBatchNorm",
    "layer_norm": "NativeLayerNorm",
    "group_norm": "NativeGroupNorm",
    "cross_entropy": "NllLoss",
    "dropout": "Mul",
    "relu6": "Hardtanh",
    "selu": "Elu",
    "logsigmoid": "LogSigmoid",
    "softmin": "Softmax",
    "pad": "ConstantPadNd",
    "max_pool2d": "MaxPool2DWithIndices",
}


def grad_name(name: str) -> str:
    """What `grad_fn` of a function is called."""
    if re.fullmatch(r"conv(_transpose)?\dd", name):
        return "ConvolutionBackward0"
    words = "".join(word.capitalize() for word in name.split("_"))
    sized = re.sub(r"(?<=\d)d", "D", words)
    return _GRAD_NAMES.get(name, sized) + "Backward0"
