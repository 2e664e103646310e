"""What holds for every layer: one table of examples, the same claims for each."""

import functools
import pickle
from collections import Counter
from dataclasses import FrozenInstanceError
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError, nn
from tests.nn.every_layer import EXAMPLES, NO_LAYERS, Inputs
from tests.reference.cases import flat

NAMES = sorted(EXAMPLES)
# Those that draw or keep statistics in training; for the others it is evaluation.
TRAINED = [n for n in NAMES if "Norm" in n or EXAMPLES[n].make().draws(True)]
TRACES: Counter[str] = Counter()

# XLA fuses and reorders float32 sums under jit.
RTOL, ATOL = 1e-5, 1e-5


class Holder(nn.Model):
    """A model with one layer, under the path "body"."""

    def __init__(self, body: nn.Layer) -> None:
        self.body = body

    def forward(self, *inputs: Any) -> Any:
        return self.body(*inputs)


class Results(NamedTuple):
    """What one jitted call gives, as compiling takes longer than anything else here."""

    output: Any
    new_state: Any
    stacked: Any
    param_grads: Any
    input_grads: Any


@functools.partial(jax.jit, static_argnums=(0, 1))
def run(layer: nn.Layer, name: str, *arrays: Any) -> Results:
    """The output, gradients, and the outputs for two inputs under vmap."""
    TRACES[name] += 1
    params, state, inputs, other, key = arrays

    def apply(params: Any, inputs: Inputs) -> Any:
        return layer.apply(params, state, *inputs, key=key)

    def total(params: Any, floats: dict[int, Any]) -> Any:
        filled = tuple(floats.get(i, x) for i, x in enumerate(inputs))
        outputs = smooth(apply(params, filled)[0])
        return sum((jnp.sin(y + 1).sum() for y in outputs), jnp.zeros(()))

    floats = {i: x for i, x in enumerate(inputs) if is_real(x)}
    grads = jax.grad(total, argnums=(0, 1))(params, floats)
    both = jax.tree.map(lambda *pair: jnp.stack(pair), inputs, other)
    stacked, _ = jax.vmap(apply, (None, 0))(params, both)
    return Results(*apply(params, inputs), stacked, *grads)


def smooth(output: Any) -> list[Any]:
    return [y for y in jax.tree.leaves(output) if is_real(y)]


def is_real(x: Any) -> bool:
    return all(jnp.issubdtype(a.dtype, jnp.floating) for a in jax.tree.leaves(x))


class Made(NamedTuple):
    layer: nn.Layer
    params: Any
    state: Any
    inputs: Inputs
    other: Inputs
    key: Any


@functools.cache
def made(name: str) -> Made:
    """A layer, its arrays, its inputs and some others of the same shapes."""
    example = EXAMPLES[name]
    layer = example.make()
    params, state = layer.init(jax.random.key(1))
    other = jax.tree.map(lambda x: x * 0.9 if is_real(x) else x, example.inputs)
    return Made(layer, params, state, example.inputs, other, jax.random.key(2))


@functools.cache
def results(name: str) -> Results:
    with jax.checking_leaks():
        return run(made(name).layer, name, *made(name)[1:])


def eager(name: str, inputs: Inputs) -> Any:
    layer, params, state, *_, key = made(name)
    return layer.apply(params, state, *inputs, key=key)


def assert_close(found: Any, wanted: Any) -> None:
    assert jax.tree.structure(found) == jax.tree.structure(wanted)
    for x, y in zip(jax.tree.leaves(found), jax.tree.leaves(wanted), strict=True):
        np.testing.assert_allclose(x, y, RTOL, ATOL)


@pytest.mark.parametrize("name", NAMES)
def test_a_layer_is_frozen(name: str) -> None:
    layer = EXAMPLES[name].make()
    fields = getattr(layer, "__dataclass_fields__", {})
    for one in ("new", *fields):
        with pytest.raises((FrozenInstanceError, InputTypeError), match=one):
            setattr(layer, one, 1)


def test_no_layer_is_missing_here() -> None:
    layers = {
        name
        for name in nn.__all__
        if isinstance(getattr(nn, name), type) and name not in NO_LAYERS
    }
    assert layers == set(EXAMPLES)


@pytest.mark.parametrize("name", NAMES)
def test_jit_equals_eager(name: str) -> None:
    result = results(name)
    output, new_state = eager(name, made(name).inputs)
    assert_close(result.output, output)
    assert_close(result.new_state, new_state)


@pytest.mark.parametrize("name", TRAINED)
def test_jit_equals_eager_in_training(name: str) -> None:
    layer, params, state, inputs, _, key = made(name)
    apply = functools.partial(layer.apply, key=key, train=True)
    with jax.checking_leaks():
        result = jax.jit(apply)(params, state, *inputs)
    assert_close(result, apply(params, state, *inputs))


@pytest.mark.parametrize("name", NAMES)
def test_vmap_equals_a_loop(name: str) -> None:
    stacked = results(name).stacked
    for place, inputs in enumerate((made(name).inputs, made(name).other)):
        row = jax.tree.map(lambda y, place=place: y[place], stacked)
        assert_close(row, eager(name, inputs)[0])


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_finite_and_reach_everything(name: str) -> None:
    params = made(name).params
    result = results(name)
    grads = flat(result.param_grads)
    assert {k: g.shape for k, g in grads.items()} == {
        k: p.shape for k, p in flat(params).items()
    }
    for path, grad in grads.items():
        assert np.isfinite(grad).all(), path
        assert np.any(grad), path
    for place, grad in result.input_grads.items():
        leaves = jax.tree.leaves(grad)
        assert all(np.isfinite(leaf).all() for leaf in leaves), place
        assert place > 0 or all(np.any(leaf) for leaf in leaves), place


@pytest.mark.parametrize("name", NAMES)
def test_state_is_returned_as_it_came_when_nothing_changed(name: str) -> None:
    layer, params, state, inputs, _, key = made(name)
    _, new_state = layer.apply(params, state, *inputs, key=key)
    if not isinstance(layer, nn.Model | nn.Frozen):
        assert new_state is state
    assert_close(new_state, state)


@pytest.mark.parametrize("name", NAMES)
def test_init_is_deterministic_in_the_key(name: str) -> None:
    layer, params, state, *_ = made(name)
    again = layer.init(jax.random.key(1))
    jax.tree.map(np.testing.assert_array_equal, again, (params, state))
    other, _ = layer.init(jax.random.key(3))
    drawn = [
        not np.array_equal(x, y)
        for x, y in zip(jax.tree.leaves(params), jax.tree.leaves(other), strict=True)
    ]
    assert any(drawn) == bool(drawn and not EXAMPLES[name].fixed_init)


@pytest.mark.parametrize("name", NAMES)
def test_an_equal_layer_built_again_does_not_retrace(name: str) -> None:
    results(name)
    # JAX traces anew once more of its modules, with options of theirs, are imported.
    run(made(name).layer, name, *made(name)[1:])
    traces = TRACES[name]
    again = EXAMPLES[name].make()
    assert again == made(name).layer
    assert hash(again) == hash(made(name).layer)
    run(again, name, *made(name)[1:])
    assert TRACES[name] == traces


@pytest.mark.parametrize("name", NAMES)
def test_repr_builds_an_equal_layer(name: str) -> None:
    layer = made(name).layer
    if layer.children():  # printed as a tree
        assert repr(layer).startswith(f"{name}(")
    else:
        assert eval(repr(layer), dict(vars(nn))) == layer


@pytest.mark.parametrize("name", NAMES)
def test_pickles(name: str) -> None:
    layer = made(name).layer
    again = pickle.loads(pickle.dumps(layer))
    assert again == layer
    assert hash(again) == hash(layer)


def held(name: str) -> tuple[nn.Layer, Any, Any]:
    """The layer inside a model, with its arrays."""
    _, params, state, *_ = made(name)
    return Holder(made(name).layer), {"body": params}, {"body": state}


@pytest.mark.parametrize("name", [n for n in NAMES if EXAMPLES[n].make().draws(True)])
def test_a_missing_key_is_refused_by_path(name: str) -> None:
    model, params, state = held(name)
    with pytest.raises(InputError, match=r"^body.*key=jax.random.key"):
        model.apply(params, state, *made(name).inputs, train=True)


WRONG = [(n, i) for n in NAMES for i in range(len(EXAMPLES[n].refused))]


@pytest.mark.parametrize(("name", "which"), WRONG)
def test_wrong_shapes_are_refused_by_path(name: str, which: int) -> None:
    model, params, state = held(name)
    key = made(name).key
    with pytest.raises((InputError, InputTypeError), match=r"^body"):
        model.apply(params, state, *EXAMPLES[name].refused[which], key=key)


@pytest.mark.parametrize("name", [n for n in NAMES if not EXAMPLES[n].takes_integers])
def test_integers_are_refused_by_path(name: str) -> None:
    model, params, state = held(name)
    first, *rest = made(name).inputs
    with pytest.raises(InputTypeError, match=r"^body.*int32.*float"):
        model.apply(params, state, first.astype(jnp.int32), *rest, key=made(name).key)
