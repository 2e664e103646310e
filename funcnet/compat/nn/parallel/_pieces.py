"""Inputs cut into pieces for devices, and outputs put together."""

import warnings
from collections.abc import Sequence
from typing import Any

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.device import device
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.shape.joining import cat, stack
from funcnet.compat._ops.shape.splitting import chunk
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module


def scatter(inputs: Any, target_gpus: Sequence[DeviceLike], dim: int = 0) -> Any:
    """Cut the tensors inside into a piece for each device; repeat all else.

    Equals `torch.nn.parallel.scatter`: a list or tuple with one entry for each device,
    fewer if a tensor is too short.
    """
    targets = [_device(gpu) for gpu in target_gpus]
    return _scattered(inputs, targets, dim)


def _device(target: DeviceLike) -> device:
    return device("cuda", target) if isinstance(target, int) else device(target)


def _scattered(x: Any, targets: list[device], dim: int) -> Any:
    if isinstance(x, Tensor):
        pieces = chunk(x, len(targets), dim)
        return tuple(piece.to(to) for piece, to in zip(pieces, targets, strict=False))
    if isinstance(x, tuple | list) and x:
        parts = zip(*(_scattered(part, targets, dim) for part in x), strict=False)
        if hasattr(x, "_fields"):
            return [type(x)(*part) for part in parts]
        return [type(x)(part) for part in parts]
    if isinstance(x, dict) and x:
        parts = zip(*(_scattered(v, targets, dim) for v in x.values()), strict=False)
        return [type(x)(zip(x, part, strict=True)) for part in parts]
    return [x for _ in targets]


def scatter_kwargs(
    inputs: tuple[Any, ...],
    kwargs: dict[str, Any] | None,
    target_gpus: Sequence[DeviceLike],
    dim: int = 0,
) -> tuple[tuple[Any, ...], tuple[dict[str, Any], ...]]:
    """Cut arguments, given by place and by name, into pieces for devices."""
    positional = list(scatter(inputs, target_gpus, dim)) if inputs else []
    named = list(scatter(kwargs, target_gpus, dim)) if kwargs else []
    count = max(len(positional), len(named))
    positional += [()] * (count - len(positional))
    named += [{}] * (count - len(named))
    return tuple(positional), tuple(named)


def gather(outputs: Any, target_device: DeviceLike, dim: int = 0) -> Any:
    """Put pieces of outputs together on a device, as `torch.nn.parallel.gather`."""
    target = device("cpu") if target_device == -1 else _device(target_device)
    return _gathered(outputs, target, dim)


def _gathered(outputs: Any, target: device, dim: int) -> Any:
    first = outputs[0]
    if isinstance(first, Tensor):
        return _joined([x.to(target) for x in outputs], dim)
    if first is None:
        return None
    if isinstance(first, dict):
        if not all(len(first) == len(output) for output in outputs):
            raise ValueError("All dicts must have the same number of keys")
        return type(first)(
            (key, _gathered([output[key] for output in outputs], target, dim))
            for key in first
        )
    parts = [_gathered(part, target, dim) for part in zip(*outputs, strict=True)]
    return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)


def _joined(pieces: list[Any], dim: int) -> Any:
    if pieces[0].dim() or dim:
        return cat(pieces, dim)
    warnings.warn(
        "Was asked to gather along dimension 0, but all input tensors were scalars; "
        "will instead unsqueeze and return a vector.",
        stacklevel=outside(),
    )
    return stack(pieces)


def replicate(
    network: Module, devices: Sequence[DeviceLike], detach: bool = False
) -> list[Any]:
    """The module for each device: itself, for one process computes on one device."""
    del detach
    _one_device(devices)
    return [network for _ in devices]


def parallel_apply(
    modules: Any,
    inputs: Sequence[Any],
    kwargs_tup: Sequence[dict[str, Any]] | None = None,
    devices: Sequence[DeviceLike] | None = None,
) -> list[Any]:
    """Call each module with its inputs, one after the other."""
    named: Any = kwargs_tup or ({},) * len(modules)
    if len(modules) != len(inputs):
        raise AssertionError(
            f"The number of modules {len(modules)} is not equal to the number of "
            f"inputs {len(inputs)}"
        )
    return [
        module(*(x if isinstance(x, tuple | list) else (x,)), **options)
        for module, x, options in zip(modules, inputs, named, strict=True)
    ]


def _one_device(devices: Sequence[DeviceLike]) -> None:
    if len({_device(item) for item in devices}) > 1:
        raise NotImplementedError(
            "a module lies on one device here. Spread arrays over devices with "
            "funcnet.distributed."
        )
