"""Other forms of the views: in place, and as copies."""

from collections.abc import Callable
from typing import Any

from funcnet.compat._core.context import is_grad_recorded
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.shape.expanding import expand
from funcnet.compat._ops.shape.splitting import narrow, select, split, unbind
from funcnet.compat._ops.shape.strided_views import (
    as_strided,
    diagonal,
    unfold,
    view_as_complex,
    view_as_real,
)
from funcnet.compat._ops.shape.view import (
    permute,
    squeeze,
    t,
    transpose,
    unsqueeze,
    view,
)
from funcnet.compat._ops.tensor_methods.grad_attributes import detach
from funcnet.compat._ops.tensor_methods.memory import clone
from funcnet.compat._ops.writing import check_writable, write_out
from funcnet.compat._tensor.tensor import Tensor


def _in_place(name: str, look: Callable[..., Any], *functions: str) -> None:
    def method(self: Tensor, *args: object, **kwargs: object) -> Tensor:
        check_writable(self, equal=True)
        shown = look(self, *args, **kwargs)
        if shown._layout() == self._layout():
            return self
        if self._grad_fn is not None and not is_grad_recorded():
            raise RuntimeError(
                f"{name}: the gradient of this tensor would come in another shape than "
                "it is computed in. Give it outside of no_grad, or take a view: "
                f"x = x.{name[:-1]}(...)."
            )
        self._count_write()  # other views are as they were
        self._show(self._storage, shown._steps, shown._cached)
        # A gradient that is retained stays that of the old shape.
        self._set_grad_fn(shown._grad_fn, shown._output_nr, follow=False)
        return self

    doc = f"`{name[:-1]}`, of this tensor itself."
    register(f"Tensor.{name}", *functions, method=False, doc=doc)(method)


for _name, _look in (
    ("squeeze_", squeeze),
    ("unsqueeze_", unsqueeze),
    ("transpose_", transpose),
    ("swapaxes_", transpose),
    ("swapdims_", transpose),
    ("t_", t),
):
    _in_place(_name, _look)
_in_place("as_strided_", as_strided, "as_strided_")


def _copied(name: str, look: Callable[..., Any], method: bool = False) -> None:
    def public(input: Tensor, *args: object, out: Any = None, **kwargs: object) -> Any:
        shown = look(input, *args, **kwargs)
        single = isinstance(shown, Tensor)
        result = clone(shown) if single else tuple([clone(x) for x in shown])
        return result if out is None else write_out(result, out)

    doc = f"`{name[:-5]}` with memory of its own."
    register(name, method=method, doc=doc)(public)


_VIEWS: tuple[tuple[str, Any], ...] = (
    ("alias", lambda x: x),
    ("as_strided", as_strided),
    ("detach", detach),
    ("diagonal", diagonal),
    ("expand", expand),
    ("permute", permute),
    ("select", select),
    ("split", split),
    ("split_with_sizes", split),
    ("squeeze", squeeze),
    ("t", t),
    ("transpose", transpose),
    ("unbind", unbind),
    ("unfold", unfold),
    ("unsqueeze", unsqueeze),
    ("view", view),
    ("view_as_complex", view_as_complex),
    ("view_as_real", view_as_real),
)
for _name, _look in _VIEWS:
    _copied(f"{_name}_copy", _look)
_copied("narrow_copy", narrow, method=True)
