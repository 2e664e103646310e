"""A model as a module of Equinox."""

from typing import Any

from funcnet._types import Params, State
from funcnet.interop.equinox._layer import library
from funcnet.nn import Layer


def to_equinox(model: Layer, params: Params, state: State | None = None) -> Any:
    """Make an `equinox.Module` of a model and its arrays, which are shared.

    The attribute `params` has the parameters under their names. As in Equinox, the
    module is in training until `equinox.nn.inference_mode` says otherwise, it is called
    with `key=` where it draws, and one with a state is made by
    `equinox.nn.make_with_state(to_equinox)(model, params, state)`, which returns
    `(module, state)`, and called with the state: `y, state = module(x, state)`. Other
    than Equinox's own layers it takes a batch, as the model does.

    Args:
        model: a layer or model.
        params: its parameters.
        state: its state.

    Raises:
        ImportError: Equinox is not installed.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> from funcnet.interop.equinox import to_equinox
        >>> net = nn.Linear(3, 2)
        >>> module = to_equinox(net, *net.init(jax.random.key(0)))
        >>> module(jnp.ones((4, 3))).shape, module.params["weight"].shape
        ((4, 2), (2, 3))
    """
    library()
    from funcnet.interop.equinox._module import EquinoxModel

    return EquinoxModel(model, params, state)
