"""`module_db` on `funcnet.compat.nn`: printing, names, values, gradients, buffers."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch.testing._internal.common_modules import module_db
from torch.utils import _pytree

from funcnet import compat
from tests.parity.bridge import quiet
from tests.parity.compat.ops import (
    _compare_gradients,
    _flat,
    _same,
    argument,
    to_compat,
)
from tests.parity.report import ExcludedError, Tally, Trial

# Compared in float64: PyTorch's float32 gives CTC's gradients to 5e-5, and the samples
# of the pools are of float64.
DOUBLE = {"CTCLoss", "FractionalMaxPool2d", "FractionalMaxPool3d"}
# Drawn in training from generators that need not agree.
RANDOM = {"Dropout", "AlphaDropout", "FeatureAlphaDropout", "RReLU"}


def trials(tally: Tally) -> Iterator[Trial]:
    for info in module_db:
        name = info.name.removeprefix("nn.")
        for training in (True, False):
            torch.manual_seed(0)
            inputs = info.module_inputs_func(
                info,
                device="cpu",
                dtype=torch.float64 if name in DOUBLE else torch.float32,
                requires_grad=True,
                training=training,
            )
            for index, one in enumerate(inputs):
                label = f"{'train' if training else 'eval'} {index} {one.desc}"
                run = partial(_run, info, one, training)
                yield Trial(name, label, run)


def _run(info: Any, one: Any, training: bool) -> None:
    name = info.name.removeprefix("nn.")
    args, kwargs = one.constructor_input.args, one.constructor_input.kwargs
    torch.manual_seed(0)
    with quiet():
        theirs = info.module_cls(*args, **kwargs).train(training)
        mirrored: dict[int, Any] = {}
        made = mirror((args, kwargs), mirrored)
        cls: Any = compat.nn
        for part in name.split("."):
            cls = getattr(cls, part)
        ours = cls(*made[0], **made[1]).train(training)
    if "Lazy" not in name:
        assert repr(ours) == repr(theirs), f"{ours!r} is not {theirs!r}"
    if "Lazy" in name:  # they have shapes once they have seen an input
        with torch.no_grad(), quiet():
            theirs(*one.forward_input.args, **one.forward_input.kwargs)
    state = {k: to_compat(v) for k, v in theirs.state_dict().items()}
    assert list(ours.state_dict()) == list(state), (
        f"state_dict has {list(ours.state_dict())}, PyTorch {list(state)}"
    )
    ours.load_state_dict(state)
    forward = one.forward_input
    if forward is None:
        return
    parts = (forward.args, forward.kwargs)
    leaves = [x for x in _pytree.tree_leaves(parts) if isinstance(x, torch.Tensor)]
    mirrored = {}
    mine = mirror(parts, mirrored)
    with quiet():
        try:
            wanted = theirs(*parts[0], **parts[1])
        except Exception as error:
            raise ExcludedError(f"PyTorch raises {type(error).__name__}") from None
        result = ours(*mine[0], **mine[1])
    shown = repr(theirs)
    draws = any(word in shown for word in RANDOM) and "=0.0" not in shown
    if training and draws:
        _same_shapes(_flat(wanted, torch.Tensor), _flat(result, compat.Tensor))
        return
    wanted, result = _flat(wanted, torch.Tensor), _flat(result, compat.Tensor)
    assert len(wanted) == len(result), (
        f"{len(result)} results, PyTorch has {len(wanted)}"
    )
    for w, f in zip(wanted, result, strict=True):
        _same(w, f)
    ours_params = dict(ours.named_parameters())
    pairs = [(p, ours_params[n]) for n, p in theirs.named_parameters()]
    _compare_gradients(
        wanted,
        result,
        [*leaves, *(p for p, _ in pairs)],
        [*(mirrored[id(x)] for x in leaves), *(q for _, q in pairs)],
    )
    for key, buffer in ours.named_buffers():
        _same(dict(theirs.named_buffers())[key], buffer, f"buffer {key}: ")


def _same_shapes(wanted: list[Any], found: list[Any]) -> None:
    for w, f in zip(wanted, found, strict=True):
        assert tuple(w.shape) == tuple(f.shape), f"{tuple(f.shape)}, {tuple(w.shape)}"


def mirror(value: Any, mirrored: dict[int, Any]) -> Any:
    """Arguments of torch as compat's: tensors, dtypes, modules and functions too."""
    for x in _pytree.tree_leaves(value):
        if isinstance(x, torch.Tensor) and id(x) not in mirrored:
            mirrored[id(x)] = to_compat(x)
    return _deep(value, mirrored)


def _deep(value: Any, mirrored: dict[int, Any]) -> Any:
    if isinstance(value, torch.nn.Module):
        return _module(value, mirrored)
    if type(value) in (tuple, list):
        return type(value)([_deep(part, mirrored) for part in value])
    if type(value) is dict:
        return {k: _deep(v, mirrored) for k, v in value.items()}
    if callable(value) and hasattr(torch.nn.functional, getattr(value, "__name__", "")):
        return getattr(compat.nn.functional, value.__name__)
    if isinstance(value, torch.nn.utils.rnn.PackedSequence):
        return compat.nn.utils.rnn.PackedSequence(
            *[None if x is None else to_compat(x) for x in value]
        )
    return argument(value, mirrored)


def _module(module: Any, mirrored: dict[int, Any]) -> Any:
    """The same module in compat, made of what `bridge.remember_arguments` kept."""
    args, kwargs = getattr(module, "made_with", ((), {}))
    result = getattr(compat.nn, type(module).__name__)(
        *_deep(list(args), mirrored), **_deep(kwargs, mirrored)
    )
    result.load_state_dict({k: to_compat(v) for k, v in module.state_dict().items()})
    return result.train(module.training)
