"""From torch's side to a `Case`: arguments translated, answer and gradients taken."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import pad_packed_sequence
from torch.utils import _pytree

from tests.reference.cases import (
    Answer,
    Built,
    Case,
    Function,
    answer,
    compare_answers,
    leaves_of,
    nested,
    stored_answer,
    weights,
)

# What torch's signatures have and funcnet's do not: where memory lies, writing into
# the input, and arguments deprecated since 2018.
DROPPED = {"device", "inplace", "size_average", "reduce", "memory_format"}

# Buffers that are settings here: the weights of losses, and the numbers that fractional
# pooling is told to use.
SETTINGS = {"weight", "pos_weight", "_random_samples"}

# Layers that are made from layers, and those that stand among their arguments.
REMEMBERED = (
    torch.nn.TransformerEncoderLayer,
    torch.nn.TransformerDecoderLayer,
    torch.nn.LayerNorm,
)


@contextmanager
def quiet() -> Iterator[None]:
    """Torch's deprecations and hints are no findings here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def remember_arguments() -> None:
    """Make the `REMEMBERED` modules keep the arguments they were made with."""

    def wrap(cls: Any) -> None:
        original = cls.__init__

        def init(self: Any, *args: Any, **kwargs: Any) -> None:
            original(self, *args, **kwargs)
            self.made_with = (args, kwargs)

        cls.__init__ = init

    for cls in REMEMBERED:
        wrap(cls)


def setting(value: Any) -> Any:
    """A setting as funcnet takes it: dtypes by name, weights as tuples of floats."""
    if isinstance(value, torch.Tensor):
        return _as_tuples(value.detach().tolist())
    if isinstance(value, torch.dtype):
        return str(value).removeprefix("torch.")
    if type(value) is torch.nn.PairwiseDistance:
        return Function("pairwise_distance")
    if isinstance(value, torch.nn.Module):
        args, kwargs = value.made_with  # type: ignore[misc]
        return Built(type(value).__name__, *settings(args, kwargs))
    if isinstance(value, torch.nn.LinearCrossEntropyOptions):
        # The others steer torch's autograd.
        chunks = ("batch_chunk_size", "chunking_method")
        return Built(type(value).__name__, (), {k: getattr(value, k) for k in chunks})
    if isinstance(value, torch.Size):
        return tuple(value)
    if isinstance(value, list | tuple):
        return type(value)(setting(part) for part in value)
    if callable(value):
        return Function(value.__name__)
    return value


def settings(args: Iterable[Any], kwargs: dict[str, Any]) -> Any:
    """A layer's settings from those of the torch module."""
    kept = {k: setting(v) for k, v in kwargs.items() if k not in DROPPED}
    return tuple(setting(value) for value in args), kept


def _as_tuples(value: Any) -> Any:
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


def array(tensor: torch.Tensor, x64: bool = False) -> np.ndarray:
    """A copy of a tensor, in the 32-bit type JAX has for it unless `x64`."""
    numbers = tensor.detach().resolve_conj().clone().numpy()
    narrow = {"int64": "int32", "float64": "float32"}.get(str(numbers.dtype))
    return numbers if x64 or narrow is None else numbers.astype(narrow)


def speaks_of_float64(leaves: Iterable[Any]) -> bool:
    return any(leaf is torch.float64 for leaf in leaves)


def argument(value: Any, x64: bool) -> Any:
    """An argument of a call as funcnet takes it."""
    return array(value, x64) if isinstance(value, torch.Tensor) else setting(value)


def function_case(
    name: str,
    call: Callable[[], Any],
    args: Iterable[Any],
    kwargs: dict[str, Any],
    afterwards: Callable[[], list[torch.Tensor]] = list,
) -> Case:
    """The case of `funcnet.functional.name(*args, **kwargs)`, which torch answers.

    `call` runs torch's function; `afterwards` gives arrays that it changed in place
    where funcnet returns them.
    """
    leaves, tree = leaves_of(args, _kept(kwargs))
    x64 = speaks_of_float64(leaves)
    native_args, native_kwargs = tree.unflatten([argument(x, x64) for x in leaves])
    case = Case(function=name, args=native_args, kwargs=native_kwargs, x64=x64)
    _answer(case, lambda: (call(), afterwards()), leaves, {})
    return case


def layer_case(
    layer: Built,
    module: torch.nn.Module,
    args: Iterable[Any],
    kwargs: dict[str, Any],
    torch_args: Iterable[Any],
    torch_kwargs: dict[str, Any],
) -> Case:
    """The case of a layer with a module's parameters and state, which torch answers.

    `args` and `kwargs` are how funcnet is called, the others how torch is.
    """
    leaves, tree = leaves_of(args, _kept(kwargs))
    native_args, native_kwargs = tree.unflatten([argument(x, False) for x in leaves])
    parameters = dict(module.named_parameters())
    case = Case(
        layer=layer,
        args=native_args,
        kwargs=native_kwargs,
        params=nested({k: array(v) for k, v in parameters.items()}),
        state=state_of(module),
        train=module.training,
    )
    _answer(case, lambda: module(*torch_args, **torch_kwargs), leaves, parameters)
    case.new_state = state_of(module)
    return case


def doubled(arguments: Any) -> Any:
    """The arguments in float64, where they are float32."""

    def double(x: torch.Tensor) -> torch.Tensor:
        if x.dtype != torch.float32:
            return x
        return x.detach().double().requires_grad_(x.requires_grad)

    return _pytree.tree_map_only(torch.Tensor, double, arguments)


def judge(make: Callable[..., Case]) -> bool:
    """Check the case that `make()` gives; PyTorch's float64 answer is the last word.

    Where sums are long, or small differences of large numbers matter, PyTorch's own
    float32 is off by more than the tolerance. Then `make(double=True)` is asked: a case
    passes, and True is returned, if we are not further from that answer than four times
    PyTorch's float32.
    """
    case = make()
    result, wanted = answer(case), stored_answer(case)
    try:
        compare_answers(result, wanted)
    except AssertionError as difference:
        try:
            finer = stored_answer(make(double=True))
            compare_answers(result, finer, rounding_errors(wanted, finer))
        except Exception:
            raise difference from None
        return True
    return False


def rounding_errors(rough: Answer, finer: Answer) -> dict[str, float]:
    """Four times what each array of PyTorch's float32 is off by."""
    errors = {}
    for what, wanted in finer.items():
        if np.issubdtype(wanted.dtype, np.inexact):
            off = np.abs(rough[what] - wanted)
            errors[what] = 4 * float(off[np.isfinite(off)].max(initial=0.0))
    return errors


def state_of(module: torch.nn.Module) -> dict[str, Any]:
    """A module's buffers, less those that are settings of a frozen layer."""
    buffers = dict(module.named_buffers())
    return nested({k: array(v) for k, v in buffers.items() if k not in SETTINGS})


def _kept(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in kwargs.items() if k not in DROPPED}


def _answer(
    case: Case,
    call: Callable[[], Any],
    leaves: list[Any],
    parameters: dict[str, torch.Tensor],
) -> None:
    """Run torch and write outputs and gradients into the case."""
    with quiet():
        outputs = tensors_of(call())
    case.outputs = [array(y, case.x64) for y in outputs]
    case.differentiable = [y.requires_grad for y in outputs]
    places = [
        place
        for place, x in enumerate(leaves)
        if isinstance(x, torch.Tensor) and x.requires_grad
    ]
    learned = {name: p for name, p in parameters.items() if p.requires_grad}
    if not any(case.differentiable):
        return
    total = sum(
        (y * torch.as_tensor(weights(tuple(y.shape)), dtype=y.dtype)).sum()
        for y in outputs
        if y.requires_grad
    )
    sources = [leaves[place] for place in places] + list(learned.values())
    grads = torch.autograd.grad(total, sources, allow_unused=True)  # type: ignore
    result = [
        array(torch.zeros_like(x) if g is None else g, case.x64)
        for x, g in zip(sources, grads, strict=True)
    ]
    case.grads = dict(zip(places, result, strict=False))
    case.param_grads = nested(dict(zip(learned, result[len(places) :], strict=True)))


def tensors_of(output: Any) -> list[torch.Tensor]:
    """The tensors of a result, in order; of a packed sequence the padded one."""
    packed = torch.nn.utils.rnn.PackedSequence
    leaves = _pytree.tree_leaves(output, is_leaf=lambda x: isinstance(x, packed))
    leaves = [pad_packed_sequence(x)[0] if isinstance(x, packed) else x for x in leaves]
    return [leaf for leaf in leaves if isinstance(leaf, torch.Tensor)]
