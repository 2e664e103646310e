"""Custom operators, as `torch.library`.

Example:
    >>> import funcnet.compat as torch
    >>> @torch.library.custom_op("mine::twice", mutates_args=())
    ... def twice(x: torch.Tensor) -> torch.Tensor:
    ...     return 2 * x
    >>> torch.ops.mine.twice(torch.ones(2))
    tensor([2., 2.])
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from funcnet.compat._core.annotations import DType
from funcnet.compat._custom_ops.custom_op import Operator, operators, parsed
from funcnet.compat._custom_ops.schema import infer_schema
from funcnet.compat._messages.refused import refused
from funcnet.compat._messages.unsupported import missing

CustomOpDef = Operator


def custom_op(
    name: str,
    fn: Callable[..., Any] | None = None,
    /,
    *,
    mutates_args: str | Iterable[str],
    device_types: str | Sequence[str] | None = None,
    schema: str | None = None,
    tags: object = None,
) -> Any:
    """Define a custom operator by a function, as `torch.library.custom_op`.

    Args:
        name: `"namespace::name"`, under which it is `torch.ops.namespace.name`.
        fn: computes it of tensors; without it, this is a decorator.
        mutates_args: the names of the arguments that it writes to.
        device_types: for which devices; others are given by `register_kernel`.
        schema: the types of its arguments; else they are those of the annotations.

    Returns an operator, whose gradient `register_autograd` gives: without one it cannot
    be differentiated.
    """

    def make(function: Callable[..., Any]) -> Operator:
        signature = schema or infer_schema(function, mutates_args=mutates_args)
        result = operators.make(name, name.partition("::")[2] + signature)
        result.is_opaque = True
        result.register_kernel(device_types, function)
        return result

    return make if fn is None else make(fn)


triton_op = custom_op


def _of(op: Any) -> Operator:
    if isinstance(op, Operator):
        return op
    if hasattr(op, "_operator"):
        return op._operator
    return operators.find(str(op))


def register_kernel(
    op: Any,
    device_types: str | Sequence[str] | None,
    func: Callable[..., Any] | None = None,
    /,
    **more: object,
) -> Any:
    """Register a kernel of an operator for device types."""
    return _of(op).register_kernel(device_types, func)


def register_fake(
    op: Any, func: Callable[..., Any] | None = None, /, **more: object
) -> Any:
    """Register the kernel of an operator for tensors of the meta device."""
    return _of(op).register_fake(func)


impl_abstract = register_fake


def register_autograd(
    op: Any,
    backward: Callable[..., Any],
    /,
    *,
    setup_context: Callable[..., Any] | None = None,
    lib: object = None,
) -> None:
    """Register the gradient of an operator, as `torch.library.register_autograd`."""
    _of(op).register_autograd(backward, setup_context=setup_context)


def register_vmap(
    op: Any, func: Callable[..., Any] | None = None, /, *, lib: object = None
) -> Any:
    """Ignore the rule: functions of tensors are mapped as they are."""
    return func if func is not None else lambda function: function


def register_autocast(
    op: Any, device_type: str, cast_inputs: DType, /, **more: object
) -> None:
    """Cast an operator's floating-point inputs within autocast of a device."""
    _of(op).autocasts[device_type] = cast_inputs


def define(qualname: str, schema: str, *, lib: object = None, tags: object = ()) -> Any:
    """Define an operator by its schema: `"(Tensor x) -> Tensor"`."""
    if not schema.lstrip().startswith("("):
        raise ValueError(
            "define(qualname, schema, ...): expected schema to look like e.g. "
            f'"(Tensor x) -> Tensor" but got "{schema}"'
        )
    operators.make(qualname, qualname.partition("::")[2] + schema)


def impl(
    qualname: str,
    types: str | Sequence[str],
    func: Callable[..., Any] | None = None,
    *,
    lib: object = None,
) -> Any:
    """Register a kernel of a defined operator for device types, or for "default"."""
    return _of(qualname).register_kernel(types, func)


def fallthrough_kernel() -> NoReturn:
    """Raise NotImplementedError: it is only a marker."""
    raise NotImplementedError("fallthrough_kernel() should never be called.")


class Library:
    """Operators of a namespace, as `torch.library.Library`.

    Args:
        ns: the namespace.
        kind: "DEF", "FRAGMENT" or "IMPL".
        dispatch_key: for which kernels the functions are by default.
    """

    def __init__(self, ns: str, kind: str, dispatch_key: str = "") -> None:
        if kind not in ("IMPL", "DEF", "FRAGMENT"):
            raise ValueError("Unsupported kind: " + kind)
        if ns in ("aten", "prim") and kind != "IMPL":
            raise ValueError(
                f"{ns} is a reserved namespace. Please try creating a library with "
                "another name."
            )
        self.ns, self.kind, self.dispatch_key = ns, kind, dispatch_key

    def define(
        self, schema: str, alias_analysis: str = "", *, tags: object = ()
    ) -> str:
        """Define an operator by `"name(Tensor x) -> Tensor"`; return its name."""
        name = parsed(schema)[0]
        operators.make(f"{self.ns}::{name}", schema)
        return name

    def impl(
        self,
        op_name: str,
        fn: Callable[..., Any],
        dispatch_key: str = "",
        *,
        with_keyset: bool = False,
        allow_override: bool = False,
    ) -> None:
        """Register a kernel of an operator of the namespace.

        Raises:
            NotImplementedError: it is one of PyTorch's own.
        """
        if self.ns in ("aten", "prim"):
            raise NotImplementedError(
                f"torch.library: the operators of {self.ns} are those of this package; "
                "replace the function of torch that calls them."
            )
        key = dispatch_key or self.dispatch_key or "CompositeImplicitAutograd"
        name = op_name if isinstance(op_name, str) else op_name.__name__
        full = name if "::" in name else f"{self.ns}::{name}"
        operators.find(full).register_dispatch(key, fn)

    def _destroy(self) -> None:
        """Do nothing: operators stay defined."""


def get_ctx() -> NoReturn:
    """Raise NotImplementedError: shapes that depend on values are always known."""
    raise NotImplementedError(
        "torch.library.get_ctx: there are no sizes without a value; a fake function is "
        "only called with tensors of the meta device."
    )


def opcheck(
    op: Any, args: tuple[Any, ...], kwargs: dict[str, Any] | None = None, **more: object
) -> dict[str, str]:
    """Call an operator, and its gradient if it has one."""
    operator = _of(op)
    result = operator(*args, **(kwargs or {}))
    if getattr(result, "requires_grad", False):
        result.sum().backward()
    return {"test_schema": "SUCCESS", "test_autograd_registration": "SUCCESS"}


globals().update(
    refused(
        "library",
        "functions are not dispatched by type; write an autograd.Function",
        "register_torch_dispatch wrap_triton",
    )
)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "library")


__all__ = [
    "CustomOpDef",
    "Library",
    "custom_op",
    "define",
    "fallthrough_kernel",
    "get_ctx",
    "impl",
    "impl_abstract",
    "infer_schema",
    "opcheck",
    "register_autocast",
    "register_autograd",
    "register_fake",
    "register_kernel",
    "register_vmap",
    "triton_op",
]
