"""Hooks of all modules, as `torch.nn.modules.module.register_module_...`."""

from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._core.removable_handle import Hooks, RemovableHandle

around_calls: Final = Hooks()
"""What is called around `forward` or its gradient, of any kind: mostly nothing."""

forward_pre: Final = Hooks()
forward: Final = Hooks()
forward_with_kwargs: Final = Hooks()
forward_always: Final = Hooks()
backward_pre: Final = Hooks()
backward: Final = Hooks()
parameter: Final = Hooks()
buffer: Final = Hooks()
module: Final = Hooks()


class _Kind:
    """Whether the hooks on gradients are full ones; None while there are none."""

    is_full: bool | None = None


kind: Final = _Kind()


def _add(hooks: Hooks, hook: Callable[..., Any], *flags: Hooks) -> RemovableHandle:
    handle = hooks.add(hook, False, around_calls, *flags)
    around_calls[handle.id] = hook
    for flag in flags:
        flag[handle.id] = hook
    return handle


def register_module_forward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, args)` before `forward` of every module."""
    return _add(forward_pre, hook)


def register_module_forward_hook(
    hook: Callable[..., Any],
    *,
    with_kwargs: bool = False,
    always_call: bool = False,
) -> RemovableHandle:
    """Call `hook(module, args, output)` after `forward` of every module."""
    flags = [forward_with_kwargs] * with_kwargs + [forward_always] * always_call
    return _add(forward, hook, *flags)


def register_module_backward_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` of the last function of each."""
    return _add_backward(hook, False)


def register_module_full_backward_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` of every module."""
    return _add_backward(hook, True)


def _add_backward(hook: Callable[..., Any], is_full: bool) -> RemovableHandle:
    if kind.is_full is (not is_full):
        raise RuntimeError(
            "Cannot use both regular backward hooks and full backward hooks as a "
            "global Module hook. Please use only one of them."
        )
    kind.is_full = is_full
    return _add(backward, hook)


def register_module_full_backward_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, grad_output)` of every module."""
    return _add(backward_pre, hook)


def register_module_parameter_registration_hook(
    hook: Callable[..., Any],
) -> RemovableHandle:
    """Call `hook(module, name, parameter)` when one is registered."""
    return parameter.add(hook)


def register_module_buffer_registration_hook(
    hook: Callable[..., Any],
) -> RemovableHandle:
    """Call `hook(module, name, buffer)` when one is registered."""
    return buffer.add(hook)


def register_module_module_registration_hook(
    hook: Callable[..., Any],
) -> RemovableHandle:
    """Call `hook(module, name, child)` when one is registered."""
    return module.add(hook)


def passed(hooks: Hooks, owner: Any, name: str, value: object) -> Any:
    """What the hooks let a module register under a name."""
    for hook in list(hooks.values()):
        replaced = hook(owner, name, value)
        if replaced is not None:
            value = replaced
    return value
