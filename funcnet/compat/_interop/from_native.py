"""Layers and models of `funcnet.nn` as modules."""

from typing import Any

from funcnet import tree
from funcnet._types import Params, State
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.create import creation
from funcnet.compat._tensor.tensor import from_array
from funcnet.compat.nn import Module, Parameter
from funcnet.compat.nn._module.layer import interned, members, run_on
from funcnet.compat.nn.modules import CLASSES
from funcnet.nn import Layer

# The class that names a layer itself, not a subclass.
_KNOWN: dict[Any, Any] = {
    vars(one)["native_class"]: one
    for one in CLASSES.values()
    if "native_class" in vars(one)
}


class FromNative(Module):
    """Module that computes the `apply` of a model of `funcnet.nn`."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.__dict__["layer"] = layer
        children = layer.children()
        for name, child in children.items():
            self.add_module(name, from_native(child))
        params, state = members(layer)
        for name, struct in params.items():
            if name not in children:
                dtype = _dtypes.from_numpy_dtype(struct.dtype)
                zeros = creation.zeros(struct.shape, dtype=dtype)
                self.register_parameter(name, Parameter(zeros))
        for name, struct in state.items():
            if name not in children:
                dtype = _dtypes.from_numpy_dtype(struct.dtype)
                self.register_buffer(name, creation.zeros(struct.shape, dtype=dtype))

    def forward(self, *inputs: object, **named: object) -> Any:
        """Compute the model's output."""
        known = interned(self.layer)
        tensors = known.registered(self) or known.attributes(self)
        return run_on(known, tensors, self.training, inputs, named)

    def _get_name(self) -> str:
        return type(self.layer).__name__


@explains_keywords
def from_native(
    layer: Layer, params: Params | None = None, state: State | None = None
) -> Module:
    """Make a module of a native layer or model; the inverse of `pure`.

    A layer that PyTorch has becomes PyTorch's, with fresh parameters; a model of your
    own becomes a module with the same names. With `params` and `state`, trees as `init`
    gives them, it holds these.

    Example:
        >>> import jax
        >>> import funcnet.compat as torch
        >>> from funcnet import nn
        >>> torch.from_native(nn.Linear(2, 3))
        Linear(in_features=2, out_features=3, bias=True)
    """
    known = _KNOWN.get(type(layer))
    result: Module
    if known is None:
        result = FromNative(layer)
    else:
        result = object.__new__(known)
        Module.__init__(result)
        result._bind_layer(layer, {})
        result.reset_parameters()
    if params is not None:
        arrays = tree.flatten(params) | tree.flatten(state or {})
        loaded = {name: from_array(array) for name, array in arrays.items()}
        result.load_state_dict(loaded)
    return result
