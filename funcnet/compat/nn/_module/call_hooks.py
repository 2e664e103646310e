"""Calling a module: hooks around `forward`, and the path in what goes wrong."""

import warnings
from collections.abc import Callable
from typing import Any

from funcnet.compat._messages.error_location import tell_where
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tiers.compiled_calls import compiled_call
from funcnet.compat.nn._module import global_hooks as everywhere
from funcnet.compat.nn._module.backward_hooks import Around, watch_function


def call(module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Run a module's hooks and its `forward`."""
    attributes = module.__dict__
    if "_forward_hooks" not in attributes:
        raise AttributeError(
            f"'{type(module).__name__}' object has no attribute '_forward_hooks': call "
            "super().__init__() first in its __init__."
        )
    try:
        if not (
            attributes["_forward_pre_hooks"]
            or attributes["_forward_hooks"]
            or attributes["_backward_hooks"]
            or attributes["_backward_pre_hooks"]
            or everywhere.around_calls
            or "_compiles" in attributes
        ):
            return module.forward(*inputs, **named)
        if "_compiles" in attributes:
            with compiled_call():
                return _Hooked(module, inputs, named).run()
        return _Hooked(module, inputs, named).run()
    except Exception as error:
        tell_where(error, module)
        raise


class _Hooked:
    """One call of a module that has hooks."""

    def __init__(
        self, module: Any, inputs: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        self.module = module
        self.inputs = inputs
        self.named = named
        self.output: Any = None
        self.called: set[int] = set()

    def run(self) -> Any:
        """Run hooks and `forward`; those that are always called, after an error too."""
        try:
            return self._in_order()
        except Exception:
            self._after_error()
            raise

    def _in_order(self) -> Any:
        module = self.module
        full, others = _backward_hooks(module)
        before = [
            *everywhere.backward_pre.values(),
            *module._backward_pre_hooks.values(),
        ]
        self._before()
        around = Around(module, full, before) if full or before else None
        if around is not None:
            self.inputs = around.inputs(self.inputs)
        self.output = module.forward(*self.inputs, **self.named)
        for number, hook, is_global in self._forward_hooks():
            if number in self._always(is_global):
                self.called.add(number)
            replaced = self._call(hook, number, is_global)
            if replaced is not None:
                self.output = replaced
        if around is not None:
            self.output = around.outputs(self.output)
        if others:
            watch_function(module, self.inputs, self.output, others)
        return self.output

    def _before(self) -> None:
        module = self.module
        for number, hook in (
            *everywhere.forward_pre.items(),
            *module._forward_pre_hooks.items(),
        ):
            if number in module._forward_pre_hooks_with_kwargs:
                replaced = hook(module, self.inputs, self.named)
                if replaced is None:
                    continue
                if not isinstance(replaced, tuple) or len(replaced) != 2:
                    raise RuntimeError(
                        "forward pre-hook must return None or a tuple of (new_args, "
                        f"new_kwargs), but got {replaced}."
                    )
                self.inputs, self.named = replaced
                continue
            replaced = hook(module, self.inputs)
            if replaced is not None:
                alone = not isinstance(replaced, tuple)
                self.inputs = (replaced,) if alone else replaced

    def _forward_hooks(self) -> list[tuple[int, Any, bool]]:
        return [
            *[(n, hook, True) for n, hook in everywhere.forward.items()],
            *[(n, hook, False) for n, hook in self.module._forward_hooks.items()],
        ]

    def _always(self, is_global: bool) -> Any:
        return (
            everywhere.forward_always
            if is_global
            else self.module._forward_hooks_always_called
        )

    def _call(self, hook: Callable[..., Any], number: int, is_global: bool) -> Any:
        with_kwargs = self.module._forward_hooks_with_kwargs
        if is_global:
            with_kwargs = everywhere.forward_with_kwargs
        more = (self.named,) if number in with_kwargs else ()
        return hook(self.module, self.inputs, *more, self.output)

    def _after_error(self) -> None:
        for number, hook, is_global in self._forward_hooks():
            if number in self.called or number not in self._always(is_global):
                continue
            try:
                replaced = self._call(hook, number, is_global)
            except Exception as error:
                which = "global module" if is_global else "module"
                warnings.warn(
                    f"{which} forward hook with ``always_call=True`` raised an "
                    "exception that was silenced as another error was raised in "
                    f"forward: {error}",
                    stacklevel=outside(),
                )
                continue
            if replaced is not None:
                self.output = replaced


def _backward_hooks(module: Any) -> tuple[list[Any], list[Any]]:
    """The full hooks on gradients, and those of the old kind."""
    full: list[Any] = []
    others: list[Any] = []
    for is_full, hooks in (
        (everywhere.kind.is_full, everywhere.backward),
        (module._is_full_backward_hook, module._backward_hooks),
    ):
        (full if is_full else others).extend(hooks.values())
    return full, others
