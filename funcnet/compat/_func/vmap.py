"""Functions mapped over a dimension."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from funcnet.compat._core.annotations import Tree
from funcnet.compat._func.batch_level import BatchLevel
from funcnet.compat._func.inputs import name_of, named_after
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.registry import FUNCTIONS
from funcnet.compat._ops.writing import copy_into
from funcnet.compat._random.generator import get_rng_state, set_rng_state
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.tree import TreeSpec, broadcast_to_and_flatten, tree_flatten
from funcnet.compat._tensor.view_ops import ALIAS
from funcnet.compat._tensor.views import view_of


class _Flat(NamedTuple):
    """Flattened arguments of a call, with the mapped dimension of each."""

    leaves: list[Any]
    dims: list[int | None]
    spec: TreeSpec
    size: int


@explains_keywords
def vmap(
    func: Callable[..., Any],
    in_dims: Tree = 0,
    out_dims: Tree = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:
    """Map a function over a dimension, as `torch.func.vmap`.

    The function runs once, on tensors that have the shape of one member; what it
    records runs on all of them at once.

    Args:
        func: takes trees of tensors and gives one.
        in_dims: which dimension of each input is mapped, None for those that are the
            same for all; an integer, or a tree of them for the arguments.
        out_dims: where the dimension stands in each output.
        randomness: "different" to draw for each member, "same" to draw once for all,
            "error" to let random operations raise RuntimeError.
        chunk_size: how many members are computed together; all if None.

    Raises:
        ValueError: the dimensions do not fit the arguments.
        RuntimeError: the function asks for the numbers of a mapped tensor, or writes
            one in place into a tensor that is not mapped.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.func.vmap(torch.dot)(torch.eye(2), torch.tensor([[1., 2.], [3., 4.]]))
        tensor([1., 4.])
    """
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(
            "Only allowed values for randomness are 'error', 'different', or 'same'. "
            f"Got {randomness}"
        )
    if chunk_size is not None and chunk_size < 1:
        raise ValueError(
            f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})"
        )

    def call(*args: object, **kwargs: object) -> Any:
        flat = _flat(func, in_dims, args)
        if chunk_size is None or chunk_size >= flat.size:
            results = _mapped(func, flat, out_dims, randomness, kwargs)
            return results.spec.unflatten(results.leaves)
        return _in_chunks(func, flat, out_dims, randomness, chunk_size, kwargs)

    return named_after(call, func)


def _flat(func: Callable[..., Any], in_dims: Tree, args: tuple[Any, ...]) -> _Flat:
    name = name_of(func)
    start = f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): "
    if not isinstance(in_dims, int | tuple):
        raise ValueError(
            f"{start}expected `in_dims` to be int or a (potentially nested) tuple "
            f"matching the structure of inputs, got: {type(in_dims)}."
        )
    if not args:
        raise ValueError(
            f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add inputs, "
            "or you are trying to vmap over a function with no inputs. The latter is "
            "unsupported."
        )
    leaves, spec = tree_flatten(args)
    dims = broadcast_to_and_flatten(in_dims, spec)
    if dims is None:
        raise ValueError(
            f"{start}in_dims is not compatible with the structure of `inputs`. in_dims "
            f"has structure {tree_flatten(in_dims)[1]} but inputs has structure {spec}."
        )
    result = [_checked(x, dim, start) for x, dim in zip(leaves, dims, strict=True)]
    return _Flat(leaves, result, spec, _common_size(leaves, result))


def _common_size(leaves: Sequence[Any], dims: Sequence[int | None]) -> int:
    sizes = [
        x._spec.shape[dim]
        for x, dim in zip(leaves, dims, strict=True)
        if dim is not None
    ]
    if not sizes:
        raise ValueError("vmap: Expected at least one Tensor to vmap over")
    if len(set(sizes)) > 1:
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, "
            f"got sizes {sizes} for the mapped dimension"
        )
    return int(sizes[0])


def _checked(x: Any, dim: int | None, start: str) -> int | None:
    """Return the mapped dimension of an input, as a non-negative number."""
    if dim is not None and not isinstance(dim, int):
        raise ValueError(
            f"{start}Got in_dim={dim} for an input but in_dim must be either an "
            "integer dimension or None."
        )
    if isinstance(dim, int) and not isinstance(x, Tensor):
        raise ValueError(
            f"{start}Got in_dim={dim} for an input but the input is of type {type(x)}. "
            "We cannot vmap over non-Tensor arguments, please use None as the "
            "respective in_dim"
        )
    if dim is None:
        return None
    count = x.ndim
    if not -count <= dim < count:
        raise ValueError(
            f"{start}Got in_dim={dim} for some input, but that input is a Tensor of "
            f"dimensionality {count} so expected in_dim to satisfy -{count} <= in_dim "
            f"< {count}."
        )
    return dim % count


class _Outputs(NamedTuple):
    leaves: list[Any]
    dims: list[int | None]
    spec: TreeSpec


def _mapped(
    func: Callable[..., Any],
    flat: _Flat,
    out_dims: Tree,
    randomness: str,
    kwargs: dict[str, Any],
) -> _Outputs:
    """Call a function on all members at once."""
    level = BatchLevel(flat.size, randomness)
    given = [
        x if dim is None else level.member(x, dim)
        for x, dim in zip(flat.leaves, flat.dims, strict=True)
    ]
    with level.entered():
        outputs = func(*flat.spec.unflatten(given), **kwargs)
        leaves, spec = tree_flatten(outputs)
        dims = _dims_of(func, outputs, out_dims, spec)
        batches = [
            _batch(func, level, x, dim) for x, dim in zip(leaves, dims, strict=True)
        ]
        written = [
            (x, dim, level.batch(member))
            for x, dim, member in zip(flat.leaves, flat.dims, given, strict=True)
            if dim is not None and member._storage.version
        ]
    for x, dim, batch in written:
        copy_into(x, batch.movedim(0, dim))
    inputs = {id(x) for x in flat.leaves}
    result = [
        batch.movedim(0, dim)
        if dim is not None and dim % max(batch.ndim, 1)
        else view_of(batch, ALIAS, batch._spec.shape)
        if id(batch) in inputs
        else batch
        for batch, dim in zip(batches, dims, strict=True)
    ]
    return _Outputs(result, dims, spec)


def _dims_of(
    func: Callable[..., Any], outputs: Tree, out_dims: Tree, spec: TreeSpec
) -> list[int | None]:
    start = f"vmap({name_of(func)}, ..., out_dims={out_dims})"
    for dim in tree_flatten(out_dims)[0]:
        if dim is not None and not isinstance(dim, int):
            raise ValueError(
                f"{start}: `out_dims` must be an int, None or a python collection of "
                "ints representing where in the outputs the vmapped dimension should "
                "appear."
            )
    dims: list[int | None] | None
    if spec.is_leaf() and isinstance(out_dims, tuple) and len(out_dims) == 1:
        dims = list(out_dims)
    else:
        dims = broadcast_to_and_flatten(out_dims, spec)
    if dims is None:
        raise ValueError(
            f"{start}(<inputs>): out_dims is not compatible with the structure of "
            f"`outputs`. out_dims has structure {tree_flatten(out_dims)[1]} but "
            f"outputs has structure {spec}."
        )
    return dims


def _batch(
    func: Callable[..., Any], level: BatchLevel, x: object, dim: int | None
) -> Any:
    """Return an output outside: a batch, or a tensor that all members share."""
    name = name_of(func)
    if not isinstance(x, Tensor):
        if dim is None:
            return x
        raise ValueError(
            f"vmap({name}, ...): `{name}` must only return Tensors, got type "
            f"{type(x)}. Did you mean to set out_dims= to None for output?"
        )
    if dim is not None:
        return level.batch(x)
    if level.is_own(x._value()):
        raise ValueError(
            f"vmap({name}, ...): `{name}` can not return a BatchedTensor when out_dim "
            "is None"
        )
    return x


def _in_chunks(
    func: Callable[..., Any],
    flat: _Flat,
    out_dims: Tree,
    randomness: str,
    chunk_size: int,
    kwargs: dict[str, Any],
) -> Any:
    """Call a function on chunks of members, one after the other."""
    state = get_rng_state() if randomness == "same" else None
    parts: list[_Outputs] = []
    for start in range(0, flat.size, chunk_size):
        size = min(chunk_size, flat.size - start)
        leaves = [
            x if dim is None else x.narrow(dim, start, size)
            for x, dim in zip(flat.leaves, flat.dims, strict=True)
        ]
        if state is not None:
            set_rng_state(state)
        chunk = flat._replace(leaves=leaves, size=size)
        parts.append(_mapped(func, chunk, out_dims, randomness, kwargs))
    columns = zip(*[part.leaves for part in parts], strict=True)
    # From the registry: operations stand above this room.
    joined = [
        column[0] if dim is None else FUNCTIONS["cat"](list(column), dim)
        for column, dim in zip(columns, parts[0].dims, strict=True)
    ]
    return parts[0].spec.unflatten(joined)
