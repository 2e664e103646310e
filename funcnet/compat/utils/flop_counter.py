"""Counting multiplications and additions, as `torch.utils.flop_counter`.

Products of matrices, convolutions and attention are counted, by PyTorch's formulas, as
they are recorded: forward, and in the backward pass under the module whose forward call
is differentiated. What else a model computes counts as nothing, as in PyTorch.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Self

from funcnet.compat._core.context import thread
from funcnet.compat._engine.executor import run_pending
from funcnet.compat._engine.graph import Node
from funcnet.compat._profiling.flops import counts_of
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.utils.module_tracker import ModuleTracker

_SUFFIXES = ("", "K", "M", "B", "T")
_HEADER = ("Module", "FLOP", "% Total")


class _Watched(list[Any]):
    """What is pending, each of which is counted when it comes."""

    def __init__(self, pending: Iterable[Any], note: Callable[[Node], None]) -> None:
        super().__init__(pending)
        self.note = note

    def append(self, recorded: Any) -> None:
        self.note(recorded[0])
        super().append(recorded)


class FlopCounterMode:
    """Context that counts operations, and prints a table when it is left.

    Equals `torch.utils.flop_counter.FlopCounterMode`. Attention counts as PyTorch's
    kernels for GPUs do. What runs under `torch.func` is not counted.

    Args:
        mods: accepted; modules are found as they are called.
        depth: how deep in modules the table goes.
        display: whether the table is printed.
        custom_mapping: not used: there are no operators below the functions.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.utils.flop_counter import FlopCounterMode
        >>> model = torch.nn.Linear(4, 3)
        >>> with FlopCounterMode(display=False) as counter:
        ...     model(torch.ones(2, 4)).sum().backward()
        >>> counter.get_total_flops()
        96
        >>> {str(k): v for k, v in counter.get_flop_counts()["Linear"].items()}
        {'aten.addmm': 48, 'aten.mm': 48}
    """

    def __init__(
        self,
        mods: Module | list[Module] | None = None,
        depth: int = 2,
        display: bool = True,
        custom_mapping: dict[Any, Any] | None = None,
    ) -> None:
        if custom_mapping:
            raise NotImplementedError(
                "FlopCounterMode: custom_mapping is for operators of aten, which are "
                "not called here. Count in register_forward_hook of your module."
            )
        self.depth, self.display = depth, display
        self.flop_counts: dict[str, dict[str, int]] = {}
        self.mod_tracker = ModuleTracker()
        self._parents: dict[int, tuple[str, ...]] = {}

    def __enter__(self) -> Self:
        self.flop_counts, self._parents = defaultdict(lambda: defaultdict(int)), {}
        self.mod_tracker.__enter__()
        context = thread.context
        if context.levels:
            raise NotImplementedError(
                "FlopCounterMode counts outside of torch.func: open it around the call"
            )
        context.pending = _Watched(context.pending, self._note)
        return self

    def __exit__(self, *error: object) -> None:
        run_pending()
        thread.context.pending = list(thread.context.pending)
        self.mod_tracker.__exit__(*error)
        self._parents = {}
        if self.display:
            print(self.get_table(self.depth))

    def _note(self, node: Node) -> None:
        if node.forward is None:
            parents = tuple(self.mod_tracker.parents)
            self._parents[node.number] = parents
        else:
            parents = self._parents.get(node.forward.number, ("Global",))
        for name, count in counts_of(node.call):
            for parent in parents:
                self.flop_counts[parent][name] += count

    def get_total_flops(self) -> int:
        """Return the count of all operations."""
        return sum(self.flop_counts.get("Global", {}).values())

    def get_flop_counts(self) -> dict[str, dict[str, int]]:
        """Return the counts by module and operation; "Global" has all."""
        return {name: dict(counts) for name, counts in self.flop_counts.items()}

    def get_table(self, depth: int | None = None) -> str:
        """Return the counts as a table."""
        depth = self.depth if depth is None else depth
        total = self.get_total_flops()
        unit = _unit(total)
        rows: list[tuple[str, str, str]] = []
        whole_is_a_module = False
        for name in sorted(self.flop_counts):
            if name == "Global":
                continue
            level = name.count(".") + 1
            if level > depth:
                continue
            lines = self._lines(name, level - 1, total, unit)
            whole_is_a_module |= sum(self.flop_counts[name].values()) >= total
            rows += lines
        if "Global" in self.flop_counts and not whole_is_a_module:
            indented = [(f" {name}", *rest) for name, *rest in rows]
            rows = [*self._lines("Global", 0, total, unit), *indented]  # type: ignore
        return _table([_HEADER, *(rows or [("Global", "0", "0%")])])

    def _lines(
        self, name: str, depth: int, total: int, unit: int
    ) -> list[tuple[str, str, str]]:
        counts = self.flop_counts[name]
        whole, pad = sum(counts.values()), " " * depth
        lines = [(pad + name, *_shares(whole, total, unit))]
        for operation, count in counts.items():
            lines.append((f"{pad} - {operation}", *_shares(count, total, unit)))
        return lines


def _unit(number: int) -> int:
    """How many thousands to count in."""
    return max(0, min(len(_SUFFIXES) - 1, (len(str(number)) - 2) // 3))


def _shares(count: int, total: int, unit: int) -> tuple[str, str]:
    part = count / total if total else 0
    return f"{count / 1000**unit:.3f}{_SUFFIXES[unit]}", f"{part:.2%}"


def _table(rows: list[tuple[str, ...]]) -> str:
    """Rows below a header, the first column to the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def register_flop_formula(
    targets: object, get_raw: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that raises: there are no operators that would be counted.

    Raises:
        NotImplementedError: count in a hook of a module instead.
    """

    def refuse(formula: Callable[..., Any]) -> Callable[..., Any]:
        raise NotImplementedError(
            "register_flop_formula: operators of one's own are not counted. Count in "
            "register_forward_hook of the module that calls it."
        )

    return refuse


__all__ = ["FlopCounterMode", "register_flop_formula"]
