"""Models to and from flax: the same outputs, gradients, statistics, shared arrays."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import linen, nnx, serialization

import funcnet
from funcnet import functional as F
from funcnet import nn, train, tree
from funcnet.interop import flax as doors
from tests.interop.flax_models import (
    LinenResNet,
    LinenViT,
    Net,
    NNXNet,
    ResNet,
    ViT,
    resnet_names,
    vit_names,
)

# Broadcasting in flax's own layers is not as strict as our tests.
pytestmark = pytest.mark.usefixtures("flax_promotes")


@pytest.fixture
def flax_promotes() -> Any:
    with (
        jax.numpy_rank_promotion("allow"),
        jax.numpy_dtype_promotion("standard"),
    ):
        yield


def close(x: Any, y: Any, atol: float = 1e-5) -> None:
    assert jax.tree.structure(x) == jax.tree.structure(y)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=atol), x, y)


def jogged(arrays: Any, key: jax.Array) -> Any:
    """Arrays that are not the initial ones: ones and zeros hide mistakes."""
    leaves, structure = jax.tree.flatten(arrays)
    keys = jax.random.split(key, len(leaves))
    noisy = [
        x + 0.1 * jax.random.uniform(k, x.shape)
        for x, k in zip(leaves, keys, strict=True)
    ]
    return jax.tree.unflatten(structure, noisy)


# --- arrays ---------------------------------------------------------------------------

MODELS = {
    "resnet": (LinenResNet(), ResNet(), resnet_names),
    "vit": (LinenViT(), ViT(), vit_names),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_flax_checkpoint_loads_and_goes_back(name: str, key: jax.Array) -> None:
    theirs, ours, names = MODELS[name]
    x = jax.random.normal(key, (2, 8, 8, 3))
    variables = jogged(theirs.init(key, x), key)
    params, state = doors.from_variables(variables, ours, names)
    y, grads = jax.value_and_grad(lambda p: ours.apply(p, state, x)[0].var())(params)
    z, wanted = jax.value_and_grad(
        lambda p: theirs.apply({**variables, "params": p}, x).var()
    )(variables["params"])
    np.testing.assert_allclose(y, z, rtol=1e-5)
    close(ours.apply(params, state, x)[0], theirs.apply(variables, x))
    close(doors.to_variables(grads, {}, ours, names)["params"], wanted)
    assert tree.equal(doors.to_variables(params, state, ours, names), variables)


CELLS = {
    "lstm": (linen.LSTMCell(4), nn.LSTMCell(3, 4)),
    "optimized lstm": (linen.OptimizedLSTMCell(4), nn.LSTMCell(3, 4)),
    "gru": (linen.GRUCell(4), nn.GRUCell(3, 4)),
    "rnn": (linen.SimpleCell(4), nn.RNNCell(3, 4)),
}


@pytest.mark.parametrize("name", CELLS)
def test_cells_are_converted(name: str, key: jax.Array) -> None:
    theirs, ours = CELLS[name]
    x, h = jax.random.normal(key, (2, 3)), jax.random.normal(key, (2, 4))
    lstm = isinstance(ours, nn.LSTMCell)
    variables = jogged(theirs.init(key, (h, h) if lstm else h, x), key)
    params, state = doors.from_variables(variables, ours)
    _, wanted = theirs.apply(variables, (h + 1, h) if lstm else h, x)
    got, _ = ours.apply(params, state, x, (h, h + 1) if lstm else h)
    close(got[0] if lstm else got, wanted)
    close(doors.to_variables(params, state, ours), variables)
    fresh, _ = ours.init(key)  # two biases of which flax has the sum
    again, _ = doors.from_variables(doors.to_variables(fresh, {}, ours), ours)
    close(ours.apply(again, {}, x)[0], ours.apply(fresh, {}, x)[0])


class LinenLSTM(linen.Module):
    @linen.compact
    def __call__(self, x: Any) -> Any:
        x = linen.RNN(linen.OptimizedLSTMCell(4), name="first")(x)
        there = linen.RNN(linen.LSTMCell(4), name="there")(x)
        back = linen.RNN(linen.LSTMCell(4), reverse=True, keep_order=True, name="back")(
            x
        )
        return jnp.concatenate([there, back], -1)


def test_a_stack_of_recurrent_layers_is_converted(key: jax.Array) -> None:
    x = jax.random.normal(key, (2, 5, 3))
    theirs = LinenLSTM()
    variables = jogged(theirs.init(key, x), key)
    ours = nn.Sequential(
        one=nn.LSTM(3, 4, batch_first=True),
        two=nn.LSTM(4, 4, batch_first=True, bidirectional=True),
    )
    names = {"one.l0": "OptimizedLSTMCell_0"}
    names |= {"two.l0": "LSTMCell_0", "two.l0_reverse": "LSTMCell_1"}
    params, state = doors.from_variables(variables, ours, names)
    y = ours[0].apply(params["one"], {}, x)[0][0]
    close(ours[1].apply(params["two"], {}, y)[0][0], theirs.apply(variables, x))
    close(doors.to_variables(params, state, ours, names), variables)


@pytest.mark.parametrize(
    "layer",
    [
        nn.LSTM(3, 4, 2, bidirectional=True),
        nn.GRU(3, 4, 2),
        nn.RNN(3, 4, 3),
        nn.Sequential(lstm=nn.LSTM(3, 4, 2)),
    ],
    ids=str,
)
def test_recurrent_layers_go_to_flax_and_back(layer: nn.Layer, key: jax.Array) -> None:
    params, _ = layer.init(key)
    variables = doors.to_variables(params, {}, layer)
    again, _ = doors.from_variables(variables, layer)
    assert tree.mismatches(again, params) == []
    x = jax.random.normal(key, (5, 2, 3))
    close(layer.apply(again, {}, x)[0], layer.apply(params, {}, x)[0])


FUSED = {
    "lstm": (nnx.OptimizedLSTMCell, nn.LSTMCell(3, 4)),
    "gru": (nnx.GRUCell, nn.GRUCell(3, 4)),
    "rnn": (nnx.SimpleCell, nn.RNNCell(3, 4)),
}


@pytest.mark.parametrize("name", FUSED)
def test_the_joined_cells_of_nnx_are_converted(name: str, key: jax.Array) -> None:
    make, ours = FUSED[name]
    theirs = make(3, 4, rngs=nnx.Rngs(0))
    x, h = jax.random.normal(key, (2, 3)), jax.random.normal(key, (2, 4))
    lstm = name == "lstm"
    params, state = doors.from_variables(theirs, ours)
    _, wanted = theirs((h + 1, h) if lstm else h, x)
    got, _ = ours.apply(params, state, x, (h, h + 1) if lstm else h)
    close(got[0] if lstm else got, wanted)


@pytest.mark.parametrize("transpose_kernel", [False, True])
@pytest.mark.parametrize("features", [3, 5])
def test_both_layouts_of_transposed_filters(
    transpose_kernel: bool, features: int, key: jax.Array
) -> None:
    theirs = linen.ConvTranspose(
        features,
        (3, 2),
        strides=(2, 2),
        padding="VALID",
        transpose_kernel=transpose_kernel,
    )
    ours = nn.ConvTranspose2d(3, features, (3, 2), stride=2)
    x = jax.random.normal(key, (2, 4, 5, 3))
    variables = jogged(theirs.init(key, x), key)
    option = {"transpose_kernel": transpose_kernel}
    params, state = doors.from_variables(variables, ours, **option)
    y, _ = ours.apply(params, state, jnp.moveaxis(x, -1, 1))
    close(jnp.moveaxis(y, 1, -1), theirs.apply(variables, x))
    close(doors.to_variables(params, state, ours, **option), variables)


def test_an_nnx_module_is_converted(key: jax.Array) -> None:
    theirs, ours = NNXNet(6, rngs=nnx.Rngs(0)), Net()
    x = jax.random.normal(key, (5, 4))
    theirs(x)
    params, state = doors.from_variables(theirs, ours)
    theirs.eval()
    close(ours.apply(params, state, x)[0], theirs(x))


def test_embeddings_keep_their_layout(key: jax.Array) -> None:
    variables = linen.Embed(5, 3).init(key, jnp.zeros(2, int))
    params, _ = doors.from_variables(variables, nn.Embedding(5, 3))
    assert params["weight"] is variables["params"]["embedding"]


def test_arrays_that_do_not_fit_are_listed(key: jax.Array) -> None:
    net = nn.Sequential(a=nn.Linear(2, 3), b=nn.Linear(3, 2))
    variables = doors.to_variables(*net.init(key), net)
    variables["params"]["c"] = variables["params"].pop("b")
    with pytest.raises(funcnet.InputError, match=r"(?s)c/bias: left.*b\.weight: mis"):
        doors.from_variables(variables, net)
    with pytest.raises(funcnet.InputError, match="no path in flax for 'b'"):
        doors.from_variables(variables, net, {"a": "a"})
    grouped = nn.ConvTranspose2d(4, 4, 2, groups=2)
    with pytest.raises(funcnet.InputError, match="flax has no layer"):
        doors.to_variables(*grouped.init(key), grouped)


# --- modules --------------------------------------------------------------------------


def test_a_model_is_a_linen_module_of_the_same_arrays(key: jax.Array) -> None:
    net, x = Net(), jax.random.normal(key, (5, 4))
    params, state = net.init(key)
    variables = {"params": params, "batch_stats": state}
    module = doors.to_linen(net)
    assert (
        module.apply(variables, x).tolist() == net.apply(params, state, x)[0].tolist()
    )
    assert jax.tree.map(jnp.shape, dict(module.init(key, x))) == jax.tree.map(
        jnp.shape, variables
    )
    y, new = module.apply(
        variables, x, train=True, rngs={"dropout": key}, mutable=["batch_stats"]
    )
    assert int(new["batch_stats"]["norm"]["num_batches_tracked"]) == 1
    assert (y == 0).sum() < y.size
    with pytest.raises(funcnet.InputError, match="got no key"):
        module.apply(variables, x, train=True, mutable=["batch_stats"])


def test_a_model_inside_a_linen_module_is_trained(key: jax.Array) -> None:
    class Outer(linen.Module):
        @linen.compact
        def __call__(self, x: Any) -> Any:
            return linen.Dense(2)(doors.to_linen(nn.Linear(4, 6))(x))

    x = jax.random.normal(key, (5, 4))
    variables = Outer().init(key, x)
    grads = jax.grad(lambda v: Outer().apply(v, x).sum())(variables)["params"]
    assert grads["LinenModel_0"]["weight"].shape == (6, 4)


def test_a_model_is_an_nnx_module_of_the_same_arrays(key: jax.Array) -> None:
    net, x = Net(), jax.random.normal(key, (5, 4))
    params, state = net.init(key)
    module = doors.to_nnx(net, params, state, rngs=nnx.Rngs(0))
    shared = nnx.to_pure_dict(nnx.state(module, nnx.Param))["params"]
    assert shared["head"]["weight"] is params["head"]["weight"]
    module.eval()
    close(module(x), net.apply(params, state, x)[0])
    graph, learned, rest = nnx.split(module, nnx.Param, ...)
    close(nnx.merge(graph, learned, rest)(x), module(x))
    module.train()
    assert module(x).tolist() != module(x).tolist()
    assert int(module.batch_stats["norm"]["num_batches_tracked"].get_value()) == 2


def test_an_nnx_module_of_a_model_is_trained_by_nnx(key: jax.Array) -> None:
    net, x = Net(), jax.random.normal(key, (5, 4))
    module = doors.to_nnx(net, *net.init(key), rngs=nnx.Rngs(0))
    optimizer = nnx.Optimizer(module, optax.sgd(0.1), wrt=nnx.Param)

    @nnx.jit
    def step(module: Any, optimizer: Any) -> Any:
        loss, grads = nnx.value_and_grad(lambda m: (m(x) ** 2).mean())(module)
        optimizer.update(module, grads)
        return loss

    losses = [float(step(module, optimizer)) for _ in range(10)]
    assert losses[-1] < losses[0]
    assert int(module.batch_stats["norm"]["num_batches_tracked"].get_value()) == 10


@pytest.mark.parametrize("kind", ["linen", "nnx"])
def test_a_flax_module_is_a_layer(kind: str, key: jax.Array) -> None:
    x = jax.random.normal(key, (4, 8, 8, 3))
    if kind == "linen":
        net = nn.Sequential(doors.from_linen(LinenResNet(), x), nn.ReLU())
    else:
        x = x[..., :4].reshape(-1, 4)
        net = nn.Sequential(doors.from_nnx(NNXNet, 6), nn.ReLU())
    params, state = net.init(key)
    if kind == "linen":
        wanted = LinenResNet().apply({"params": params["0"], **state["0"]}, x)
    else:
        module = NNXNet(6, rngs=nnx.Rngs(0))
        graph, learned, rest = nnx.split(module, nnx.Param, ...)
        nnx.replace_by_pure_dict(learned, params["0"])
        module = nnx.merge(graph, learned, rest)
        module.eval()
        wanted = module(x)
    close(net.apply(params, state, x)[0], F.relu(wanted))
    with pytest.raises(funcnet.InputError, match="got no key"):
        net.apply(params, state, x, train=True)

    @jax.jit
    def step(params: Any, state: Any, key: Any) -> Any:
        y, state = net.apply(params, state, x, key=key, train=True)
        return y.sum(), state

    grads, new = jax.grad(step, has_aux=True)(params, state, key)
    assert any(g.any() for g in jax.tree.leaves(grads))
    assert jax.tree.structure(new) == jax.tree.structure(state)
    assert not tree.equal(new, state)
    again = step(params, state, key)[0]
    assert again == step(params, state, key)[0]
    assert again != step(params, state, jax.random.key(5))[0]


def test_a_flax_layer_that_draws_nothing_needs_no_key(key: jax.Array) -> None:
    x = jnp.ones((2, 3))
    for layer in (
        doors.from_linen(linen.Dense(2), x),
        doors.from_nnx(nnx.Linear, 3, 2),
    ):
        params, state = layer.init(key)
        y, _ = nn.Sequential(layer).apply({"0": params}, state, x, train=True)
        assert y.shape == (2, 2)


# --- training states ------------------------------------------------------------------


def test_a_training_state_is_serialized_by_flax(key: jax.Array) -> None:
    ts = train.TrainState.create(Net(), optax.adam(0.1), key)
    data = serialization.to_bytes(ts)
    empty = train.TrainState.create(Net(), optax.adam(0.1), jax.random.key(9))
    again = serialization.from_bytes(empty, data)
    assert isinstance(again, train.TrainState)
    assert tree.equal(again, ts)


def test_a_training_state_goes_on_in_flax(key: jax.Array) -> None:
    net, optimizer, x = Net(), optax.sgd(0.1), jax.random.normal(key, (5, 4))
    ts = train.TrainState.create(net, optimizer, key)
    state = doors.to_train_state(ts, net, optimizer)
    assert state.params["head"]["weight"] is ts.params["head"]["weight"]

    @jax.jit
    def step(state: doors.FlaxTrainState) -> doors.FlaxTrainState:
        def loss(params: Any) -> Any:
            y, new = state.apply_fn(
                {"params": params, "batch_stats": state.batch_stats},
                x,
                train=True,
                rngs={"dropout": jax.random.fold_in(state.key, state.step)},
                mutable=["batch_stats"],
            )
            return (y**2).mean(), new

        grads, new = jax.grad(loss, has_aux=True)(state.params)
        return state.apply_gradients(grads=grads, **new)

    back = doors.from_train_state(step(step(state)))
    assert int(back.step) == 2
    assert int(back.state["norm"]["num_batches_tracked"]) == 2
    assert tree.mismatches(back.params, ts.params) == []
