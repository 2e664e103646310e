"""Elements in other places: turned, shifted, on a diagonal, cut to a triangle."""

from typing import Any

import jax.numpy as jnp

from funcnet.compat._graph import Op
from funcnet.compat._ops._checks import as_tuple, dimension, dimensions
from funcnet.compat._ops._table import METHODS, composite, op
from funcnet.compat._tensor import Tensor, apply_op


def _flip(input: Any, dims: Any) -> Any:
    return jnp.flip(input, dimensions(dims, input.ndim))


FLIP = Op("flip", _flip)


@composite("flip")
def flip(input: Tensor, *dims: Any, **named: Any) -> Tensor:
    """Turn dimensions around, as `torch.flip`."""
    given = named.get("dims", dims[0] if len(dims) == 1 else dims)
    return apply_op(FLIP, (input, as_tuple(given)))


@op("fliplr")
def fliplr(input: Any) -> Any:
    """Turn the columns around, as `torch.fliplr`."""
    if input.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return _flip(input, 1)


@op("flipud")
def flipud(input: Any) -> Any:
    """Turn the rows around, as `torch.flipud`."""
    if input.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return _flip(input, 0)


@op("roll")
def roll(input: Any, shifts: Any, dims: Any = ()) -> Any:
    """Shift elements; those that leave enter again at the start, as `torch.roll`."""
    by, along = as_tuple(shifts), as_tuple(dims)
    if not along:
        if len(by) != 1:
            raise RuntimeError(
                f"shifts and dimensions must align. shifts: {len(by)}, dims:0"
            )
        return jnp.roll(input.reshape(-1), by[0]).reshape(input.shape)
    if len(by) != len(along):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(by)}, dims:{len(along)}"
        )
    return jnp.roll(input, by, tuple(dimension(dim, input.ndim) for dim in along))


@op("rot90")
def rot90(input: Any, k: int = 1, dims: Any = (0, 1)) -> Any:
    """Turn a plane by `k` right angles, as `torch.rot90`."""
    if len(dims) != 2:
        raise RuntimeError(
            f"expected total rotation dims == 2, but got dims = {len(dims)}"
        )
    if input.ndim < 2:
        raise RuntimeError(
            f"expected total dims >= 2, but got total dims = {input.ndim}"
        )
    first, second = (dimension(dim, input.ndim) for dim in dims)
    if first == second:
        raise RuntimeError(
            f"expected rotation dims to be different, but got dim0 = {dims[0]} and "
            f"dim1 = {dims[1]}"
        )
    return jnp.rot90(input, k, (first, second))


# --- triangles and diagonals ---------------------------------------------------------


def _matrices(name: str, x: Any) -> Any:
    if x.ndim < 2:
        raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")
    return x


@op("tril", inplace=True)
def tril(input: Any, diagonal: int = 0) -> Any:
    """Matrices with zeros above a diagonal, as `torch.tril`."""
    return jnp.tril(_matrices("tril", input), diagonal)


@op("triu", inplace=True)
def triu(input: Any, diagonal: int = 0) -> Any:
    """Matrices with zeros below a diagonal, as `torch.triu`."""
    return jnp.triu(_matrices("triu", input), diagonal)


@op("diag")
def diag(input: Any, diagonal: int = 0) -> Any:
    """The diagonal of a matrix, or a matrix with this diagonal, as `torch.diag`."""
    if input.ndim not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    return jnp.diag(input, diagonal)


@op("diagflat")
def diagflat(input: Any, offset: int = 0) -> Any:
    """A matrix with all elements on its diagonal, as `torch.diagflat`."""
    return jnp.diagflat(input, offset)


@op("diag_embed")
def diag_embed(input: Any, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Matrices with these diagonals, as `torch.diag_embed`."""
    ndim = input.ndim + 1
    first, second = dimension(dim1, ndim), dimension(dim2, ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    size = input.shape[-1] + abs(offset)
    places = jnp.arange(input.shape[-1])
    rows, columns = places + max(-offset, 0), places + max(offset, 0)
    square = jnp.zeros((*input.shape[:-1], size, size), input.dtype)
    square = square.at[..., rows, columns].set(input, unique_indices=True)
    return jnp.moveaxis(square, (-2, -1), (first, second))


def fill_diagonal_(self: Tensor, fill_value: float, wrap: bool = False) -> Tensor:
    """Set the elements whose indices are all equal, as `Tensor.fill_diagonal_`."""
    if self.ndim < 2:
        raise RuntimeError("dimensions must larger than 1")
    size, steps = min(self._aval.shape), sum(self._layout().stride)
    whole = self._aval.shape[0] * self._layout().stride[0]
    count = -(-whole // steps) if wrap and self.ndim == 2 else size
    offset = self._layout().offset
    view = METHODS["as_strided"](self, (count,), (steps,), offset)
    METHODS["fill_"](view, fill_value)
    return self


METHODS["fill_diagonal_"] = fill_diagonal_


# --- sums that undo a broadcast ------------------------------------------------------


@op("sum_to_size", function=False)
def sum_to_size(input: Any, *size: Any) -> Any:
    """Sum over what was broadcast from this shape, as `Tensor.sum_to_size`."""
    shape = tuple(size[0]) if size and isinstance(size[0], tuple | list) else size
    extra = input.ndim - len(shape)
    repeated = [
        at + extra
        for at, n in enumerate(shape)
        if extra >= 0 and n == 1 and input.shape[at + extra] != 1
    ]
    fits = extra >= 0 and all(
        n == 1 or n == input.shape[at + extra] for at, n in enumerate(shape)
    )
    if not fits:
        raise RuntimeError(
            f"size {{{list(shape)}}} is not expandable to size {{{list(input.shape)}}}."
        )
    total = jnp.sum(input, (*range(extra), *repeated), keepdims=True)
    return total.reshape(shape)
