"""Operators that users define: their kernels, their gradients, their names."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from funcnet.compat._autograd.node import CustomNode
from funcnet.compat._core.context import is_grad_recorded, no_grad, thread
from funcnet.compat._tensor.grad_graph import gradient_edge
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.views import alias
from funcnet.compat.autograd import Function

_FORM = re.compile(r"\s*(?:(\w+)::)?([\w.]+)\s*\((.*)\)\s*->\s*(.+)", re.DOTALL)
# The kernels that `Library.impl` names, as kinds of devices.
_KEYS = {"CPU": "cpu", "CUDA": "cuda", "Meta": "meta", "XPU": "xpu", "MPS": "mps"}


def parsed(schema: str) -> tuple[str, str, str]:
    """The name, the arguments and the results of a schema."""
    result = _FORM.fullmatch(schema)
    if result is None:
        raise RuntimeError(f"this is no schema of an operator: {schema!r}")
    return result[2], result[3], result[4]


class Operator:
    """A function of tensors with a name, as `torch.library.CustomOpDef`."""

    def __init__(self, qualname: str, schema: str) -> None:
        self._qualname = qualname
        self._namespace, _, self._name = qualname.partition("::")
        self.__name__ = self._name
        self._schema = f"{self._namespace}::{schema}"
        self.kernels: dict[str, Callable[..., Any]] = {}
        self.fake: Callable[..., Any] | None = None
        self.autocasts: dict[str, Any] = {}
        self.is_opaque = False
        self._backward: Any = None
        self._setup: Any = None
        self._function: Any = None
        self._composite = False

    # --- what it is made of -----------------------------------------------------------

    def register_kernel(
        self,
        device_types: str | Sequence[str] | None,
        fn: Callable[..., Any] | None = None,
    ) -> Any:
        """Give it a function for kinds of devices; for all without a name."""
        if fn is None:
            return lambda function: self.register_kernel(device_types, function)
        if isinstance(device_types, str):
            device_types = [device_types]
        for kind in device_types or ["default"]:
            self.kernels[kind] = fn
        return fn

    def register_dispatch(self, key: str, fn: Callable[..., Any]) -> None:
        """Give it a function under PyTorch's name of a kind of kernels."""
        if key in ("CompositeImplicitAutograd", "Autograd", "AutogradCPU"):
            self._composite = True
            self.kernels["default"] = fn
        elif key == "Meta":
            self.fake = fn
        else:
            self.is_opaque = not self._composite
            self.kernels[_KEYS.get(key, "default")] = fn

    def register_fake(self, fn: Callable[..., Any] | None = None, /) -> Any:
        """Give it a function for tensors of the meta device."""
        if fn is None:
            return self.register_fake
        self.fake = fn
        return fn

    def register_autograd(
        self,
        backward: Callable[..., Any],
        /,
        *,
        setup_context: Callable[..., Any] | None = None,
    ) -> None:
        """Give it a gradient: `backward(ctx, *grads)`, of what `setup_context` kept."""
        self._backward, self._setup = backward, setup_context
        self._function = None

    def register_vmap(self, func: Callable[..., Any] | None = None) -> Any:
        """Accepted: functions of tensors are mapped as they are."""
        return func if func is not None else lambda function: function

    def set_kernel_enabled(self, device_type: str, enabled: bool = True) -> None:
        """Refuse: kernels are exchanged by `register_kernel`."""
        raise NotImplementedError(
            "set_kernel_enabled: give the operator another kernel with register_kernel."
        )

    # --- calling it -------------------------------------------------------------------

    def __call__(self, *args: object, **kwargs: object) -> Any:
        if thread.context.autocast is not None and self.autocasts:
            args = tuple([self._cast(x) for x in args])
        if not self.is_opaque:
            return self._kernel(args)(*args, **kwargs)
        inputs = [x for x in _leaves(args) if isinstance(x, Tensor)]
        inputs += [x for x in kwargs.values() if isinstance(x, Tensor)]
        differentiable = is_grad_recorded() and any(x.requires_grad for x in inputs)
        if self._backward is not None and differentiable:
            return self._differentiable().apply(*args, **kwargs)
        with no_grad():
            result = self._kernel(args)(*args, **kwargs)
        return self._without_gradient(result, inputs) if differentiable else result

    def _cast(self, x: object) -> Any:
        if not isinstance(x, Tensor) or not x.is_floating_point():
            return x
        kind = self.autocasts.get(x.device.type)
        return x if kind is None else x.to(kind)

    def _kernel(self, args: tuple[Any, ...]) -> Callable[..., Any]:
        where = next(
            (x.device.type for x in _leaves(args) if isinstance(x, Tensor)), "cpu"
        )
        if where == "meta":
            if self.fake is None:
                raise NotImplementedError(
                    f"There was no fake impl registered for {self._qualname}. Please "
                    "use register_fake to add one."
                )
            return self.fake
        result = self.kernels.get(where) or self.kernels.get("default")
        if result is None:
            raise NotImplementedError(
                f"Could not run '{self._qualname}' with arguments from the "
                f"'{where.upper()}' backend: it has no kernel for it. Give it one with "
                f"register_kernel({where!r})."
            )
        return result

    def _differentiable(self) -> Any:
        if self._function is None:
            setup, pull, op = self._setup, self._backward, self

            class Made(Function):
                @staticmethod
                def forward(*args: object, **kwargs: object) -> Any:
                    return op._kernel(args)(*args, **kwargs)

                @staticmethod
                def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
                    if setup is not None:
                        setup(ctx, inputs, output)

                @staticmethod
                def backward(ctx: Any, *grads: Any) -> Any:
                    return pull(ctx, *grads)

            Made.__name__ = f"{self._namespace}_{self._name}"
            self._function = Made
        return self._function

    def _without_gradient(self, found: Any, inputs: list[Tensor]) -> Any:
        """Results whose gradient is asked for in vain."""
        name = self._qualname.replace("::", ".")

        def refuse(_: object) -> Any:
            raise RuntimeError(
                f"Trying to backward through {name}.default but no autograd formula "
                "was registered. Please use register_autograd to add one."
            )

        count = found if isinstance(found, tuple | list) else [found]
        edges = tuple(
            gradient_edge(x) if x.requires_grad else (None, 0) for x in inputs
        )
        fn = CustomNode("NotImplemented", refuse, edges, len(count))
        result = []
        for place, x in enumerate(count):
            if isinstance(x, Tensor) and x.is_floating_point():
                x = alias(x) if any(x is one for one in inputs) else x
                x._set_grad_fn(fn, place)
            result.append(x)
        return type(found)(result) if count is found else result[0]

    def __repr__(self) -> str:
        return f"<CustomOpDef({self._qualname})>"


def _leaves(args: Iterable[Any]) -> list[Any]:
    result = []
    for one in args:
        result += _leaves(one) if isinstance(one, list | tuple) else [one]
    return result


class _Operators:
    """All operators by name."""

    def __init__(self) -> None:
        self.known: dict[str, Operator] = {}

    def make(self, qualname: str, schema: str) -> Operator:
        """Define an operator; a second time takes the place of the first."""
        if "::" not in qualname:
            raise ValueError(
                f'Expected `name` to be of the form "namespace::name", got {qualname!r}'
            )
        parsed(schema)
        result = self.known[qualname] = Operator(qualname, schema)
        return result

    def find(self, qualname: str) -> Operator:
        """An operator by its name."""
        if qualname not in self.known:
            raise RuntimeError(f"operator {qualname} does not exist")
        return self.known[qualname]


operators = _Operators()
