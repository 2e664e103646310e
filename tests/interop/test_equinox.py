"""Models to and from Equinox: the same outputs, gradients, states, shared arrays."""

import sys
from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import funcnet
from funcnet import nn, tree
from funcnet.interop import equinox as doors

eqx = pytest.importorskip("equinox")

# Broadcasting in Equinox's own layers is not as strict as our tests.
pytestmark = pytest.mark.usefixtures("equinox_promotes")


@pytest.fixture
def equinox_promotes() -> Iterator[None]:
    with jax.numpy_rank_promotion("allow"), jax.numpy_dtype_promotion("standard"):
        yield


def close(x: Any, y: Any) -> None:
    assert jax.tree.structure(x) == jax.tree.structure(y)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, 1e-5, 1e-6), x, y)


class Net(nn.Model):
    def __init__(self) -> None:
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(4, 3)

    def forward(self, x: Any) -> Any:
        return self.head(self.drop(self.norm(x)))


class Theirs(eqx.Module):
    """For one sample; with a state, arrays that are not trained, and drawing."""

    norm: eqx.nn.BatchNorm
    drop: eqx.nn.Dropout
    layers: list[eqx.nn.Linear]
    order: jax.Array

    def __init__(self, width: int, *, key: Any) -> None:
        self.norm = eqx.nn.BatchNorm(width, "batch", mode="batch")
        self.drop = eqx.nn.Dropout(0.5)
        keys = jax.random.split(key)
        self.layers = [eqx.nn.Linear(width, width, key=k) for k in keys]
        self.order = jnp.arange(width)[::-1]

    def __call__(self, x: Any, state: Any, *, key: Any = None) -> Any:
        y, state = self.norm(x, state)
        for layer in self.layers:
            y = jax.nn.relu(layer(y))
        return self.drop(y, key=key)[self.order], state


def test_a_model_is_a_module_of_the_same_arrays(key: jax.Array) -> None:
    net, x = Net(), jax.random.normal(key, (5, 4))
    params, state = net.init(key)
    module, states = eqx.nn.make_with_state(doors.to_equinox)(net, params, state)
    assert module.params["head"]["weight"] is params["head"]["weight"]
    shared = {id(leaf) for leaf in jax.tree.leaves(states)}
    assert shared == {id(leaf) for leaf in jax.tree.leaves(state)}
    still = eqx.nn.inference_mode(module)
    close(still(x, states)[0], net.apply(params, state, x)[0])
    wanted, new = net.apply(params, state, x, key=key, train=True)
    y, states = module(x, states, key=key)
    close((y, states.get(module.index)), (wanted, new))
    with pytest.raises(funcnet.InputError, match="got no key"):
        module(x, states)
    with pytest.raises(funcnet.InputError, match="make_with_state"):
        still(x)


def test_a_module_of_a_model_is_trained_by_equinox(key: jax.Array) -> None:
    net, x = Net(), jax.random.normal(key, (5, 4))
    make = eqx.nn.make_with_state(doors.to_equinox)
    module, states = make(net, *net.init(key))
    optimizer = optax.sgd(0.1)
    kept = optimizer.init(eqx.filter(module, eqx.is_inexact_array))

    @eqx.filter_jit
    def step(module: Any, states: Any, kept: Any) -> Any:
        def loss(module: Any, states: Any) -> Any:
            y, states = module(x, states, key=key)
            return (y**2).mean(), states

        grad = eqx.filter_value_and_grad(loss, has_aux=True)
        (value, states), grads = grad(module, states)
        updates, kept = optimizer.update(grads, kept)
        return value, eqx.apply_updates(module, updates), states, kept

    losses = []
    for _ in range(5):
        value, module, states, kept = step(module, states, kept)
        losses.append(float(value))
    assert losses[-1] < losses[0]
    assert int(states.get(module.index)["norm"]["num_batches_tracked"]) == 5


def test_a_model_without_state_is_called_without_one(key: jax.Array) -> None:
    net, x = nn.Sequential(nn.Linear(4, 3), nn.ReLU()), jnp.ones((2, 4))
    params, _ = net.init(key)
    module = doors.to_equinox(net, params)
    close(module(x), net.apply(params, {}, x)[0])
    grads = eqx.filter_grad(lambda module: module(x).sum())(module)
    wanted = jax.grad(lambda p: net.apply(p, {}, x)[0].sum())(params)
    close(grads.params, wanted)


def test_a_module_is_a_layer(key: jax.Array) -> None:
    x = jax.random.normal(key, (5, 4))
    net = nn.Sequential(doors.from_equinox(Theirs, 4), nn.Linear(4, 2))
    module, states = eqx.nn.make_with_state(Theirs)(4, key=key)
    arrays = doors.equinox_arrays(module, states)
    assert arrays[0]["layers"]["1"]["weight"] is module.layers[1].weight
    params, state = net.init(key)
    assert tree.mismatches((params["0"], state["0"]), arrays) == []
    params, state = params | {"0": arrays[0]}, {"0": arrays[1]}

    def theirs(module: Any, train: bool, keys: Any) -> Any:
        run = jax.vmap(
            lambda one, states, key: eqx.nn.inference_mode(module, not train)(
                one, states, key=key
            ),
            (0, None, None if keys is None else 0),
            (0, None),
            axis_name="batch",
        )
        return run(x, states, keys)

    close(net[0].apply(*arrays, x)[0], theirs(module, False, None)[0])
    keys = jax.random.split(key, 5)
    y, new = net[0].apply(*arrays, x, key=key, train=True)
    wanted, new_states = theirs(module, True, keys)
    close((y, new), (wanted, doors.equinox_arrays(module, new_states)[1]))
    assert not tree.equal(new, arrays[1])
    grads = jax.grad(
        lambda p: net[0].apply(p, arrays[1], x, key=key, train=True)[0].var()
    )(arrays[0])
    by_module = eqx.filter_grad(lambda m: theirs(m, True, keys)[0].var())(module)
    close(grads, doors.equinox_arrays(by_module)[0])

    step = jax.jit(lambda key: net.apply(params, state, x, key=key, train=True))
    assert tree.equal(step(key), step(key))
    assert not tree.equal(step(key), step(jax.random.key(5)))
    for layer, given in ((net, (params, state)), (net[0], arrays)):
        with pytest.raises(funcnet.InputError, match="got no key"):
            layer.apply(*given, x, train=True)


class Noisy(eqx.Module):
    scale: float = 1.0

    def __call__(self, x: Any, *, key: Any) -> Any:
        return x + self.scale * jax.random.normal(key, x.shape)


LAYERS: list[tuple[Any, tuple[Any, ...], bool]] = [
    (eqx.nn.Linear, (4, 3), False),
    (eqx.nn.MLP, (4, 3, 8, 2), False),
    (eqx.nn.LayerNorm, (4,), False),
    (eqx.nn.Dropout, (0.0,), False),
    (eqx.nn.Dropout, (0.5,), True),
    (Noisy, (), True),
]


@pytest.mark.parametrize(
    ("make", "args", "draws"), LAYERS, ids=lambda one: getattr(one, "__name__", None)
)
def test_only_what_draws_needs_a_key(
    make: Any, args: Any, draws: bool, key: jax.Array
) -> None:
    layer = doors.from_equinox(make, *args)
    assert (layer.draws(True), layer.draws(False)) == (draws, False)
    assert hash(layer) == hash(doors.from_equinox(make, *args))
    net, x = nn.Sequential(layer), jnp.ones((2, 4))
    y, _ = net.apply(*net.init(key), x, train=True, key=key if draws else None)
    assert y.shape[0] == 2


def test_a_module_that_takes_a_batch_is_not_mapped(key: jax.Array) -> None:
    layer = doors.from_equinox(eqx.nn.Lambda, jax.nn.softmax).replace(mapped=False)
    x = jax.random.normal(key, (3, 4))
    close(layer.apply({}, {}, x)[0], jax.nn.softmax(x))


def test_without_equinox_the_error_says_what_to_install(
    key: jax.Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = doors.from_equinox(eqx.nn.Identity)
    monkeypatch.setitem(sys.modules, "equinox", None)
    for use in (lambda: layer.init(key), lambda: doors.to_equinox(nn.ReLU(), {})):
        with pytest.raises(ImportError, match=r"pip install .funcnet\[equinox\]"):
            use()
