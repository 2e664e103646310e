"""A table of a module's layers, as `funcnet.nn` has it for its models.

PyTorch has no such function; the package torchinfo, which has, runs as it stands.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from funcnet.compat._core.context import no_grad
from funcnet.compat._ops.create.creation import zeros
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.utils._pytree import tree_leaves
from funcnet.compat.utils.flop_counter import FlopCounterMode
from funcnet.nn._summary import Row, Summary

__all__ = ["summary"]

Spec: TypeAlias = tuple[tuple[int, ...], int]
"""The shape of a tensor, and its bytes."""


def summary(model: Module, *inputs: Any) -> Summary:
    """Return a table of modules: output shapes, parameters, multiply-adds.

    The module is called once, in evaluation mode; what it gives is recorded and not
    computed. Multiply-adds are those of convolutions and products of matrices.

    Args:
        model: the module.
        inputs: shapes of its inputs, batch dimension included, or tensors.

    Raises:
        ValueError: the module is on the device "meta", where calls are not counted.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.utils.summary import summary
        >>> table = summary(torch.nn.Linear(2, 3), (5, 2))
        >>> table.params, table.mult_adds
        (9, 30)
    """
    if any(p.device.type == "meta" for p in model.parameters()):
        raise ValueError(
            "summary: a module on the device meta records no calls. Use "
            'summary(model.to_empty(device="cpu"), ...), which computes nothing either.'
        )
    given = [x if isinstance(x, Tensor) else zeros(*x) for x in inputs]
    outputs: dict[int, list[Spec]] = {}

    def note(module: Module, args: object, output: Any) -> None:
        # Shapes alone are kept, so that nothing has to be computed.
        leaves = [x for x in tree_leaves(output) if isinstance(x, Tensor)]
        outputs[id(module)] = [(tuple(x.shape), x.nbytes) for x in leaves]

    with _evaluated(model, note), FlopCounterMode(display=False) as counter:
        model(*given)
    root = type(model).__name__
    rows, output_bytes = [], 0
    for path, module in model.named_modules():
        specs = outputs.get(id(module), [])
        by_operator = counter.flop_counts.get(f"{root}.{path}" if path else root, {})
        rows.append(
            Row(
                path,
                type(module).__name__,
                tuple(shape for shape, _ in specs),
                _elements(module),
                sum(by_operator.values()) // 2,
                _elements(module, recurse=False),
            )
        )
        if not any(True for _ in module.children()):
            output_bytes += sum(size for _, size in specs)
    parameters = list(model.parameters())
    return Summary(
        tuple(rows),
        sum(x.nbytes for x in given),
        output_bytes,
        sum(p.nbytes for p in parameters),
        sum(p.numel() for p in parameters if not p.requires_grad),
    )


def _elements(module: Module, recurse: bool = True) -> int:
    return sum(p.numel() for p in module.parameters(recurse))


@contextlib.contextmanager
def _evaluated(model: Module, note: Callable[..., None]) -> Iterator[None]:
    """All modules in evaluation mode, with a hook, for as long as the block runs."""
    modules = list(model.modules())
    modes = [module.training for module in modules]
    handles = [module.register_forward_hook(note) for module in modules]
    for module in modules:
        module.training = False
    try:
        with no_grad():
            yield
    finally:
        for module, mode in zip(modules, modes, strict=True):
            module.training = mode
        for handle in handles:
            handle.remove()
