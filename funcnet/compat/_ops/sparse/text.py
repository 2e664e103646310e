"""How sparse tensors are printed: their parts, then size, count and layout."""

from collections.abc import Mapping

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._tensor.printing import format_values, with_notes
from funcnet.compat._tensor.tensor import Tensor

_INDENT = len("tensor(")


def text(x: Tensor, parts: Mapping[str, Tensor], count: int, below: bool) -> str:
    """A sparse tensor as `print` shows it.

    Args:
        x: the tensor.
        parts: its indices and values, by name.
        count: how many elements are listed.
        below: whether the size begins a line, as for tensors of coordinates.
    """
    lines = [_part(name, part) for name, part in parts.items()]
    shown = "tensor(" + (",\n" + " " * _INDENT).join(lines)
    return with_notes(shown, _notes(x, count), _INDENT, below)


def _part(name: str, part: Tensor) -> str:
    head = f"{name}=tensor("
    values = format_values(part.detach(), _INDENT + len(head))
    size = "" if part.numel() else f", size={tuple(part.shape)}"
    return f"{head}{values}{size})"


def _notes(x: Tensor, count: int) -> list[str]:
    notes = [] if x.device.type == "cpu" else [f"device='{x.device}'"]
    notes += [f"size={tuple(x.shape)}", f"nnz={count}"]
    usual = _dtypes.get_default_dtype()
    if x.dtype not in (usual, usual.to_complex(), _dtypes.int64, _dtypes.bool_):
        notes.append(f"dtype={x.dtype}")
    notes.append(f"layout={x.layout}")
    if x.grad_fn is not None:
        notes.append(f"grad_fn=<{x.grad_fn.name()}>")
    elif x.requires_grad:
        notes.append("requires_grad=True")
    return notes
