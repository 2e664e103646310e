"""The methods of a tensor that have to do with gradients."""

from collections.abc import Callable
from typing import Any

from funcnet.compat._autograd.backward import backward as run_backward
from funcnet.compat._autograd.grad import backward
from funcnet.compat._core.removable_handle import Hooks, RemovableHandle
from funcnet.compat._ops.registry import register, register_attribute
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import refuse_inside


@register("Tensor.backward")
def _backward(
    self: Tensor,
    gradient: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Any = None,
    *,
    retain_variables: bool | None = None,
) -> None:
    """Add the gradient of this tensor to the `grad` of the leaves it came from.

    Equals `torch.Tensor.backward`.

    Args:
        gradient: with respect to this tensor; may be left out if it has one element.
        retain_graph: keep what a second call will need.
        create_graph: record the backward pass, too, for gradients of gradients.
        inputs: only these get their gradient.
        retain_variables: the name of `retain_graph` before PyTorch 0.4.
    """
    if retain_variables is not None:
        from funcnet.compat._messages.suggestions import old_spelling

        old_spelling("retain_variables=", "retain_graph=")
        retain_graph = retain_variables
    if gradient is None and inputs is None and self._wants_grad:  # the usual call
        keep = create_graph if retain_graph is None else retain_graph
        run_backward([self], [None], keep, create_graph)
        return
    backward(self, gradient, retain_graph, create_graph, inputs=inputs)


@register("Tensor.register_hook")
def _register_hook(self: Tensor, hook: Callable[[Tensor], Any]) -> RemovableHandle:
    """Call `hook(grad)` when this tensor's gradient is known; it may return another."""
    if not self.requires_grad:
        raise RuntimeError(
            "cannot register a hook on a tensor that doesn't require gradient"
        )
    if self._grad_fn is not None:
        return self._grad_fn.register_tensor_hook(self._output_nr, hook)
    if self._backward_hooks is None:
        self._backward_hooks = Hooks()
    return self._backward_hooks.add((0, hook))


@register("Tensor.register_post_accumulate_grad_hook")
def _register_after(self: Tensor, hook: Callable[[Tensor], Any]) -> RemovableHandle:
    """Call `hook(tensor)` each time a gradient was added to this leaf's `grad`."""
    if not self.is_leaf:
        raise RuntimeError(
            "post accumulate grad hooks cannot be registered on non-leaf tensors"
        )
    if self._post_accumulate_grad_hooks is None:
        self._post_accumulate_grad_hooks = Hooks()
    return self._post_accumulate_grad_hooks.add(hook)


@register("Tensor.retain_grad")
def _retain_grad(self: Tensor) -> None:
    """Keep the gradient of this tensor in its `grad` although it is no leaf."""
    refuse_inside("Tensor.retain_grad()")
    if not self.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    self._retain_grad()


def _version(self: Tensor) -> int:
    """How often this tensor's memory was written to in place."""
    if self._storage.is_inference:
        raise RuntimeError("Inference tensors do not track version counter.")
    return self._counts().version


register_attribute("retains_grad", lambda self: self._retains_grad)
register_attribute("output_nr", lambda self: self._output_nr)
register_attribute("_version", _version)
