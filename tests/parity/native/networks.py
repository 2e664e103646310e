"""`funcnet.models` beside torchvision itself: descriptions with its weights."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import jax
import numpy as np
import torch

from funcnet import models as mine
from funcnet.checkpoint._flat_names import nest
from tests.parity import networks
from tests.parity.cases.networks import Case
from tests.parity.networks import Run
from tests.parity.report import Tally, Trial
from tests.reference.interpreted import evaluated


def trials(tally: Tally) -> Iterator[Trial]:
    for one in networks.cases(mine.list_models(), tally.full):
        yield Trial(one.name, "names and shapes", partial(_named, one))
        if one.native:
            yield Trial(one.name, "eval", partial(_run, one, False))
            yield Trial(one.name, "train", partial(_run, one, True))


def _named(one: Case) -> None:
    real = networks.without_memory(one)
    model = mine.get_model(one.name, **one.options)
    assert model == mine.get_model(one.name, **one.options)
    hash(model)
    params, state = jax.eval_shape(model.init, jax.random.key(0))
    wanted = {name: tuple(x.shape) for name, x in real.named_parameters()}
    assert {n: x.shape for n, x in flat(params).items()} == wanted
    rest = {name: tuple(x.shape) for name, x in real.named_buffers()}
    shapes = {n: x.shape for n, x in flat(state).items()}
    kept = real.state_dict().keys()
    assert shapes == {n: s for n, s in rest.items() if n in kept}


def flat(tree: Any) -> dict[str, Any]:
    """The arrays of nested dicts by dotted names."""
    leaves = jax.tree_util.tree_leaves_with_path(tree)
    return {".".join(str(step.key) for step in path): x for path, x in leaves}


def _run(one: Case, train: bool) -> bool:
    return networks.in_doubt_double(partial(_compare, one, train), train)


def _compare(one: Case, train: bool, dtype: str) -> None:
    real = networks.jogged(networks.build(one), torch)
    given = networks.arrays_of(real.state_dict())
    wanted = networks.run(real, one, train, torch, dtype)
    with jax.enable_x64(dtype == "float64"):
        cast = {
            n: a.astype(dtype) if a.dtype.kind == "f" else a for n, a in given.items()
        }
        networks.same_run(_mine(one, train, cast, dtype), wanted)


def _mine(one: Case, train: bool, given: dict[str, np.ndarray], dtype: str) -> Run:
    model = mine.get_model(one.name, **one.options, **one.native_options)
    shapes = jax.eval_shape(model.init, jax.random.key(0))
    params, state = (nest({name: given[name] for name in flat(t)}) for t in shapes)
    inputs = networks.examples(one, dtype)

    called = partial(model.apply, train=train, **one.call)

    def loss(params: Any, inputs: Any, weights: Any) -> Any:
        y, new = called(params, state, *inputs)
        outputs = networks.tensors_in(y)
        parts = [(y * w).sum() for y, w in zip(outputs, weights, strict=True)]
        return sum(parts), (outputs, new)

    told, _ = jax.eval_shape(called, params, state, *inputs)
    outputs = [np.empty(y.shape) for y in networks.tensors_in(told)]
    weights = [w.astype(dtype) for w in networks.weights_of(outputs)]
    compute = jax.grad(loss, (0, 1), has_aux=True)
    (by_params, by_inputs), (outputs, new) = evaluated(compute, params, inputs, weights)
    grads = {f"input {i}": x for i, x in enumerate(by_inputs)} | flat(by_params)
    return Run(outputs, grads, flat(new) | flat(params))
