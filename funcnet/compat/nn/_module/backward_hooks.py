"""Hooks that are told the gradients of a module's inputs and outputs."""

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
# To write into what such a function gave would go past it.
node_class(CustomNode, _NAME).hides_writes = True


class Around:
    """Functions around one call of a module, which tell its hooks their gradients."""

    def __init__(self, module: Any, hooks: list[Any], before: list[Any]) -> None:
        self.module = module
        self.hooks = hooks
        self.before = before
        self.grad_outputs: tuple[Any, ...] | None = None
        self.many_inputs = self.many_outputs = 0
        self.input_wants = False
        self.tensors: list[Any] = []

    def inputs(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """The inputs, the gradients of which are told."""
        self.many_inputs = len(inputs)
        places = _places(inputs)
        self.input_wants = bool(places)
        self.tensors = [x._spec if isinstance(x, Tensor) else None for x in inputs]
        return _through(inputs, places, lambda grads: self._told_inputs(grads, places))

    def outputs(self, output: object) -> Any:
        """The output, the gradient of which is told."""
        if not isinstance(output, Tensor | tuple):
            warnings.warn(
                "For backward hooks to be called, module output should be a Tensor or "
                f"a tuple of Tensors but received {type(output)}",
                stacklevel=outside(),
            )
        count = output if isinstance(output, tuple) else (output,)
        self.many_outputs = len(count)
        places = _places(count)
        result = _through(
            count, places, lambda grads: self._told_outputs(grads, places)
        )
        if not isinstance(output, tuple):
            return result[0]
        return result if type(output) is tuple else type(output)(*result)

    def _told_outputs(self, grads: Grads, places: list[int]) -> Grads:
        told = _spread(grads, places, self.many_outputs)
        for hook in self.before:
            replaced = hook(self.module, told)
            if replaced is None:
                continue
            if len(replaced) != len(told):
                raise RuntimeError(
                    "Backward pre hook returned an invalid number of grad_output, got "
                    f"{len(replaced)}, but expected {len(told)}"
                )
            told = replaced
        self.grad_outputs = told
        if not self.input_wants:
            self._told_nothing(told)
        return [told[place] for place in places]

    def _told_nothing(self, grad_outputs: tuple[Any, ...]) -> None:
        """Call the hooks of a module no input of which wants a gradient."""
        warnings.warn(
            "Full backward hook is firing when gradients are computed with respect to "
            "module outputs since no inputs require gradients. See "
            "https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html"
            "#torch.nn.Module.register_full_backward_hook for more details.",
            stacklevel=outside(),
        )
        for hook in self.hooks:
            result = hook(self.module, (None,) * self.many_inputs, grad_outputs)
            nothing = isinstance(result, tuple) and all(x is None for x in result)
            if result is not None and not nothing:
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should "
                    "always return None or None for all gradients."
                )
        self.grad_outputs = None

    def _told_inputs(self, grads: Grads, places: list[int]) -> Grads:
        if self.grad_outputs is None:  # it came past the output, in a second derivative
            return grads
        told = _spread(grads, places, self.many_inputs)
        # Tensors to which no gradient comes have zeros, as in PyTorch.
        told = tuple(
            _zeros(spec) if spec is not None and grad is None else grad
            for grad, spec in zip(told, self.tensors, strict=True)
        )
        for hook in self.hooks:
            replaced = hook(self.module, told, self.grad_outputs)
            if replaced is None:
                continue
            if len(replaced) != len(told):
                raise RuntimeError(
                    "Backward hook returned an invalid number of grad_input, got "
                    f"{len(replaced)}, but expected {len(told)}"
                )
            told = replaced
        self.grad_outputs = None
        result = [told[place] for place in places]
        for new, old in zip(result, grads, strict=True):
            if new is not None and old is not None and new.shape != old.shape:
                raise RuntimeError("hook 'hook' has changed the size of value")
        return result


def _places(values: tuple[Any, ...]) -> list[int]:
    """Where there are tensors that want gradients."""
    if not is_grad_enabled():
        return []
    return [
        place
        for place, x in enumerate(values)
        if isinstance(x, Tensor) and x.requires_grad
    ]


def _zeros(spec: Any) -> Tensor:
    zeros: Tensor = creation.zeros(spec.shape, dtype=spec.dtype, device=spec.device)
    return zeros


def _spread(grads: Grads, places: list[int], many: int) -> tuple[Any, ...]:
    """The gradients at their places, None at all others."""
    told: list[Any] = [None] * many
    for place, grad in zip(places, grads, strict=True):
        told[place] = grad
    return tuple(told)


def _through(
    values: tuple[Any, ...], places: list[int], pull: Callable[..., Any]
) -> tuple[Any, ...]:
    """Pass tensors through a function whose gradient is `pull`."""
    if not places:
        return values
    edges = tuple(gradient_edge(values[place]) for place in places)
    fn = CustomNode(_NAME, pull, edges, len(places))
    results = list(values)
    for output, place in enumerate(places):
        result = alias(values[place])
        result._set_grad_fn(fn, output)
        results[place] = result
    return tuple(results) if type(values) is tuple else type(values)(*results)


# --- the old kind --------------------------------------------------------------------


def watch_function(
    module: Any,
    inputs: tuple[Any, ...],
    output: Any,
    hooks: list[Any],
) -> None:
    """Tell hooks the gradients of the function that computed the output."""
    first = output
    while not isinstance(first, Tensor):
        parts = first.values() if isinstance(first, dict) else first
        first = next(x for x in parts if isinstance(x, Tensor) or type(parts) is tuple)
    fn = first._grad_fn
    if fn is None:
        return
    for hook in hooks:
        fn.register_hook(_Told(module, hook, len(inputs), fn))
    _warn_of_the_old_kind(inputs, output, fn)


class _Told:
    """An old hook, told what PyTorch's function of a layer would have for gradients."""

    def __init__(
        self, module: Any, hook: Callable[..., Any], many: int, fn: Any
    ) -> None:
        self.module = module
        self.hook = hook
        self.order = _order(module, many, fn)

    def __call__(
        self, grad_input: Sequence[Tensor | None], grad_output: Sequence[Tensor | None]
    ) -> Any:
        if self.order is None:
            return self.hook(self.module, grad_input, grad_output)
        grad_output = grad_output[:1]  # the others are a layer's state
        told: list[Any] = [
            None if place is None else grad_input[place] for place in self.order
        ]
        turned = _is_affine(self.module) and told[-1] is not None
        if turned:  # PyTorch multiplies with the transposed weight
            told[-1] = told[-1].t()
        replaced = self.hook(self.module, tuple(told), grad_output)
        if replaced is None:
            return None
        if turned:
            replaced = (*replaced[:-1], replaced[-1].t())
        result = list(grad_input)
        for place, grad in zip(self.order, replaced, strict=True):
            if place is not None:
                result[place] = grad
        return tuple(result)


def _is_affine(module: Any) -> bool:
    return any(one.__name__ == "Linear" for one in type(module).__mro__)


def _order(module: Any, many: int, fn: Any) -> list[int | None] | None:
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
    sources = [*range(before, before + many), *range(len(params))]
    if _is_affine(module):
        names = list(params)
        bias = [names.index("bias")] if "bias" in names else []
        sources = [*bias, *range(before, before + many), names.index("weight")]
    wanted = {place: i for i, place in enumerate(fn.wanted)}
    return [wanted.get(place) for place in sources]


_DEPRECATED = "is deprecated and will be removed in future versions. This hook will be "
_USE_FULL = "Please use register_full_backward_hook to get the documented behavior."


def _warn_of_the_old_kind(inputs: tuple[Any, ...], output: Any, fn: Any) -> None:
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
