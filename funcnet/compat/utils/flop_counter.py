"""`torch.utils.flop_counter`: XLA counts the operations of a program."""

from typing import Any

from funcnet.compat._messages.refused import refused

_WHY = (
    "XLA counts them: jax.jit(function).lower(*arrays).compile().cost_analysis(), of a "
    "function that torch.pure(module) gives"
)
globals().update(refused("utils.flop_counter", _WHY, "FlopCounterMode"))


def register_flop_formula(targets: object, get_raw: bool = False) -> Any:
    """Accepted: formulas are not asked."""
    return lambda formula: formula
