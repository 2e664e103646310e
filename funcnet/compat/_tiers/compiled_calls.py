"""Calls of functions and modules that `torch.compile` was given.

What they record is marked, so that a program of it is compiled at its first use. Nodes
are marked when the call ends: to record one costs no more than elsewhere.
"""

from funcnet.compat._core.context import thread
from funcnet.compat._engine.graph import Node, next_number
from funcnet.compat._engine.trace import Trace


class compiled_call:  # noqa: N801 - reads as a statement
    """Mark what this thread records inside, and compile what is run inside."""

    __slots__ = ("_before", "_start")

    ever = False
    """Whether there was any: else no trace need be looked through."""

    def __enter__(self) -> None:
        compiled_call.ever = True
        context = thread.context
        self._before, context.compiles = context.compiles, True
        self._start = next_number()

    def __exit__(self, *error: object) -> None:
        context = thread.context
        context.compiles = self._before
        for node, _ in reversed(context.pending):
            if node.number < self._start:
                break
            node.compiles = True


def is_compiled_at_once(trace: Trace) -> bool:
    """Whether a compiled call recorded an operation of a trace or of its gradients."""
    if not compiled_call.ever:
        return False
    return thread.context.compiles or any(map(_is_marked, trace.nodes))


def _is_marked(node: Node | None) -> bool:
    while node is not None:
        if hasattr(node, "compiles"):
            return True
        node = node.forward
    return False
