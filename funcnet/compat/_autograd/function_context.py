"""What `forward` of a custom function leaves for `backward`: the `ctx` of both."""

import functools
from collections.abc import Callable
from typing import Any

from funcnet.compat._autograd.pullback import FREED, modified
from funcnet.compat._core.context import thread
from funcnet.compat._tensor.attributes import fields_of
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import Tensor


class FunctionCtx:
    """What `forward` leaves for `backward`: tensors, and any attribute."""

    needs_input_grad: tuple[bool, ...] = ()
    materialize_grads = True

    def __init__(self) -> None:
        self._saved: tuple[Any, ...] = ()
        self._saved_forward: tuple[Any, ...] = ()
        self._versions: tuple[int, ...] = ()
        self._freed = self._refused = False
        self._packed: list[Any] | None = None
        self._dirty: tuple[Any, ...] = ()
        self._plain: tuple[Any, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors for `backward`, where they are `saved_tensors`."""
        for index, x in enumerate(tensors):
            if x is not None and not isinstance(x, Tensor):
                raise TypeError(
                    "save_for_backward can only save variables, but argument "
                    f"{index} is of type {type(x).__name__}"
                )
        if any(_is_inference(x) for x in tensors):
            self._refused = True
        self._saved = tensors
        self._versions = tuple([version_of(x) for x in tensors])
        self._packed = None
        if thread.context.allows_mutation:  # values never change: keep those of now
            self._saved = tuple([x if x is None else _as_now(x) for x in tensors])
            self._versions = tuple([version_of(x) for x in self._saved])

    def _pack(self) -> None:
        """Pack what was saved by `saved_tensors_hooks`."""
        hooks = thread.context.saved_hooks[-1]
        self._packed = [None if x is None else hooks.packed(x) for x in self._saved]
        self._saved = self._versions = ()

    def _free(self) -> None:
        """Release what was saved, once it was used."""
        self._freed = bool(self._saved or self._packed)
        self._saved = self._versions = ()
        self._packed = None

    def save_for_forward(self, *tensors: Tensor | None) -> None:
        """Keep tensors for `jvp`, where they are `saved_tensors`."""
        self._saved_forward = tensors

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The tensors that `save_for_backward` kept."""
        if self._freed:
            raise RuntimeError(FREED)
        if self._packed is not None:
            return tuple([None if x is None else x.unpacked() for x in self._packed])
        for x, version in zip(self._saved, self._versions, strict=True):
            result = version_of(x)
            if result != version:
                raise modified(x._spec, x._grad_fn, x._output_nr, result, version)
        return self._saved

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Say which inputs `forward` wrote to in place."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Say which outputs have no gradient."""
        self._plain = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Whether gradients that are missing come as zeros (yes) or as None."""
        self.materialize_grads = value


class BackwardCFunction(FunctionCtx):
    """Base class of the contexts of custom functions."""


def _make_context(cls: type) -> type[FunctionCtx]:
    """The class of the context, named as PyTorch names the `grad_fn`."""
    return type(f"{cls.__name__}Backward", (BackwardCFunction,), {"_function": cls})


_context_of: Callable[[Any], Any] = functools.cache(_make_context)


def new_context(cls: type, needs_input_grad: list[bool]) -> FunctionCtx:
    """Make the context of one call of a function."""
    ctx = FunctionCtx.__new__(_context_of(cls))
    FunctionCtx.__init__(ctx)
    ctx.needs_input_grad = tuple(needs_input_grad)
    return ctx


def _as_now(x: Tensor) -> Tensor:
    """A tensor that keeps what this one holds now, with its edge in the graph."""
    result = object.__new__(Tensor)
    fields_of(result).update(fields_of(x))
    result._show(Storage(x._value()))
    return result


def _is_inference(x: Tensor | None) -> bool:
    return x is not None and not x._sparse and x._storage.is_inference


def version_of(x: object) -> int:
    """How often a tensor was written to; a sparse one gets other parts instead."""
    return x._counts().version if isinstance(x, Tensor) and not x._sparse else 0
