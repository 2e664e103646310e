"""One entry for each operation: a function, a method, an in-place method and `out=`.

An operation is written as a function of arrays with PyTorch's argument names. The
decorator `op` makes of it what PyTorch has: `torch.add(x, y, out=z)`, `x.add(y)` and
`x.add_(y)`, all recorded.
"""

import difflib
import functools
import inspect
import warnings
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.context import is_grad_recorded, no_grad, thread
from funcnet.compat._core.dtype import promote_types
from funcnet.compat._core.overriding import rescued
from funcnet.compat._engine.op import Op
from funcnet.compat._gradient_rules.saved_rules import RESULT_IN_PLACE
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.resize import resize
from funcnet.compat._tensor.recording import CAST, ScalarInput, record_op
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import EXPAND
from funcnet.compat._tensor.view_origin import refusal

FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {}
"""What `torch.NAME` is."""

METHODS: Final[dict[str, Callable[..., Any]]] = {}
"""What `Tensor.NAME` is."""

OPS: Final[dict[str, Op]] = {}
"""The recorded operation behind each entry."""

_OLD_NAMES = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x": "input",
    "x1": "input",
    "x2": "other",
}


def op(
    *names: str,
    numbers: bool = False,
    method: bool = True,
    function: bool = True,
    inplace: bool = False,
    grad_name: str | None = None,
    result: Callable[..., Any] | None = None,
    differentiable: bool = True,
    before: Callable[..., None] | None = None,
    undefined: str = "",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make an entry of a function of arrays.

    Args:
        names: under which it is known; the first is its own name.
        numbers: Python numbers among the tensors are inputs of the program, so that
            another number does not compile another program.
        method, function, inplace: which of the forms there are.
        grad_name: of `grad_fn`.
        result: makes what the user gets, of the tuple of tensors: a named tuple.
        differentiable: whether it has a gradient at all.
        before: looks at the operands before they are recorded, and may raise.
        undefined: see `Op`.
    """

    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        recorded = Op(names[0], run, grad_name, undefined)
        OPS[names[0]] = recorded
        public = _public(recorded, run, numbers, result, before)
        if not differentiable:
            public = no_grad(public)
        public.__name__ = public.__qualname__ = names[0]
        public.__doc__ = run.__doc__
        enter_as(names, public, method, function, inplace)
        return public

    return enter


def enter_as(
    names: tuple[str, ...],
    public: Callable[..., Any],
    method: bool = True,
    function: bool = True,
    inplace: bool = False,
) -> None:
    """Put a function of tensors into the tables under all its names."""
    for name in names:
        if function:
            FUNCTIONS[name] = public
        if method and "." not in name:
            METHODS[name] = public
        if inplace and "." not in name:
            METHODS[name + "_"] = in_place(public, name + "_")


def composite(
    *names: str, method: bool = True, function: bool = True, inplace: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function of tensors that calls recorded ones, and give it `out=`."""

    def enter(run: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(run)
        def public(*args: Any, out: Any = None, **kwargs: Any) -> Any:
            try:
                found = run(*args, **checked_names(names[0], kwargs, known))
            except Exception:
                if rescued((*args, out), kwargs):
                    return public(*args, **kwargs, **_out(out))
                raise
            return found if out is None else write_out(found, out)

        public._known = known = frozenset(argument_names(run))  # type: ignore[attr-defined]
        enter_as(names, public, method, function, inplace)
        return public

    return enter


def _public(
    recorded: Op,
    run: Callable[..., Any],
    numbers: bool,
    result: Callable[..., Any] | None,
    before: Callable[..., None] | None,
) -> Callable[..., Any]:
    known = frozenset(argument_names(run))

    def public(*args: Any, out: Any = None, **kwargs: Any) -> Any:
        try:
            if kwargs:
                kwargs = checked_names(recorded.name, kwargs, known)
            if before is not None:
                before(*args, **kwargs)
            if numbers:
                args = tuple([as_number(x) for x in args])
                kwargs = {name: as_number(x) for name, x in kwargs.items()}
                if (
                    args
                    and type(args[0]) is ScalarInput
                    and recorded.name not in _OF_NUMBERS
                ):
                    _check_some_tensor(recorded.name, (*args, *kwargs.values()))
            found = record_op(recorded, args, kwargs)
        except Exception:
            if rescued((*args, out), kwargs):
                return public(*args, **kwargs, **_out(out))
            raise
        if out is not None:
            return write_out(found, out)
        return found if result is None else result(*found)

    public.__wrapped__ = run  # type: ignore[attr-defined]
    public._known = known  # type: ignore[attr-defined]
    return public


# What PyTorch computes of two numbers too.
_OF_NUMBERS: Final = ("add", "sub", "mul", "div", "true_divide", "floor_divide")


def _check_some_tensor(name: str, arguments: tuple[Any, ...]) -> None:
    """Raise where an operation is asked of nothing but numbers."""
    if all(type(x) is ScalarInput for x in arguments):
        kind = type(arguments[0].value).__name__
        raise TypeError(
            f"{name}(): argument 'input' (position 1) must be Tensor, not {kind}"
        )


def _out(out: Any) -> dict[str, Any]:
    return {} if out is None else {"out": out}


NUMBERS: Final = frozenset((int, float, complex, bool))


def as_number(x: Any) -> Any:
    """A number, also one of numpy, as an input of the program; others as they are."""
    if type(x) in NUMBERS:
        return ScalarInput(x)
    return ScalarInput(x.item()) if isinstance(x, np.generic) else x


def argument_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's arguments, sooner than by `inspect.signature`."""
    function = inspect.unwrap(function)
    declared = getattr(function, "__signature__", None)
    if declared is not None:
        return tuple(declared.parameters)
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def checked_names(
    name: str, kwargs: dict[str, Any], known: frozenset[str]
) -> dict[str, Any]:
    """Keyword arguments under today's names; a wrong one is answered with the right."""
    if known.issuperset(kwargs):
        return kwargs
    named = {}
    for given, value in kwargs.items():
        right = given if given in known else _OLD_NAMES.get(given, given)
        if right not in known:
            near = difflib.get_close_matches(given, known, 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise TypeError(
                f"{name}() got an unexpected keyword argument {given!r}.{hint}"
            )
        named[right] = value
    return named


def in_place(public: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The form of an operation that writes its result into its first argument."""

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        check_writable(self, equal)
        return assign(self, public(self, *args, **kwargs))

    equal = name in ("masked_fill_", "index_fill_")
    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"`{name[:-1]}`, written into this tensor, which is returned."
    return method


def check_writable(x: Tensor, equal: bool = False) -> None:
    """Raise where writing in place would lose a gradient, or meet an element twice.

    With `equal` all elements get the same number, so that the latter does no harm.
    """
    _check_inference(x)
    if x._steps and not equal and any(step.op is EXPAND for step in x._steps):
        _check_no_overlap(x)
    if not is_grad_recorded():
        return
    origin, base = x._origin, x._base
    if origin is not None and (
        x.requires_grad or (base is not None and base.requires_grad)
    ):
        raise refusal(origin, x._grad_fn, itself=True)
    if x.requires_grad and x.is_leaf:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )
    if getattr(x._grad_fn, "hides_writes", False):
        raise RuntimeError(
            f"Output {x._output_nr} of BackwardHookFunction is a view and is being "
            "modified inplace. This view was created inside a custom Function (or "
            "because an input was returned as-is) and the autograd logic to handle "
            "view+inplace would override the custom backward associated with the "
            "custom Function, leading to incorrect gradients. This behavior is "
            "forbidden. You can fix this by cloning the output of the custom Function."
        )
    if base is not None and base.requires_grad and base.is_leaf:
        raise RuntimeError(
            "a view of a leaf Variable that requires grad is being used in an in-place "
            "operation."
        )


def _check_inference(x: Tensor) -> None:
    if x._storage.is_inference and not thread.context.inference:
        raise RuntimeError(
            "Inplace update to inference tensor outside InferenceMode is not allowed."
            "You can make a clone to get a normal tensor before doing inplace update."
            "See https://github.com/pytorch/rfcs/pull/17 for more details."
        )


def _check_no_overlap(x: Tensor) -> None:
    layout = x._layout()
    if 0 not in layout.shape and any(
        n > 1 and not step for n, step in zip(*layout[:2], strict=True)
    ):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor "
            "refers to a single memory location. Please clone() the tensor before "
            "performing the operation."
        )


def assign(x: Tensor, new: Tensor) -> Tensor:
    """Write the result of an in-place operation into the tensor it was asked of."""
    old, found = x._spec, new._spec
    if found.shape != old.shape:
        raise RuntimeError(
            f"output with shape {list(old.shape)} doesn't match the broadcast shape "
            f"{list(found.shape)}"
        )
    if found.dtype is not old.dtype:
        _check_cast(found.dtype, old.dtype)
        new = record_op(CAST, (new, old.dtype))
    fn = new._grad_fn
    x._write(new._value(), fn, new._output_nr)
    if fn is not None and fn.saved:
        # Of what was overwritten PyTorch keeps a copy; a result that it keeps lies in
        # `x` now.
        mine, saved = x._counts(), []
        node = fn.node
        turned = node is not None and node.call.op.name in RESULT_IN_PLACE
        for counts, version, place in fn.saved:
            if turned and place == 0:
                place = ~0
            if place < 0:
                saved.append((mine, mine.version, place))
            elif place or counts is not mine:
                saved.append((counts, version, place))
        fn.saved = tuple(saved)
    return x


def _check_cast(found: Any, wanted: Any) -> None:
    if promote_types(_kind(found), _kind(wanted)) is not _kind(wanted):
        raise RuntimeError(
            f"result type {found.type_name} can't be cast to "
            f"the desired output type {wanted.type_name}"
        )


def _kind(kind: Any) -> Any:
    """The widest dtype of a kind: casting within a kind is allowed."""
    if kind.is_complex:
        return _dtypes.complex128
    if kind.is_floating_point:
        return _dtypes.float64
    return kind if kind is _dtypes.bool_ else _dtypes.int64


def write_out(found: Any, out: Any) -> Any:
    """Write results into the tensors given as `out=`."""
    if isinstance(found, tuple):
        for one, place in zip(found, out, strict=True):
            write_out(one, place)
        return out
    _check_inference(out)
    if out._steps:
        _check_no_overlap(out)
    if found.requires_grad or out.requires_grad:
        raise RuntimeError(
            "out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )
    if found._spec.dtype is not out._spec.dtype:
        _check_cast(found._spec.dtype, out._spec.dtype)
        found = record_op(CAST, (found, out._spec.dtype))
    if found._spec.shape == out._spec.shape:
        out._write(found._value())
    else:  # PyTorch resizes the output
        if out.numel():
            warnings.warn(
                "An output with one or more elements was resized since it had shape "
                f"{list(out._spec.shape)}, which does not match the required output "
                f"shape {list(found._spec.shape)}. This behavior is deprecated, and in "
                "a future PyTorch release outputs will not be resized unless they have "
                "zero elements. You can explicitly reuse an out tensor t by resizing "
                "it, inplace, to zero elements with t.resize_(0).",
                UserWarning,
                stacklevel=outside(),
            )
        resize(out, found._spec.shape)
        out._write(found._value())
    return out
