"""Tracing below function calls, as `torch.fx.experimental.proxy_tensor`: refused."""

from funcnet.compat._messages.refused import refused_function
from funcnet.compat._messages.unsupported import missing

make_fx = refused_function(
    "fx.experimental.proxy_tensor.make_fx",
    "a function is not traced to ATen operations: torch.fx.symbolic_trace records the "
    "calls of its Python, and jax.make_jaxpr of torch.pure(module) what they compute",
)


def get_proxy_mode() -> None:
    """Return None: there is no mode that traces below function calls."""
    return


def __getattr__(name: str) -> object:
    return missing(name, globals(), "fx.experimental.proxy_tensor")


__all__ = ["get_proxy_mode", "make_fx"]
