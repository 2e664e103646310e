"""`torch.utils.flop_counter`: not supported, as XLA counts operations itself."""

from typing import Any

from funcnet.compat._messages.refused import refused_class

_WHY = (
    "XLA counts them: jax.jit(function).lower(*arrays).compile().cost_analysis(), of a "
    "function that torch.pure(module) gives"
)
FlopCounterMode = refused_class("utils.flop_counter.FlopCounterMode", _WHY)


def register_flop_formula(targets: object, get_raw: bool = False) -> Any:
    """Return a decorator that does nothing: formulas are not used."""
    return lambda formula: formula


__all__ = ["FlopCounterMode", "register_flop_formula"]
