"""The arrays of a flax model for the same model of funcnet, and back."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jax
from flax import nnx

from funcnet import tree
from funcnet._errors import InputError
from funcnet._types import Params, State
from funcnet.interop.flax._layouts import Arrays, Layout, cells_of, layout_of
from funcnet.interop.flax._nnx import nnx_arrays
from funcnet.nn import Layer, Model

Names = Mapping[str, str] | Callable[[str], str] | None


def from_variables(
    variables: Any, model: Layer, names: Names = None, *, transpose_kernel: bool = False
) -> tuple[Params, State]:
    """Convert flax's variables to `(params, state)` of the same model.

    Each layer is read by its kind: kernels are transposed from flax's layout, gates and
    heads joined, `scale` and `mean` renamed. What flax does not have is as at the
    start: `num_batches_tracked` is 0, and of two biases of a cell one is 0.

    Not converted is what a model does between its layers. Flax's images are `(batch,
    height, width, channels)`, so that a `Linear` behind a `Flatten` has its inputs in
    another order; its norms have `epsilon=1e-6` where PyTorch's have 1e-5, its
    momentum is one minus PyTorch's.

    Args:
        variables: `{"params": ..., "batch_stats": ...}` of linen, or an nnx module.
        model: the model of funcnet.
        names: the path in flax, "Block_0/Conv_0", of each layer and each array of the
            model's own, by its dotted path "blocks.0.conv": a dict or a function. Left
            out, the paths are the same. The cells of an `nn.LSTM` at "lstm" have the
            paths "lstm.l0", "lstm.l0_reverse", "lstm.l1" and so on.
        transpose_kernel: whether flax's `ConvTranspose` have `transpose_kernel=True`.

    Raises:
        InputError: arrays are missing, left over or of another shape, or a layer has
            no counterpart in flax; all of them are listed.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from flax import linen
        >>> from funcnet import nn
        >>> from funcnet.interop.flax import from_variables
        >>> variables = linen.Dense(3).init(jax.random.key(0), jnp.ones((1, 2)))
        >>> net = nn.Sequential(fc=nn.Linear(2, 3))
        >>> variables = {"params": {"Dense_0": variables["params"]}}
        >>> params, _ = from_variables(variables, net, {"fc": "Dense_0"})
        >>> params["fc"]["weight"].shape
        (3, 2)
    """
    theirs, stats = _flat_variables(variables)
    params: Arrays = {}
    state: Arrays = {}
    for path, layer, own in _owners(model):
        place = _place(names, path)
        if layer is None:
            for ours, given in ((params, theirs), (state, stats)):
                if place in given:
                    ours[path] = given.pop(place)
            continue
        here, here_stats = _taken(theirs, place), _taken(stats, place)
        try:
            layout = _layout(path, layer, own, transpose_kernel)
            read, read_state = layout.read(layer, here, here_stats)
        except KeyError as error:
            raise InputError(
                f"{path} ({type(layer).__name__}): the arrays at {place!r} do not fit; "
                f"{error} is missing or unknown, there are {', '.join(here) or 'none'}."
            ) from error
        params |= {_inside(path, name, own): x for name, x in read.items()}
        state |= {_joined(path, name, "."): x for name, x in read_state.items()}
    wanted = jax.eval_shape(model.init, jax.random.key(0))
    problems = [f"{name}: left over in flax's arrays" for name in [*theirs, *stats]]
    for given, struct in zip((params, state), wanted, strict=True):
        lines = tree.mismatches(tree.unflatten(given), struct)
        problems += [line for line in lines if ": dtype" not in line]
    if problems:
        raise InputError("the arrays do not fit the model:\n  " + "\n  ".join(problems))
    return tree.unflatten(params), tree.unflatten(state)


def to_variables(
    params: Params,
    state: State,
    model: Layer,
    names: Names = None,
    *,
    transpose_kernel: bool = False,
) -> dict[str, Any]:
    """Convert `(params, state)` to linen's variables; undoes `from_variables`.

    Returns `{"params": ...}`, and "batch_stats" where there are any.

    Example:
        >>> import jax
        >>> from funcnet import nn
        >>> from funcnet.interop.flax import to_variables
        >>> net = nn.Sequential(fc=nn.Linear(2, 3))
        >>> arrays = net.init(jax.random.key(0))
        >>> to_variables(*arrays, net, {"fc": "Dense_0"})["params"]["Dense_0"].keys()
        dict_keys(['bias', 'kernel'])
    """
    ours, kept = tree.flatten(params), tree.flatten(state)
    result: dict[str, Arrays] = {"params": {}, "batch_stats": {}}
    for path, layer, own in _owners(model):
        place = _place(names, path)
        if layer is None:
            collection = "params" if path in ours else "batch_stats"
            result[collection][place] = (ours | kept)[path]
            continue
        parts = [_owned(arrays, path, own) for arrays in (ours, kept)]
        written = _layout(path, layer, own, transpose_kernel).write(layer, *parts)
        for collection, arrays in zip(result, written, strict=True):
            result[collection] |= {_joined(place, k, "/"): v for k, v in arrays.items()}
    return {name: _nested(flat) for name, flat in result.items() if flat}


def _owners(model: Layer) -> Iterator[tuple[str, Layer | None, list[str]]]:
    """Yield each layer with arrays, and without a layer each array of a model's own."""
    names = [*tree.flatten(jax.eval_shape(model.init, jax.random.key(0)))]
    arrays = [name.partition(".")[2] for name in names]
    for path, layer in model.walk():
        inside = [name for name in arrays if not path or name.startswith(f"{path}.")]
        children = layer.children()
        cut = len(path) + 1 if path else 0
        own = [
            name[cut:] for name in inside if name[cut:].split(".")[0] not in children
        ]
        if own and isinstance(layer, Model):
            for name in own:
                yield _joined(path, name, "."), None, []
        elif own and (cells := cells_of(layer)):
            for end, cell in cells.items():
                ending = [name for name in own if name.endswith(f"_{end}")]
                yield _joined(path, end, "."), cell, ending
        elif own:
            yield path, layer, own


def _ending(path: str, own: list[str]) -> str:
    """The end that a cell's path and its arrays' names have, "l0"; empty for others."""
    end = path.rpartition(".")[2]
    return end if own and all(name.endswith(f"_{end}") for name in own) else ""


def _inside(path: str, name: str, own: list[str]) -> str:
    """The model's name of an array that a layer or cell calls `name`."""
    end = _ending(path, own)
    if not end:
        return _joined(path, name, ".")
    return _joined(path.rpartition(".")[0], f"{name}_{end}", ".")


def _owned(arrays: Arrays, path: str, own: list[str]) -> Arrays:
    """Take a layer's or cell's arrays, under its own names."""
    end = _ending(path, own)
    if not end:
        return _taken(arrays, path, ".")
    cut = [name.removesuffix(f"_{end}") for name in own]
    full = {name: _inside(path, name, own) for name in cut}
    return {name: arrays.pop(one) for name, one in full.items() if one in arrays}


def _layout(path: str, layer: Layer, own: list[str], transpose_kernel: bool) -> Layout:
    layout = layout_of(layer, transpose_kernel)
    if layout is None:
        raise InputError(
            f"{path} ({layer}): flax has no layer with these arrays: {', '.join(own)}."
        )
    return layout


def _place(names: Names, path: str) -> str:
    if names is None:
        return path.replace(".", "/")
    if callable(names):
        return names(path)
    if path not in names:
        raise InputError(f"names has no path in flax for {path!r}.")
    return names[path]


def _joined(path: str, name: str, dot: str) -> str:
    return f"{path}{dot}{name}" if path else name


def _taken(arrays: dict[str, Any], place: str, dot: str = "/") -> dict[str, Any]:
    """Take what lies at a path out of flat arrays."""
    start = f"{place}{dot}" if place else ""
    names = [name for name in arrays if name.startswith(start)]
    return {name[len(start) :]: arrays.pop(name) for name in names}


def _flat_variables(variables: Any) -> tuple[Arrays, Arrays]:
    if isinstance(variables, nnx.Module):
        variables = dict(
            zip(("params", "batch_stats"), nnx_arrays(variables), strict=True)
        )
    unknown = {*variables} - {"params", "batch_stats"}
    if unknown:
        raise InputError(
            f"from_variables: the collections {', '.join(sorted(unknown))} have no "
            'counterpart; give {"params": ..., "batch_stats": ...}.'
        )
    params, stats = (_flat(variables.get(k, {})) for k in ("params", "batch_stats"))
    return params, stats


def _flat(nested: Any, path: str = "") -> Arrays:
    if not isinstance(nested, Mapping):
        return {path: nested}
    flat: Arrays = {}
    for name, part in nested.items():
        flat |= _flat(part, _joined(path, str(name), "/"))
    return flat


def _nested(flat: Arrays) -> dict[str, Any]:
    return tree.unflatten({name.replace("/", "."): x for name, x in flat.items()})
