"""Calling a module: hooks around `forward`, and the path in what goes wrong."""

from typing import Any

from funcnet.compat._autograd import CustomFunction
from funcnet.compat._modes import is_grad_enabled
from funcnet.compat._tensor import Tensor, alias, edge
from funcnet.compat._where import tell_where


def call(module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Run a module's hooks and its `forward`."""
    places = module.__dict__
    if "_forward_hooks" not in places:
        raise AttributeError(
            f"'{type(module).__name__}' object has no attribute '_forward_hooks': call "
            "super().__init__() first in its __init__."
        )
    if not (
        places["_forward_pre_hooks"]
        or places["_forward_hooks"]
        or places["_backward_hooks"]
        or places["_backward_pre_hooks"]
    ):
        try:
            return module.forward(*inputs, **named)
        except Exception as error:
            tell_where(error, module)
            raise
    for hook, with_kwargs in list(places["_forward_pre_hooks"].values()):
        if with_kwargs:
            replaced = hook(module, inputs, named)
            if replaced is not None:
                inputs, named = replaced
            continue
        replaced = hook(module, inputs)
        if replaced is not None:
            inputs = replaced if isinstance(replaced, tuple) else (replaced,)
    watched = places["_backward_hooks"] or places["_backward_pre_hooks"]
    try:
        if watched and is_grad_enabled():
            output = _with_backward_hooks(module, inputs, named)
        else:
            output = module.forward(*inputs, **named)
    except Exception as error:
        tell_where(error, module)
        raise
    for hook, with_kwargs in list(places["_forward_hooks"].values()):
        extra = (named,) if with_kwargs else ()
        replaced = hook(module, inputs, *extra, output)
        if replaced is not None:
            output = replaced
    return output


def _with_backward_hooks(module: Any, inputs: tuple[Any, ...], named: Any) -> Any:
    """Pass inputs and outputs through functions that tell the hooks their gradients."""
    seen: dict[str, Any] = {"output": ()}

    def told_output(grads: list[Any]) -> list[Any]:
        for hook in list(module._backward_pre_hooks.values()):
            replaced = hook(module, tuple(grads))
            if replaced is not None:
                grads = list(replaced) if isinstance(replaced, tuple) else [replaced]
        seen["output"] = tuple(grads)
        if not any_input:
            told_input([None])
        return grads

    def told_input(grads: list[Any]) -> list[Any]:
        for hook in list(module._backward_hooks.values()):
            replaced = hook(module, tuple(grads), seen["output"])
            if replaced is not None:
                grads = list(replaced) if isinstance(replaced, tuple) else [replaced]
        return grads

    any_input = any(isinstance(x, Tensor) and x.requires_grad for x in inputs)
    passed = _through(inputs, told_input) if any_input else inputs
    output = module.forward(*passed, **named)
    many = output if isinstance(output, tuple) else (output,)
    results = _through(many, told_output)
    return results if isinstance(output, tuple) else results[0]


def _through(tensors: tuple[Any, ...], pull: Any) -> tuple[Any, ...]:
    places = [
        place
        for place, x in enumerate(tensors)
        if isinstance(x, Tensor) and x.requires_grad
    ]
    if not places:
        return tensors
    edges = tuple(edge(tensors[place]) for place in places)
    fn = CustomFunction("BackwardHookFunctionBackward", pull, edges, len(places))
    results = list(tensors)
    for output, place in enumerate(places):
        passed = alias(tensors[place])
        passed._fn, passed._output = fn, output
        results[place] = passed
    return tuple(results)
