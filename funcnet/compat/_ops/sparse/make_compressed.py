"""Making compressed sparse tensors of their parts."""

from typing import Any

import numpy as np

from funcnet.compat._core.annotations import DeviceLike, DType, Layout, ShapeLike
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.sparse.compressed import (
    CompressedTensor,
    compressed,
)
from funcnet.compat._ops.sparse.kinds import (
    KINDS,
    Kind,
    check_indices,
    check_parts,
    not_compressed,
    size_of,
)
from funcnet.compat._ops.sparse.tensor import SparseTensor, call
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.views import alias


@register("sparse_compressed_tensor", method=False)
def sparse_compressed_tensor(
    compressed_indices: object,
    plain_indices: object,
    values: object,
    size: ShapeLike | None = None,
    *,
    dtype: DType | None = None,
    layout: Layout | None = None,
    device: DeviceLike | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
) -> CompressedTensor:
    """A sparse tensor of compressed and plain indices.

    Equals `torch.sparse_compressed_tensor`; indices are always checked, but that they
    are sorted only with `check_invariants=True`.

    Args:
        compressed_indices: `(*batch, rows + 1)`, where each row starts.
        plain_indices: `(*batch, nnz)`, the column of each element.
        values: `(*batch, nnz, *block, *dense)`.
        size: of the whole; by default, as large as the indices need.
        layout: torch.sparse_csr, sparse_csc, sparse_bsr or sparse_bsc.

    Raises:
        RuntimeError: sizes do not fit, or an index is out of range.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.sparse_compressed_tensor(
        ...     [0, 1, 2], [1, 0], [3.0, 4.0], (2, 2), layout=torch.sparse_csr
        ... )
        >>> x.to_dense()
        tensor([[0., 3.],
                [4., 0.]])
    """
    if str(layout) not in KINDS:
        raise RuntimeError(
            "sparse_compressed_tensor expected sparse compressed tensor layout but "
            f"got {'none' if layout is None else layout}"
        )
    kind = KINDS[str(layout)]
    starts = call("as_tensor", compressed_indices, device=device)
    plain = call("as_tensor", plain_indices, device=device)
    listed = call("as_tensor", values, dtype=dtype, device=device)
    numbers = np.asarray(starts._array()), np.asarray(plain._array())
    check_parts(kind, starts, plain, listed)
    if size is None:
        size = size_of(kind, *numbers, listed)
    check_indices(kind, *numbers, listed, Size(size), bool(check_invariants))
    if requires_grad:
        listed = alias(listed).requires_grad_(True)
    return compressed(kind, starts, plain, listed, size)


def _constructor(kind: Kind) -> Any:
    first, second = kind.names

    def make(
        compressed_indices: Any = None,
        plain_indices: Any = None,
        values: Any = None,
        size: ShapeLike | None = None,
        **settings: Any,
    ) -> CompressedTensor:
        starts = settings.pop(first, compressed_indices)
        plain = settings.pop(second, plain_indices)
        return sparse_compressed_tensor(
            starts, plain, values, size, **settings | {"layout": kind.layout}
        )

    short = kind.layout.name
    make.__name__ = make.__qualname__ = f"{short}_tensor"
    listed = "blocks" if kind.blocks else "elements"
    lines = "rows" if kind.by_row else "columns"
    make.__doc__ = f"""A sparse tensor whose {listed} are listed by {lines}.

    Equals `torch.{short}_tensor`; see `sparse_compressed_tensor`.
    """
    return make


for _kind in KINDS.values():
    _made = _constructor(_kind)
    register(_made.__name__, method=False, doc=_made.__doc__)(_made)


def _of_dense(name: str) -> Any:
    def refuse(self: Tensor) -> Tensor:
        title = "Sparse" if isinstance(self, SparseTensor) else "Strided"
        raise not_compressed(name, title)

    refuse.__doc__ = "Refuse: the tensor is not compressed."
    return refuse


for _name in ("crow_indices", "col_indices", "ccol_indices", "row_indices"):
    register(f"Tensor.{_name}")(_of_dense(_name))
