"""Hooks: what is called on the way, under a handle that removes it."""

import itertools
import weakref
from collections.abc import Callable
from typing import Any

_ids = itertools.count()


class RemovableHandle:
    """Remembers where a hook is kept; `remove()` takes it away."""

    def __init__(self, hooks_dict: Any, *, extra_dict: Any = None) -> None:
        self.id = next(_ids)
        also = extra_dict if isinstance(extra_dict, list) else [extra_dict]
        dicts = [hooks_dict, *(x for x in also if x is not None)]
        self._dicts = [_Ref(hooks) for hooks in dicts]

    def remove(self) -> None:
        """Take the hook away; doing so twice is no error."""
        for reference in self._dicts:
            hooks = reference()
            if hooks is not None:
                hooks.pop(self.id, None)

    def __enter__(self) -> "RemovableHandle":
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


class Hooks(dict[int, Any]):
    """Hooks, or tuples with one, by the number of their handle, in their order."""

    __slots__ = ("__weakref__",)

    def add(
        self, hook: Any, first: bool = False, *also: dict[int, Any]
    ) -> RemovableHandle:
        """Add a hook, before all others if `first`; `also` are removed with it."""
        handle = RemovableHandle(self, extra_dict=list(also))
        before = dict(self)
        self[handle.id] = hook
        if first:
            for number in before:
                self[number] = self.pop(number)
        return handle


class _Ref:
    """A weak reference where there can be one: a handle keeps nothing alive."""

    def __init__(self, hooks: Any) -> None:
        self.ref: Callable[[], Any]
        try:
            self.ref = weakref.ref(hooks)
        except TypeError:
            self.ref = lambda: hooks

    def __call__(self) -> Any:
        return self.ref()
