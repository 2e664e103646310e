"""Base class of passes, as `torch.fx.passes.infra.pass_base`."""

from typing import NamedTuple

from funcnet.compat.fx.graph_module import GraphModule


class PassResult(NamedTuple):
    """The module that a pass made, and whether it differs."""

    graph_module: GraphModule
    modified: bool


class PassBase:
    """A pass: `call` changes a module, `requires` and `ensures` check it."""

    def __call__(self, graph_module: GraphModule) -> PassResult | None:
        self.requires(graph_module)
        result = self.call(graph_module)
        self.ensures(graph_module)
        return result

    def call(self, graph_module: GraphModule) -> PassResult | None:
        """Change the module; written by the subclass."""
        raise NotImplementedError(f"{type(self).__name__}.call is not written")

    def requires(self, graph_module: GraphModule) -> None:
        """Check the module before; nothing by default."""

    def ensures(self, graph_module: GraphModule) -> None:
        """Check the module afterwards; nothing by default."""


__all__ = ["PassBase", "PassResult"]
