"""How the leaves of a file and of a template differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from funcnet.checkpoint._document import dtype_name, shape, show


@dataclass(frozen=True)
class Report:
    """How a file differs from what was wanted; false if it does not.

    Attributes:
        missing: what is wanted and not in the file: `{name: "float32 (2, 3)"}`.
        unexpected: what is in the file and not wanted.
        mis_shaped: `{name: "float32 (2, 3), wanted float32 (3, 2)"}`.
        mis_typed: the same, of leaves whose dtypes or types differ.
        loaded: the names of what was taken from the file.

    Example:
        >>> report = Report(missing={"fc.bias": "float32 (10,)"})
        >>> bool(report)
        True
        >>> print(report)
          missing in the file (1):
            fc.bias: float32 (10,)
    """

    missing: Mapping[str, str] = field(default_factory=dict)
    unexpected: Mapping[str, str] = field(default_factory=dict)
    mis_shaped: Mapping[str, str] = field(default_factory=dict)
    mis_typed: Mapping[str, str] = field(default_factory=dict)
    loaded: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.missing, self.unexpected, self.mis_shaped, self.mis_typed))

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """Yield the report line by line; nothing if there is no difference."""
        sections = {
            "missing in the file": self.missing,
            "unexpected in the file": self.unexpected,
            "of another shape": self.mis_shaped,
            "of another dtype": self.mis_typed,
        }
        for title, section in sections.items():
            if section:
                yield f"  {title} ({len(section)}):"
            for name in sorted(section):
                yield f"    {name}: {section[name]}"


def compare(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> Report:
    """Compare leaves by name: their shapes and dtypes, no values."""
    both = [name for name in wanted if name in stored]
    typed = [n for n in both if not _same_type(stored[n], wanted[n])]
    shaped = [n for n in both if shape(stored[n]) != shape(wanted[n])]
    return Report(
        {name: show(leaf) for name, leaf in wanted.items() if name not in stored},
        {name: show(leaf) for name, leaf in stored.items() if name not in wanted},
        {n: _both(stored[n], wanted[n]) for n in shaped if n not in typed},
        {n: _both(stored[n], wanted[n]) for n in typed},
    )


NARROWER = {"int64": "int32", "uint64": "uint32"}
"""PyTorch counts in 64 bits, jax in 32: these are taken if every value fits."""


def _same_type(stored: Any, wanted: Any) -> bool:
    have, need = dtype_name(stored), dtype_name(wanted)
    return have == need or (hasattr(stored, "shape") and NARROWER.get(have) == need)


def _both(stored: Any, wanted: Any) -> str:
    return f"{show(stored)}, wanted {show(wanted)}"
