"""Hooks that are called with the gradients of a module's inputs and outputs."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._autograd.node import CustomNode, node_class
from funcnet.compat._autograd.pullback import Grads
from funcnet.compat._core.context import is_grad_enabled
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.create import creation
from funcnet.compat._tensor.grad_graph import gradient_edge
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.views import alias

_NAME = "BackwardHookFunctionBackward"
# A write into its output would not pass through it.
node_class(CustomNode, _NAME).hides_writes = True


class Around:
    """Functions around one call of a module, whose gradients its hooks are given."""

    def __init__(self, module: Any, hooks: list[Any], before: list[Any]) -> None:
        self.module = module
        self.hooks = hooks
        self.before = before
        self.grad_outputs: tuple[Any, ...] | None = None
        self.input_count = self.output_count = 0
        self.input_wants = False
        self.tensors: list[Any] = []

    def inputs(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """The inputs, passed on so that the hooks get their gradients."""
        self.input_count = len(inputs)
        indices = _wanting_gradients(inputs)
        self.input_wants = bool(indices)
        self.tensors = [x._spec if isinstance(x, Tensor) else None for x in inputs]
        return _through(inputs, indices, lambda grads: self._run_hooks(grads, indices))

    def outputs(self, output: object) -> Any:
        """The output, passed on so that the hooks get its gradient."""
        if not isinstance(output, Tensor | tuple):
            warnings.warn(
                "For backward hooks to be called, module output should be a Tensor or "
                f"a tuple of Tensors but received {type(output)}",
                stacklevel=outside(),
            )
        outputs = output if isinstance(output, tuple) else (output,)
        self.output_count = len(outputs)
        indices = _wanting_gradients(outputs)
        result = _through(
            outputs, indices, lambda grads: self._run_pre_hooks(grads, indices)
        )
        if not isinstance(output, tuple):
            return result[0]
        return result if type(output) is tuple else type(output)(*result)

    def _run_pre_hooks(self, grads: Grads, indices: list[int]) -> Grads:
        grad_outputs = _spread(grads, indices, self.output_count)
        for hook in self.before:
            replaced = hook(self.module, grad_outputs)
            if replaced is None:
                continue
            if len(replaced) != len(grad_outputs):
                raise RuntimeError(
                    "Backward pre hook returned an invalid number of grad_output, got "
                    f"{len(replaced)}, but expected {len(grad_outputs)}"
                )
            grad_outputs = replaced
        self.grad_outputs = grad_outputs
        if not self.input_wants:
            self._run_hooks_without_inputs(grad_outputs)
        return [grad_outputs[index] for index in indices]

    def _run_hooks_without_inputs(self, grad_outputs: tuple[Any, ...]) -> None:
        """Call the hooks of a module no input of which wants a gradient."""
        warnings.warn(
            "Full backward hook is firing when gradients are computed with respect to "
            "module outputs since no inputs require gradients. See "
            "https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html"
            "#torch.nn.Module.register_full_backward_hook for more details.",
            stacklevel=outside(),
        )
        for hook in self.hooks:
            result = hook(self.module, (None,) * self.input_count, grad_outputs)
            nothing = isinstance(result, tuple) and all(x is None for x in result)
            if result is not None and not nothing:
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should "
                    "always return None or None for all gradients."
                )
        self.grad_outputs = None

    def _run_hooks(self, grads: Grads, indices: list[int]) -> Grads:
        if self.grad_outputs is None:  # not through the output: a second derivative
            return grads
        grad_inputs = _spread(grads, indices, self.input_count)
        # Tensors to which no gradient comes have zeros, as in PyTorch.
        grad_inputs = tuple(
            _zeros(spec) if spec is not None and grad is None else grad
            for grad, spec in zip(grad_inputs, self.tensors, strict=True)
        )
        for hook in self.hooks:
            replaced = hook(self.module, grad_inputs, self.grad_outputs)
            if replaced is None:
                continue
            if len(replaced) != len(grad_inputs):
                raise RuntimeError(
                    "Backward hook returned an invalid number of grad_input, got "
                    f"{len(replaced)}, but expected {len(grad_inputs)}"
                )
            grad_inputs = replaced
        self.grad_outputs = None
        result = [grad_inputs[index] for index in indices]
        for new, old in zip(result, grads, strict=True):
            if new is not None and old is not None and new.shape != old.shape:
                raise RuntimeError("hook 'hook' has changed the size of value")
        return result


def _wanting_gradients(values: tuple[Any, ...]) -> list[int]:
    """The indices of the tensors that require gradients."""
    if not is_grad_enabled():
        return []
    return [
        index
        for index, x in enumerate(values)
        if isinstance(x, Tensor) and x.requires_grad
    ]


def _zeros(spec: Any) -> Tensor:
    zeros: Tensor = creation.zeros(spec.shape, dtype=spec.dtype, device=spec.device)
    return zeros


def _spread(grads: Grads, indices: list[int], count: int) -> tuple[Any, ...]:
    """The gradients at their indices, None at all others."""
    result: list[Any] = [None] * count
    for index, grad in zip(indices, grads, strict=True):
        result[index] = grad
    return tuple(result)


def _through(
    values: tuple[Any, ...], indices: list[int], pull: Callable[..., Any]
) -> tuple[Any, ...]:
    """Pass tensors through a function whose gradient is `pull`."""
    if not indices:
        return values
    edges = tuple(gradient_edge(values[index]) for index in indices)
    fn = CustomNode(_NAME, pull, edges, len(indices))
    results = list(values)
    for output, index in enumerate(indices):
        result = alias(values[index])
        result._set_grad_fn(fn, output)
        results[index] = result
    return tuple(results) if type(values) is tuple else type(values)(*results)


# --- legacy hooks -------------------------------------------------------------------


def watch_function(
    module: Any,
    inputs: tuple[Any, ...],
    output: Any,
    hooks: list[Any],
) -> None:
    """Call hooks with the gradients of the function that computed the output."""
    first = output
    while not isinstance(first, Tensor):
        parts = first.values() if isinstance(first, dict) else first
        first = next(x for x in parts if isinstance(x, Tensor) or type(parts) is tuple)
    fn = first._grad_fn
    if fn is None:
        return
    for hook in hooks:
        fn.register_hook(_LegacyHook(module, hook, len(inputs), fn))
    _warn_of_legacy_hooks(inputs, output, fn)


class _LegacyHook:
    """A legacy hook, given the gradients that PyTorch's function of a layer has."""

    def __init__(
        self, module: Any, hook: Callable[..., Any], input_count: int, fn: Any
    ) -> None:
        self.module = module
        self.hook = hook
        self.order = _order(module, input_count, fn)

    def __call__(
        self, grad_input: Sequence[Tensor | None], grad_output: Sequence[Tensor | None]
    ) -> Any:
        if self.order is None:
            return self.hook(self.module, grad_input, grad_output)
        grad_output = grad_output[:1]  # the others are a layer's state
        grads: list[Any] = [
            None if index is None else grad_input[index] for index in self.order
        ]
        turned = _is_affine(self.module) and grads[-1] is not None
        if turned:  # PyTorch multiplies with the transposed weight
            grads[-1] = grads[-1].t()
        replaced = self.hook(self.module, tuple(grads), grad_output)
        if replaced is None:
            return None
        if turned:
            replaced = (*replaced[:-1], replaced[-1].t())
        result = list(grad_input)
        for index, grad in zip(self.order, replaced, strict=True):
            if index is not None:
                result[index] = grad
        return tuple(result)


def _is_affine(module: Any) -> bool:
    return any(base.__name__ == "Linear" for base in type(module).__mro__)


def _order(module: Any, input_count: int, fn: Any) -> list[int | None] | None:
    """Which gradients of a layer's function PyTorch shows, in its order.

    PyTorch's functions take inputs first and then parameters; an affine map takes its
    bias before all others.
    """
    known = module.__dict__.get("_native")
    if known is None or fn.call is None or fn.call.op is not known.op:
        return None
    tensors = module._registered()
    if tensors is None:
        return None
    params, state = tensors
    before = len(params) + len(state)
    sources = [*range(before, before + input_count), *range(len(params))]
    if _is_affine(module):
        names = list(params)
        bias = [names.index("bias")] if "bias" in names else []
        sources = [*bias, *range(before, before + input_count), names.index("weight")]
    wanted = {index: i for i, index in enumerate(fn.wanted)}
    return [wanted.get(index) for index in sources]


_DEPRECATED = "is deprecated and will be removed in future versions. This hook will be "
_USE_FULL = "Please use register_full_backward_hook to get the documented behavior."


def _warn_of_legacy_hooks(inputs: tuple[Any, ...], output: Any, fn: Any) -> None:
    outputs = (output,) if isinstance(output, Tensor) else output
    functions = {
        id(x._grad_fn) for x in outputs if isinstance(x, Tensor) and x._grad_fn
    }
    if not _only_tensors(outputs):
        _warn(
            "Using non-full backward hooks on a Module that does not return a single "
            f"Tensor or a tuple of Tensors {_DEPRECATED}missing some of the "
            f"grad_output. {_USE_FULL}"
        )
    elif not _only_tensors(inputs):
        _warn(
            "Using non-full backward hooks on a Module that does not take as input a "
            f"single Tensor or a tuple of Tensors {_DEPRECATED}missing some of the "
            f"grad_input. {_USE_FULL}"
        )
    elif len(functions) > 1:
        _warn(
            "Using a non-full backward hook when outputs are generated by different "
            f"autograd Nodes {_DEPRECATED}missing some grad_output. {_USE_FULL}"
        )
    else:
        before = {id(x._grad_fn) for x in inputs if x._grad_fn is not None}
        if before != {id(target) for target, _ in fn.edges if target is not None}:
            _warn(
                "Using a non-full backward hook when the forward contains multiple "
                f"autograd Nodes {_DEPRECATED}missing some grad_input. {_USE_FULL}"
            )


def _only_tensors(values: object) -> bool:
    return isinstance(values, tuple) and all(isinstance(x, Tensor) for x in values)


def _warn(text: str) -> None:
    warnings.warn(text, FutureWarning, stacklevel=outside())
