"""Custom operators: their kernels, gradients and names."""

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
# Device types of the dispatch keys that `Library.impl` takes.
_KEYS = {"CPU": "cpu", "CUDA": "cuda", "Meta": "meta", "XPU": "xpu", "MPS": "mps"}


def parsed(schema: str) -> tuple[str, str, str]:
    """Split a schema into its name, arguments and results."""
    result = _FORM.fullmatch(schema)
    if result is None:
        raise RuntimeError(f"this is no schema of an operator: {schema!r}")
    return result[2], result[3], result[4]


class Operator:
    """Custom operator, as `torch.library.CustomOpDef`."""

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
        """Register a kernel for device types, or for all."""
        if fn is None:
            return lambda function: self.register_kernel(device_types, function)
        if isinstance(device_types, str):
            device_types = [device_types]
        for device_type in device_types or ["default"]:
            self.kernels[device_type] = fn
        return fn

    def register_dispatch(self, key: str, fn: Callable[..., Any]) -> None:
        """Register a kernel for a dispatch key of PyTorch."""
        if key in ("CompositeImplicitAutograd", "Autograd", "AutogradCPU"):
            self._composite = True
            self.kernels["default"] = fn
        elif key == "Meta":
            self.fake = fn
        else:
            self.is_opaque = not self._composite
            self.kernels[_KEYS.get(key, "default")] = fn

    def register_fake(self, fn: Callable[..., Any] | None = None, /) -> Any:
        """Register the kernel for tensors of the meta device."""
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
        """Register a gradient `backward(ctx, *grads)`, and its `setup_context`."""
        self._backward, self._setup = backward, setup_context
        self._function = None

    def register_vmap(self, func: Callable[..., Any] | None = None) -> Any:
        """Ignore the rule: functions of tensors are mapped as they are."""
        return func if func is not None else lambda function: function

    def set_kernel_enabled(self, device_type: str, enabled: bool = True) -> None:
        """Raise NotImplementedError: kernels are replaced by `register_kernel`."""
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
        dtype = self.autocasts.get(x.device.type)
        return x if dtype is None else x.to(dtype)

    def _kernel(self, args: tuple[Any, ...]) -> Callable[..., Any]:
        device_type = next(
            (x.device.type for x in _leaves(args) if isinstance(x, Tensor)), "cpu"
        )
        if device_type == "meta":
            if self.fake is None:
                raise NotImplementedError(
                    f"There was no fake impl registered for {self._qualname}. Please "
                    "use register_fake to add one."
                )
            return self.fake
        result = self.kernels.get(device_type) or self.kernels.get("default")
        if result is None:
            raise NotImplementedError(
                f"Could not run '{self._qualname}' with arguments from the "
                f"'{device_type.upper()}' backend: it has no kernel for it. Give it "
                f"one with register_kernel({device_type!r})."
            )
        return result

    def _differentiable(self) -> Any:
        if self._function is None:
            setup, pull, op = self._setup, self._backward, self

            class Operator(Function):
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

            Operator.__name__ = f"{self._namespace}_{self._name}"
            self._function = Operator
        return self._function

    def _without_gradient(self, results: Any, inputs: list[Tensor]) -> Any:
        """Give results a node that raises when its gradient is asked for."""
        name = self._qualname.replace("::", ".")

        def refuse(_: object) -> Any:
            raise RuntimeError(
                f"Trying to backward through {name}.default but no autograd formula "
                "was registered. Please use register_autograd to add one."
            )

        values = results if isinstance(results, tuple | list) else [results]
        edges = tuple(
            gradient_edge(x) if x.requires_grad else (None, 0) for x in inputs
        )
        fn = CustomNode("NotImplemented", refuse, edges, len(values))
        result = []
        for index, x in enumerate(values):
            if isinstance(x, Tensor) and x.is_floating_point():
                x = alias(x) if any(x is given for given in inputs) else x
                x._set_grad_fn(fn, index)
            result.append(x)
        return type(results)(result) if values is results else result[0]

    def __repr__(self) -> str:
        return f"<CustomOpDef({self._qualname})>"


def _leaves(args: Iterable[Any]) -> list[Any]:
    result = []
    for one in args:
        result += _leaves(one) if isinstance(one, list | tuple) else [one]
    return result


class _Operators:
    """Registry of custom operators by name."""

    def __init__(self) -> None:
        self.known: dict[str, Operator] = {}

    def make(self, qualname: str, schema: str) -> Operator:
        """Define an operator, replacing one of the same name."""
        if "::" not in qualname:
            raise ValueError(
                f'Expected `name` to be of the form "namespace::name", got {qualname!r}'
            )
        parsed(schema)
        result = self.known[qualname] = Operator(qualname, schema)
        return result

    def find(self, qualname: str) -> Operator:
        """Return an operator by its name."""
        if qualname not in self.known:
            raise RuntimeError(f"operator {qualname} does not exist")
        return self.known[qualname]


operators = _Operators()
