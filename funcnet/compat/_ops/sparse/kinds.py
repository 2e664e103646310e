"""The compressed layouts: what they list, and what their indices must be."""

import itertools
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.memory_format import (
    layout,
    sparse_bsc,
    sparse_bsr,
    sparse_csc,
    sparse_csr,
)
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor


class Kind(NamedTuple):
    """What a compressed layout does.

    Attributes:
        layout: its name.
        title: PyTorch's name of it in errors.
        by_row: whether rows are compressed, else columns.
        blocks: whether an element of the list is a block.
    """

    layout: layout
    title: str
    by_row: bool
    blocks: bool

    @property
    def names(self) -> tuple[str, str]:
        """What its compressed and its plain indices are called."""
        rows = ("crow_indices", "col_indices")
        return rows if self.by_row else ("ccol_indices", "row_indices")

    @property
    def transposed(self) -> "Kind":
        """The layout of the transpose with the same indices."""
        (kind,) = (
            one
            for one in KINDS.values()
            if one.blocks == self.blocks and one.by_row != self.by_row
        )
        return kind


KINDS: Final[Mapping[str, Kind]] = {
    str(kind.layout): kind
    for kind in (
        Kind(sparse_csr, "SparseCsr", True, False),
        Kind(sparse_csc, "SparseCsc", False, False),
        Kind(sparse_bsr, "SparseBsr", True, True),
        Kind(sparse_bsc, "SparseBsc", False, True),
    )
}


def not_compressed(name: str, title: str) -> RuntimeError:
    """The error of asking for compressed indices of a tensor that has none."""
    which = "column" if name in KINDS["torch.sparse_csc"].names else "row"
    return RuntimeError(
        f"{name} expected sparse {which} compressed tensor layout but got {title}"
    )


def size_of(
    kind: Kind, starts: np.ndarray, plain: np.ndarray, listed: Tensor
) -> tuple[int, ...]:
    """The size that compressed indices need."""
    at = starts.ndim
    high, wide = listed.shape[at : at + 2] if kind.blocks else (1, 1)
    long, short = starts.shape[-1] - 1, int(plain.max()) + 1 if plain.size else 0
    rows, columns = (long, short) if kind.by_row else (short, long)
    dense = listed.shape[at + 2 * kind.blocks :]
    return (*starts.shape[:-1], rows * high, columns * wide, *dense)


def check_parts(kind: Kind, starts: Tensor, plain: Tensor, listed: Tensor) -> None:
    first, second = kind.names
    names = {_dtypes.int32: "Int", _dtypes.int64: "Long"}
    others = {"float32": "Float", "float64": "Double", "bool": "Bool"}
    if starts.dtype != plain.dtype:
        said = [
            names.get(one.dtype) or others.get(one.dtype.name, one.dtype.name)
            for one in (starts, plain)
        ]
        raise RuntimeError(
            f"{first} and {second} must have the same dtype, bot got {said[0]} and "
            f"{said[1]}, respectively"
        )
    if starts.dtype not in names:
        raise RuntimeError(
            f"{first} and {second} must be an int32 or int64 type, but got "
            f"{others.get(starts.dtype.name, starts.dtype.name)}"
        )
    if starts.ndim < 1:
        raise RuntimeError(f"{first} must have dimensionality >= 1 but got 0")
    batch, block = starts.ndim - 1, 2 * kind.blocks
    if listed.ndim <= batch + block:
        raise RuntimeError(
            "values must have dimensionality > sum of batch and block dimensionalities "
            f"(={batch} + {block}) but got {listed.ndim}"
        )
    count = listed.shape[batch]
    if plain.ndim != starts.ndim or plain.shape[-1] != count:
        raise RuntimeError(
            f"{second}.shape[-1] must be equal to nnz (={count}) as defined by "
            f"values.shape[{batch}], but got {plain.shape[-1] if plain.ndim else 1}"
        )


def check_indices(
    kind: Kind,
    starts: np.ndarray,
    plain: np.ndarray,
    listed: Tensor,
    size: Size,
    strict: bool,
) -> None:
    first, second = kind.names
    batch, block = starts.ndim - 1, 2 * kind.blocks
    dense = listed.ndim - batch - block - 1
    if len(size) != batch + 2 + dense:
        raise RuntimeError(
            "tensor dimensionality must be sum of batch, base, and dense "
            f"dimensionalities (={batch} + 2 + {dense}) but got {len(size)}"
        )
    blocks = listed.shape[batch + 1 : batch + 3] if kind.blocks else (1, 1)
    for at, one in enumerate(blocks):
        if size[batch + at] % one:
            raise RuntimeError(
                f"tensor shape[{batch + at}] (={size[batch + at]}) must be divisible "
                f"with blocksize[{at}] (={one}) as defined by values shape"
            )
    rows, columns = (size[batch + at] // one for at, one in enumerate(blocks))
    long, short = (rows, columns) if kind.by_row else (columns, rows)
    blocky = " blocks" if kind.blocks else "s"
    what = ("row", "column") if kind.by_row else ("column", "row")
    if starts.shape[-1] != long + 1:
        raise RuntimeError(
            f"{first}.shape[-1] must be equal to the number of {what[0]}{blocky} + 1 "
            f"(={long + 1}), but got {starts.shape[-1]}"
        )
    count = "ncols" if kind.by_row else "nrows"
    steps = np.diff(starts, axis=-1)
    claims = {
        f"{first}[..., 0] == 0": bool((starts[..., 0] == 0).all()),
        f"{first}[..., -1] == nnz": bool((starts[..., -1] == plain.shape[-1]).all()),
        f"0 <= {first}[..., 1:] - {first}[..., :-1] <= {count}": bool(
            ((steps >= 0) & (steps <= short)).all()
        ),
        f"0 <= {second} < {count}": bool(((plain >= 0) & (plain < short)).all()),
    }
    if strict and all(claims.values()):
        lines = "nrows" if kind.by_row else "ncols"
        claims[
            f"{second}[..., {first}[..., i - 1]:{first}[..., i]] for all i = 1, ..., "
            f"{lines} are sorted and distinct along the last dimension values"
        ] = _sorted(starts, plain)
    for claim, holds in claims.items():
        if not holds:
            raise RuntimeError(f"`{claim}` is not satisfied.")


def _sorted(starts: np.ndarray, plain: np.ndarray) -> bool:
    pairs = zip(
        starts.reshape(-1, starts.shape[-1]),
        plain.reshape(-1, plain.shape[-1]),
        strict=True,
    )
    return all(
        bool(np.all(np.diff(one[a:b]) > 0))
        for begins, one in pairs
        for a, b in itertools.pairwise(begins)
    )
