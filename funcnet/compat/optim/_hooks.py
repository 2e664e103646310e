"""The hooks around an optimizer's step, and around its saving and loading."""

import functools
import itertools
from collections.abc import Callable
from typing import Any, TypeVar

from funcnet.compat._core.removable_handle import Hooks, RemovableHandle
from funcnet.compat._engine import executor

Given = TypeVar("Given")

_before_any = Hooks()
_after_any = Hooks()


def register_optimizer_step_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` before each step of any optimizer."""
    return _before_any.add(hook)


def register_optimizer_step_post_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` after each step of any optimizer."""
    return _after_any.add(hook)


class Hooked:
    """Base of `Optimizer`: the `step` of every subclass has hooks around it."""

    # Where a package's wrapper does not call the constructor: the hooks are those of
    # the optimizer that it steps.
    _stepping = _opt_called = True

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if "step" in cls.__dict__:
            cls.step = _hooked(cls.__dict__["step"])  # type: ignore[attr-defined]

    def _make_hooks(self) -> None:
        self._stepping = self._opt_called = False
        self._optimizer_step_pre_hooks = Hooks()
        self._optimizer_step_post_hooks = Hooks()
        self._optimizer_state_dict_pre_hooks = Hooks()
        self._optimizer_state_dict_post_hooks = Hooks()
        self._optimizer_load_state_dict_pre_hooks = Hooks()
        self._optimizer_load_state_dict_post_hooks = Hooks()

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` before a step; it may change both."""
        return self._optimizer_step_pre_hooks.add(hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` after each step."""
        return self._optimizer_step_post_hooks.add(hook)

    def register_state_dict_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer)` before `state_dict()`."""
        return self._optimizer_state_dict_pre_hooks.add(hook, prepend)

    def register_state_dict_post_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer, state_dict)` after it; it may return another dict."""
        return self._optimizer_state_dict_post_hooks.add(hook, prepend)

    def register_load_state_dict_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer, state_dict)` before it is loaded."""
        return self._optimizer_load_state_dict_pre_hooks.add(hook, prepend)

    def register_load_state_dict_post_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer)` after `load_state_dict`."""
        return self._optimizer_load_state_dict_post_hooks.add(hook, prepend)


def _hooked(step: Callable[..., Any]) -> Callable[..., Any]:
    """A step with the hooks around it, after which all pending nodes run."""

    @functools.wraps(step)
    def run(self: Hooked, *args: object, **kwargs: object) -> Any:
        if self._stepping:  # a step that calls its base's
            return step(self, *args, **kwargs)
        self._stepping = self._opt_called = True
        try:
            before = self._optimizer_step_pre_hooks
            if before or _before_any:
                hooks = list(itertools.chain(_before_any.values(), before.values()))
                args, kwargs = _changed(hooks, self, args, kwargs)
            result = step(self, *args, **kwargs)
            after = self._optimizer_step_post_hooks
            if after or _after_any:
                for hook in list(itertools.chain(after.values(), _after_any.values())):
                    hook(self, args, kwargs)
        finally:
            self._stepping = False
        executor.run_pending()
        return result

    return run


def _changed(
    hooks: list[Any], self: Hooked, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    for hook in hooks:
        changed = hook(self, args, kwargs)
        if changed is None:
            continue
        if not isinstance(changed, tuple) or len(changed) != 2:
            raise RuntimeError(
                f"{hook} must return None or a tuple of (new_args, new_kwargs), but "
                f"got {changed}."
            )
        args, kwargs = changed
    return args, kwargs


def changed_by(changed: Given | None, otherwise: Given) -> Given:
    """The result of a hook, or its argument if it returned None."""
    return otherwise if changed is None else changed
