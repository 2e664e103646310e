"""The public forms of a function: what users call, made of what computes.

All of them ask `__torch_function__` first (`_core.overriding`), answer a wrong keyword
with the right one, and show the function that computes as `__wrapped__`, so that
`help`, `inspect.getsource` and editors find its formula.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import jax
import numpy as np

from funcnet.compat._core.context import no_grad
from funcnet.compat._core.overriding import (
    NOT_OVERRIDDEN,
    dispatch,
    dispatch_override,
    rescued,
)
from funcnet.compat._engine.op import Op
from funcnet.compat._messages.suggestions import explain_keyword
from funcnet.compat._ops.keywords import argument_names, canonical_kwargs
from funcnet.compat._ops.numbers import Numbers
from funcnet.compat._ops.tensor_numbers import with_numbers
from funcnet.compat._ops.writing import check_writable, copy_into, write_out
from funcnet.compat._tensor.recording import ScalarInput, record_op
from funcnet.compat._tensor.tensor import Tensor

Public: TypeAlias = Callable[..., Any]
Given: TypeAlias = tuple[tuple[Any, ...], dict[str, Any]]

# --- operations ----------------------------------------------------------------------


def operation_form(
    op: Op,
    overridable: bool,
    scalars_as_inputs: bool = False,
    return_type: Callable[..., Any] | None = None,
    differentiable: bool = True,
    validate: Callable[..., None] | None = None,
) -> Public:
    """A function of tensors that records an operation; see `registry.Recording`."""
    known = frozenset(argument_names(op.run))
    numbers = Numbers(op.name, op.run) or None
    record: Any = record_op if differentiable else no_grad(record_op)

    def public(*args: object, out: Any = None, **kwargs: object) -> Any:
        if dispatch.active and overridable:
            result = dispatch_override(public, args, kwargs | _given(out))
            if result is not NOT_OVERRIDDEN:
                return result
        given = args
        try:
            if kwargs:
                kwargs = canonical_kwargs(op.name, kwargs, known)
            if validate is not None:
                validate(*args, **kwargs)
            if scalars_as_inputs:
                args = tuple(
                    [x if type(x) is Tensor else as_scalar_input(x) for x in args]
                )
                kwargs = {name: as_scalar_input(x) for name, x in kwargs.items()}
                if args and type(args[0]) is ScalarInput and op.name not in _OF_SCALARS:
                    _check_some_tensor(op.name, (*args, *kwargs.values()))
            entered = None if numbers is None else numbers.entered(args, kwargs)
            result = (
                record(op, args, kwargs)
                if entered is None
                else _record_numbers(record, op, entered, (args, kwargs))
            )
        except Exception:
            if overridable and rescued((*args, out), kwargs):
                return public(*args, **kwargs, **_given(out))
            read = with_numbers(op.run, given, kwargs)
            if read is not None:
                return public(*read[0], **read[1], **_given(out))
            raise
        if out is not None:
            return write_out(result, out)
        return result if return_type is None else return_type(*result)

    return public


def _record_numbers(record: Public, op: Op, entered: Given, given: Given) -> Any:
    """Record with numbers as inputs, or as settings where they decide something."""
    try:
        return record(op, *entered)
    except jax.errors.JAXTypeError:
        return record(op, *given)


# What PyTorch computes of two numbers too.
_OF_SCALARS: Final = ("add", "sub", "mul", "div", "true_divide", "floor_divide")
SCALARS: Final = frozenset((int, float, complex, bool))


def as_scalar_input(x: Any) -> Any:
    """A number, also one of numpy, as an input of the program; others as they are."""
    if type(x) in SCALARS:
        return ScalarInput(x)
    return ScalarInput(x.item()) if isinstance(x, np.generic) else x


def _check_some_tensor(name: str, arguments: tuple[Any, ...]) -> None:
    """Raise where an operation is asked of nothing but numbers."""
    if all(type(x) is ScalarInput for x in arguments):
        given = type(arguments[0].value).__name__
        raise TypeError(
            f"{name}(): argument 'input' (position 1) must be Tensor, not {given}"
        )


def _given(out: Any) -> dict[str, Any]:
    return {} if out is None else {"out": out}


# --- functions of tensors ------------------------------------------------------------


def function_form(run: Public, of_data: bool, overridable: bool) -> Public:
    """A function of tensors, which may call recorded ones.

    For the arguments see `registry.register`.
    """
    names = argument_names(run)
    if overridable and names == ("self",) and not run.__code__.co_flags & _VARIADIC:
        return _method_form(run)

    def public(*args: object, **kwargs: object) -> Any:
        if dispatch.active and overridable:
            result = dispatch_override(public, args, kwargs, of_data=of_data)
            if result is not NOT_OVERRIDDEN:
                return result
        try:
            return run(*args, **kwargs)
        except Exception as error:
            if overridable and rescued(args, kwargs):
                return public(*args, **kwargs)
            read = with_numbers(run, args, kwargs)
            if read is not None:
                return public(*read[0], **read[1])
            if kwargs and isinstance(error, TypeError):
                explain_keyword(error, names)
            raise

    return public


_VARIADIC: Final = 0x04 | 0x08  # *args, **kwargs


def _method_form(run: Public) -> Public:
    """A method that takes nothing but its tensor."""

    def public(self: Tensor) -> Any:
        if dispatch.active:
            result = dispatch_override(public, (self,), {})
            if result is not NOT_OVERRIDDEN:
                return result
        return run(self)

    return public


def checked_form(
    name: str,
    run: Public,
    settings: frozenset[str],
    writes_out: bool,
    overridable: bool,
) -> Public:
    """A function of tensors whose keywords are looked at before it is called.

    Args:
        name: what errors call it.
        run: the function.
        settings: keywords that it takes as `**settings`.
        writes_out: `out=` is for this form to write to.
        overridable: whether `__torch_function__` is asked about it.
    """
    known = settings.union(argument_names(run))

    def public(*args: object, **kwargs: object) -> Any:
        if dispatch.active and overridable:
            result = dispatch_override(public, args, kwargs)
            if result is not NOT_OVERRIDDEN:
                return result
        out = kwargs.pop("out", None) if writes_out else None
        try:
            result = run(*args, **canonical_kwargs(name, kwargs, known))
        except Exception:
            if overridable and rescued((*args, out), kwargs):
                return public(*args, **kwargs, **_given(out))
            read = with_numbers(run, args, kwargs)
            if read is not None:
                return public(*read[0], **read[1], **_given(out))
            raise
        return result if out is None else write_out(result, out)

    return public


# --- in place ------------------------------------------------------------------------

_WRITE_ONE_VALUE: Final = ("masked_fill", "index_fill")


def inplace_form(name: str, function: Public) -> Public:
    """The form of a function that writes its result into its first argument."""
    one_value = name in _WRITE_ONE_VALUE

    def public(self: Tensor, *args: object, **kwargs: object) -> Tensor:
        if dispatch.active:
            result = dispatch_override(public, (self, *args), kwargs)
            if result is not NOT_OVERRIDDEN:
                return result  # type: ignore[no-any-return]
        check_writable(self, one_value)
        return copy_into(self, function(self, *args, **kwargs))

    public.__doc__ = f"`{name}`, written into this tensor, which is returned."
    return public


# --- attributes ----------------------------------------------------------------------


def attribute_form(
    name: str, get: Callable[[Tensor], Any], put: Callable[[Tensor, Any], Any] | None
) -> property:
    """A property of tensors that asks `__torch_function__` before it is read or set."""

    def read(self: Tensor) -> Any:
        if dispatch.active:
            result = dispatch_override(attribute.__get__, (self,), {})
            if result is not NOT_OVERRIDDEN:
                return result
        return get(self)

    def write(self: Tensor, value: Any) -> None:
        if dispatch.active and (
            dispatch_override(attribute.__set__, (self, value), {})
            is not NOT_OVERRIDDEN
        ):
            return
        put(self, value)  # type: ignore[misc]

    read.__name__ = write.__name__ = name
    read.__doc__ = get.__doc__
    read.__wrapped__ = get  # type: ignore[attr-defined]
    attribute = property(read, None if put is None else write)
    return attribute
