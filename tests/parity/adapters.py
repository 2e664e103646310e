"""Where funcnet is called otherwise than torch, in one place; and what is left out.

Everything not listed here is called with torch's own arguments, in torch's order.
"""

import inspect
import re
from typing import Any

import torch

from funcnet.functional import _dropout
from tests.parity.report import ExcludedError

Call = tuple[tuple[Any, ...], dict[str, Any]]

# Schedulers whose name is not torch's in snake case, and those that take no base
# learning rate first: they have one among their own arguments, or wait for it.
SCHEDULES = {"ChainedScheduler": "chained", "ReduceLROnPlateau": "ReduceLROnPlateau"}
WITHOUT_BASE_LR = {"CyclicLR", "OneCycleLR", "ReduceLROnPlateau", "SequentialLR"}

# Functions whose entries of op_db stand under a bare name: those of torch.nn.functional
# that are older than it, and those of torch itself that funcnet.functional offers too.
ENTRIES_OUTSIDE = (
    "cdist",
    "flatten",
    "log_softmax",
    "sigmoid",
    "softmax",
    "tanh",
    "unflatten",
)

# Where the functions of funcnet.functional are in torch.
HOMES = (torch.nn.functional, torch, torch.nn.utils.rnn)

# Functions that draw random numbers (in some of their modes).
RANDOM = (
    *_dropout.__all__,
    "gumbel_softmax",
    "multi_head_attention_forward",
    "rrelu",
    "scaled_dot_product_attention",
)

# What the random key is called where `key` is the keys of an attention.
KEY_NAMES = dict.fromkeys(
    ("multi_head_attention_forward", "scaled_dot_product_attention"), "dropout_key"
)

# Functions that write running statistics into these arguments; funcnet returns them.
WRITES_IN_PLACE = {
    "batch_norm": ("running_mean", "running_var"),
    "instance_norm": ("running_mean", "running_var"),
}


def softened(name: str, args: Any, kwargs: dict[str, Any]) -> Call:
    """Samples of an attention that drops weights, with smaller numbers.

    At their own size one weight is nearly 1 and the others nearly 0, so that gradients
    come from rare draws, and thousands of draws do not give their mean.
    """
    if name != "multi_head_attention_forward":
        return args, kwargs

    def soften(x: Any) -> Any:
        if not isinstance(x, torch.Tensor) or not x.is_floating_point():
            return x
        return (x.detach() * 0.2).requires_grad_(x.requires_grad)

    args = tuple(map(soften, args))
    return args, {name: soften(value) for name, value in kwargs.items()}


def home(name: str) -> Any:
    """The module of torch in which a function is."""
    return next(module for module in HOMES if hasattr(module, name))


def function_call(name: str, args: Any, kwargs: dict[str, Any]) -> tuple[str, Any, Any]:
    """The name and the arguments in funcnet.functional of a call in torch's."""
    # One function, one arity: indices are returned by a function of their own.
    with_indices = f"{name}_with_indices"
    if hasattr(torch.nn.functional, with_indices):
        signature = inspect.signature(getattr(torch.nn.functional, with_indices))
        kwargs = signature.bind(*args, **kwargs).arguments
        name = with_indices if kwargs.pop("return_indices", False) else name
        return name, (kwargs.pop("input"),), kwargs
    return name, tuple(args), dict(kwargs)


def check_sample(name: str, args: Any) -> None:
    """Leave out the samples that mean nothing, which funcnet refuses."""
    if name == "hinge_embedding_loss" and not (args[1].abs() == 1).all():
        raise ExcludedError("the targets are neither 1 nor -1; funcnet refuses them")


def written_in_place(name: str, args: Any, kwargs: dict[str, Any]) -> list[Any]:
    """The tensors that torch's call has written into, in the order funcnet gives."""
    if name not in WRITES_IN_PLACE:
        return []
    call = inspect.signature(getattr(home(name), name)).bind(*args, **kwargs)
    result = [call.arguments.get(what) for what in WRITES_IN_PLACE[name]]
    return [x for x in result if x is not None]


def with_samples(name: str, args: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Fix the numbers that fractional pooling would draw, for torch and for us."""
    if not name.startswith("fractional_max_pool") or "_random_samples" in kwargs:
        return kwargs
    dims = int(name[len("fractional_max_pool")])
    batch = args[0].shape[0] if args[0].ndim == dims + 2 else 1
    shape = (batch, args[0].shape[-dims - 1], dims)
    return {**kwargs, "_random_samples": torch.rand(shape)}


def layer_settings(args: Any, kwargs: dict[str, Any]) -> Call:
    """The settings of a layer, from the arguments that its module is made with."""
    return tuple(args), {k: v for k, v in kwargs.items() if k != "_random_samples"}


def layer_call(made: dict[str, Any], args: Any, kwargs: dict[str, Any]) -> Call:
    """The arguments of `apply` (after params and state) of a module's call."""
    args, kwargs = tuple(args), dict(kwargs)
    if "_random_samples" in made:  # given in the call here, where others are drawn
        samples = made["_random_samples"]
        batched = args[0].ndim == samples.shape[-1] + 2
        args = (*args, samples if batched else samples[:1])
    if "input" in kwargs:
        args = (kwargs.pop("input"), *args)
    if "key" in kwargs:  # apply's own `key` is the random one
        kwargs["key_"] = kwargs.pop("key")
    return args, kwargs


def module_call(args: Any, kwargs: dict[str, Any]) -> Call:
    """The arguments of torch's module: lengths come with a packed sequence there."""
    if "lengths" not in kwargs:
        return args, kwargs
    kwargs = dict(kwargs)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        args[0], kwargs.pop("lengths"), enforce_sorted=False
    )
    return (packed, *args[1:]), kwargs


def native_name(room: str, name: str) -> str:
    """What a public name of torch is called in a room of funcnet."""
    if room == "init":  # nothing is written in place
        return name.removesuffix("_")
    if room == "optim" and hasattr(torch.optim, name):
        return name.lower()
    if room == "optim":
        return SCHEDULES.get(name) or re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return name


_LAZY = "shapes are explicit: funcnet has no Lazy layers"
_BASE = "a base class; funcnet's is Layer"
_IN_PLACE = "writes into its input; arrays do not change"
_INTERNAL = "a helper that torch shows by accident"
_DEVICE = "matrix products of GPU kernels only"

EXCLUDED_NAMES: dict[str, dict[str, str]] = {
    "nn": {
        "Container": "deprecated in torch; ModuleList and ModuleDict are here",
        "DataParallel": "part of funcnet's distribution over devices, not a layer",
        "Module": "nn.Model is its counterpart",
        "NLLLoss2d": "deprecated in torch; NLLLoss takes images",
        "ParameterDict": "a model's nn.Parameter attributes stand in params",
        "ParameterList": "a model's nn.Parameter attributes stand in params",
        "RNNBase": _BASE,
        "RNNCellBase": _BASE,
    }
    | {name: _LAZY for name in dir(torch.nn) if name.startswith("Lazy")},
    "functional": {
        "assert_int_or_pair": _INTERNAL,
        "boolean_dispatch": _INTERNAL,
        "conv_tbc": "undocumented, for fairseq; conv1d computes it",
        "grouped_mm": _DEVICE,
        "handle_torch_function": _INTERNAL,
        "has_torch_function": _INTERNAL,
        "has_torch_function_unary": _INTERNAL,
        "has_torch_function_variadic": _INTERNAL,
        "native_channel_shuffle": "undocumented; channel_shuffle computes it",
        "scaled_grouped_mm": _DEVICE,
        "scaled_mm": _DEVICE,
    }
    | {
        name: _IN_PLACE
        for name in dir(torch.nn.functional)
        if name.endswith("_") and name[0] != "_"
    },
    "init": {},
    "optim": {
        "LRScheduler": _BASE,
        "Optimizer": _BASE,
        "SparseAdam": "JAX has no sparse gradients",
    },
}
