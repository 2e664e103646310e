"""What a tensor is made of: its memory, the view it shows, its node in the graph.

`TensorBase` holds the fields and keeps what must be true of them; `Tensor` adds what
records operations. All that rebinds several fields of a tensor at once does so through
a method of this class.
"""

import functools
import operator
import weakref
from typing import Any

import numpy as np

from funcnet.compat._autograd.node import AccumulateGrad
from funcnet.compat._core.removable_handle import Hooks
from funcnet.compat._core.strides import Layout, contiguous, layout_in
from funcnet.compat._engine.graph import Value
from funcnet.compat._engine.op import TensorSpec
from funcnet.compat._tensor.attributes import (
    Fielded,
    keep_attributes_apart,
    shown_attributes,
    with_fields,
)
from funcnet.compat._tensor.storage import Counter, Storage
from funcnet.compat._tensor.view_ops import Step
from funcnet.compat._tensor.view_origin import Origin, refusal


@with_fields
class TensorBase(Fielded):
    """The fields of a tensor, as PyTorch's `TensorImpl` and `AutogradMeta` have them.

    They lie in the object itself: an object of their own would cost each recorded
    operation one more allocation, and each access to a field one more step.
    """

    _storage: Storage
    # Of a view: the tensor it shows, the steps that lead from the storage to it, what
    # they gave, and at which version of the storage.
    _base: "TensorBase | None" = None
    _steps: tuple[Step, ...] = ()
    _cached: Value | None = None
    _cached_version: int = 0
    # Of a view that cannot follow a write: how it was made.
    _origin: Origin | None = None
    # What counts the writes, if it is not the storage.
    _counter: Counter | None = None
    # In the gradient graph: what computed this tensor, as which of its outputs.
    _grad_fn: Any = None
    _output_nr: int = 0
    _requires_grad: bool = False
    _grad: "TensorBase | None" = None
    _retains_grad: bool = False
    # Of a leaf: its hooks, and its `AccumulateGrad` while it is referenced.
    _backward_hooks: Hooks | None = None
    _post_accumulate_grad_hooks: Hooks | None = None
    _accumulator: "weakref.ref[AccumulateGrad] | None" = None
    _sparse = False
    # Of a subclass: whether it is a parameter, which is a matter of its class else.
    _is_param: bool = False
    _is_buffer: bool = False

    __dict__ = shown_attributes  # type: ignore[assignment]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        keep_attributes_apart(cls)

    def _value(self) -> Value:
        """What this tensor holds now."""
        raise NotImplementedError

    def _refresh_view(self) -> None:
        """Take the view anew after its base was written to."""
        raise NotImplementedError

    def _refresh_if_outdated(self) -> None:
        if self._cached_version != self._storage.content_version:
            self._refresh_view()

    @property
    def requires_grad(self) -> bool:
        """Return whether gradients reach this tensor."""
        if self._steps:
            self._refresh_if_outdated()
        return self._grad_fn is not None or self._requires_grad

    _wants_grad = requires_grad  # asks no `__torch_function__` of a subclass first

    def _steps_from(self, base: "TensorBase") -> tuple[Step, ...]:
        """The steps from its base to this view, if the base is still what it was."""
        if not self._is_of(base):
            raise RuntimeError(
                "the tensor that this view was taken of has since got other memory, "
                "through .data or set_, or another shape in place, through t_, "
                "squeeze_ or the like: the gradient of a write cannot follow. Take the "
                "view again."
            )
        return self._steps[len(base._steps) :]

    def _is_of(self, base: "TensorBase") -> bool:
        """Return whether the base shows the same memory as when the view was taken."""
        return self._storage is base._storage and all(
            map(operator.is_, base._steps, self._steps)
        )

    def _numpy_data(self) -> np.ndarray | None:
        """The values, not to be written, if they are data that lie on the host."""
        if self._storage.host is not None:
            return None
        array = self._value().array
        return array if type(array) is np.ndarray else None

    @property
    def _spec(self) -> TensorSpec:
        """Shape, dtype and device."""
        taken = self._cached
        if taken is not None:
            return taken.spec
        return self._storage.value.spec

    def _counts(self) -> "Storage | Counter":
        """What counts the writes to this tensor, its views and its base: `.version`."""
        counter = self._counter
        return self._storage if counter is None else counter

    def _count_write(self) -> None:
        self._counts().version += 1

    def _show(
        self,
        storage: Storage,
        steps: tuple[Step, ...] = (),
        taken: Value | None = None,
    ) -> None:
        """Show memory through steps, which have given `taken` if that is known.

        All that changes which memory an existing tensor shows comes through here.
        """
        self._storage = storage
        self._steps = steps
        self._cached = taken
        self._cached_version = storage.content_version if taken is not None else -1

    def _show_same(self, x: "TensorBase") -> None:
        """Show what another tensor shows; whose writes are counted where stays."""
        steps = x._steps
        self._show(x._storage, steps, x._value() if steps else None)

    def _count_apart(self) -> None:
        """Count writes from now on apart from other tensors, as other memory is shown.

        The count continues.
        """
        self._counter = Counter(self._counts().version)
        self._base = None

    def _check_origin(self) -> None:
        """Raise where this view has lost its edge in the gradient graph."""
        origin, base = self._origin, self._base
        assert origin is not None, "asked of a view that follows"
        if origin.version == self._counts().version:
            return
        if base is not None and base._wants_grad:
            raise refusal(origin, self._grad_fn, itself=False)

    def _set_grad_fn(self, fn: Any, output: int = 0, follow: bool = True) -> None:
        """Say what computed this tensor now; a gradient that is retained may follow."""
        old = self._grad_fn
        if follow and self._retains_grad and old is not None and old is not fn:
            mine = [entry for entry in old.retained or () if entry[1]() is self]
            old.retained = [entry for entry in old.retained or () if entry not in mine]
            if fn is not None:
                for _, me in mine:
                    fn.retain(output, me)
        self._grad_fn, self._output_nr = fn, output

    def _retain_grad(self) -> None:
        """Keep the gradient in `grad` from now on, if this is not a leaf."""
        if self._grad_fn is not None and not self._retains_grad:
            self._retains_grad = True
            self._grad_fn.retain(self._output_nr, weakref.ref(self))

    def _layout(self) -> Layout:
        """Where the elements lie in memory: as PyTorch would have them."""
        memory, spec = self._storage.host, self._storage.value.spec
        if memory is not None:
            return layout_in(memory, self._numpy_view(memory))
        if not self._steps:
            return contiguous(spec.shape)
        if any(step.values for step in self._steps):
            return layout_after(spec, self._steps)
        return _known_layout(spec, self._steps)

    def _numpy_view(self, memory: np.ndarray) -> np.ndarray:
        """Return what this tensor shows of an array instead of its storage."""
        for step in self._steps:
            memory = step.numpy_view(memory)
        return memory


def layout_after(spec: TensorSpec, steps: tuple[Step, ...]) -> Layout:
    """Where the elements lie to which the steps lead from a contiguous tensor."""
    shown = memory = contiguous(spec.shape).blank(spec.dtype.numpy)
    for step in steps:
        shown = step.numpy_view(shown)
    return layout_in(memory, shown)


_known_layout = functools.lru_cache(4096)(layout_after)
