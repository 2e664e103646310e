"""Programs without Python: a model as a StableHLO file that jax alone runs."""

import os
from collections.abc import Callable, Sequence
from typing import Any

import jax

from funcnet._errors import InputError
from funcnet._types import Params, State
from funcnet.checkpoint._atomic import writing
from funcnet.functional._conv.convolve import portable
from funcnet.nn import Layer

Exported = Any  # jax.export.Exported; jax.export is imported when something is exported


def export(
    model: Layer | Callable[..., Any],
    params: Params,
    example: Any,
    path: str | os.PathLike[str] | None = None,
    *,
    state: State | None = None,
    free_batch: bool = True,
    params_as_input: bool = False,
    platforms: Sequence[str] = ("cpu", "cuda"),
) -> Exported:
    """Export a model in evaluation as StableHLO, by `jax.export`.

    The file is what `jax.export` serializes: `jax.export.deserialize(data).call(x)`
    runs it where only jax is installed, on each of the platforms, and for a guaranteed
    time on later versions of jax.

    Args:
        model: a layer or model, or the `apply` that `torch.pure(module)` gives.
        params: its parameters.
        example: the input, or a tuple of inputs; arrays or `jax.ShapeDtypeStruct`.
            Only shapes and dtypes matter.
        path: the file to be written, whole or not at all.
        state: its running statistics; left out, the model has none.
        free_batch: the first dimension of each input is a batch, of the same size in
            all, and the program takes any. Otherwise sizes are the example's.
        params_as_input: the program takes `(params, state, *inputs)`, dicts as here,
            instead of containing the parameters.
        platforms: for which the program is lowered.

    Returns:
        The `jax.export.Exported`.

    Raises:
        InputError: the model cannot be computed with a free batch size; it says in
            which layer.
        ImportError: the package `flatbuffers` is needed to write the file.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> import funcnet
        >>> from funcnet import nn
        >>> net = nn.Linear(3, 2)
        >>> params, state = net.init(jax.random.key(0))
        >>> exported = funcnet.export(net, params, jnp.ones((1, 3)))
        >>> exported.call(jnp.ones((5, 3))).shape
        (5, 2)
    """
    import jax.export  # a tenth of the time that importing jax takes

    apply = model.apply if isinstance(model, Layer) else model
    kept: State = {} if state is None else state

    def run(params: Params, state: State, *inputs: Any) -> Any:
        return _plain(apply(params, state, *inputs)[0])

    inputs = example if isinstance(example, tuple) else (example,)
    specs = _free(inputs) if free_batch else jax.tree.map(_spec, inputs)
    if params_as_input:
        program = jax.jit(run)
        specs = (jax.tree.map(_spec, params), jax.tree.map(_spec, kept), *specs)
    else:
        program = jax.jit(lambda *inputs: run(params, kept, *inputs))
    try:
        with portable():
            exported = jax.export.export(program, platforms=tuple(platforms))(*specs)
    except Exception as error:
        if free_batch and _of_free_size(error):
            raise InputError(_no_free_batch(error)) from error
        raise
    if path is not None:
        data = exported.serialize()
        with writing(path, len(data)) as file:
            file.write(data)
    return exported


def _spec(array: Any) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(jax.numpy.shape(array), jax.numpy.result_type(array))


def _free(inputs: tuple[Any, ...]) -> Any:
    """The inputs' shapes with one symbol in place of the first size of each."""
    specs = jax.tree.map(_spec, inputs)
    sizes = {spec.shape[:1] for spec in jax.tree.leaves(specs)}
    if len(sizes) != 1 or () in sizes:
        shapes = ", ".join(str(spec.shape) for spec in jax.tree.leaves(specs))
        raise InputError(
            "export: with a free batch size the first dimensions of all inputs are the "
            f"same batch; their shapes are {shapes}. Write free_batch=False for a "
            "program of these shapes."
        )
    (batch,) = jax.export.symbolic_shape("batch")
    return jax.tree.map(
        lambda spec: jax.ShapeDtypeStruct((batch, *spec.shape[1:]), spec.dtype), specs
    )


def _plain(output: Any) -> Any:
    """Named tuples as tuples: a file of jax.export knows no other class."""
    if isinstance(output, dict):
        return {name: _plain(part) for name, part in output.items()}
    if isinstance(output, list):
        return [_plain(part) for part in output]
    return tuple(map(_plain, output)) if isinstance(output, tuple) else output


def _of_free_size(error: Exception) -> bool:
    """Whether something needed the number that the batch size is not."""
    names = {type(one).__name__ for one in (error, error.__cause__, error.__context__)}
    return not names.isdisjoint(
        {"InconclusiveDimensionOperation", "ConcretizationTypeError"}
    ) or any(word in str(error) for word in ("_DimExpr", "ymbolic dim"))


def _no_free_batch(error: Exception) -> str:
    # Both halves write where an error happened into a note: "In layer fc1 (Linear).".
    notes = [*getattr(error, "__notes__", ()), ""]
    note = notes[0].splitlines()[0] if notes[0] else ""
    where = getattr(error, "path", "") or note
    where = where.removeprefix("In layer ").removeprefix("In ").rstrip(".")
    return (
        f"export: {where or 'the model'} cannot be computed with a free batch size "
        f"({str(error).splitlines()[0]}). Write free_batch=False for a program of the "
        "example's shapes."
    )
