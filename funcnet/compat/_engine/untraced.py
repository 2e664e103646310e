"""Calls whose outputs are known without tracing them."""

from typing import Any

from funcnet.compat._engine.op import Op, OpCall, TensorSpec


class UntracedCall(OpCall):
    """A call that is traced only when XLA compiles it.

    Args:
        structure: the tree of the outputs.
    """

    __slots__ = ("_jaxpr",)

    def __init__(
        self, op: Op, template: object, specs: tuple[TensorSpec, ...], structure: Any
    ) -> None:
        self._describe(op, template, specs)
        self.rule = None
        self._jaxpr: Any = None
        self.structure = structure
        self.single = structure.num_nodes == 1

    @property
    def jaxpr(self) -> Any:
        """That of its own sizes."""
        if self._jaxpr is None:
            self._jaxpr, _ = self._traced()
        return self._jaxpr
