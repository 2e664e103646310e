"""`torch.utils.flop_counter`: not supported, as XLA counts operations itself."""

from typing import Any, NoReturn

_WHY = (
    "XLA counts them: jax.jit(function).lower(*arrays).compile().cost_analysis(), of a "
    "function that torch.pure(module) gives"
)


class FlopCounterMode:
    """A counter that refuses to count: one that nothing has run under has counted 0."""

    def __init__(
        self,
        mods: object = None,
        depth: int = 2,
        display: bool = True,
        custom_mapping: object = None,
    ) -> None:
        self.mods, self.depth, self.display = mods, depth, display

    def __enter__(self) -> NoReturn:
        raise NotImplementedError(f"FlopCounterMode does not count: {_WHY}.")

    def __exit__(self, *error: object) -> None:
        """Do nothing: nothing was entered."""

    def get_total_flops(self) -> int:
        """Return 0: nothing was counted."""
        return 0

    def get_flop_counts(self) -> dict[str, dict[Any, int]]:
        """Return the counts of no operation."""
        return {"Global": {}}


def register_flop_formula(targets: object, get_raw: bool = False) -> Any:
    """Return a decorator that does nothing: formulas are not used."""
    return lambda formula: formula


__all__ = ["FlopCounterMode", "register_flop_formula"]
