"""The door back to purity: modules as pure functions, and torch.func."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet import init, tree
from funcnet import nn as native
from funcnet.compat import nn


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3, 4)
        self.norm = nn.BatchNorm1d(4)
        self.drop = nn.Dropout(0.5)

    def forward(self, x: Any) -> Any:
        return self.drop(torch.relu(self.norm(self.fc(x))))


def test_apply_equals_the_module() -> None:
    net = Net().eval()
    apply, params, state = torch.pure(net)
    x = np.ones((5, 3), np.float32)
    y, _ = apply(params, state, jnp.asarray(x))
    np.testing.assert_allclose(y, net(torch.tensor(x)).detach().numpy(), rtol=1e-6)
    assert params["fc"]["weight"].shape == (4, 3)
    assert set(state["norm"]) == {"running_mean", "running_var", "num_batches_tracked"}


def test_jax_transforms_it() -> None:
    apply, params, state = torch.pure(Net())
    x = jnp.ones((5, 3))

    def loss(params: Any, x: Any) -> Any:
        return apply(params, state, x)[0].sum()

    plain, jitted = jax.grad(loss)(params, x), jax.jit(jax.grad(loss))(params, x)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5), plain, jitted
    )
    each = jax.vmap(lambda row: apply(params, state, row[None])[0])(x)
    assert each.shape == (5, 1, 4)


def test_training_changes_the_state_it_returns_and_nothing_else() -> None:
    net = Net()
    before = {k: v.clone() for k, v in net.state_dict().items()}
    apply, params, state = torch.pure(net)
    x = jnp.arange(15.0).reshape(5, 3)
    run = jax.jit(lambda p, s, x, key: apply(p, s, x, key=key, train=True))
    first, new = run(params, state, x, jax.random.key(0))
    again, _ = run(params, state, x, jax.random.key(0))
    other, _ = run(params, state, x, jax.random.key(1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(
        new["norm"]["running_mean"], state["norm"]["running_mean"]
    )
    assert all(torch.equal(before[k], v) for k, v in net.state_dict().items())


@pytest.mark.parametrize("name", ["jacrev", "jacfwd"])
def test_jacobians(name: str) -> None:
    jacobian = getattr(torch.func, name)(lambda x: x**2)(torch.tensor([1.0, 2.0]))
    assert jacobian.tolist() == [[2.0, 0.0], [0.0, 4.0]]


def test_func() -> None:
    x = torch.tensor([1.0, 2.0, 3.0])
    assert torch.func.grad(lambda x: (x**3).sum())(x).tolist() == [3, 12, 27]
    assert torch.func.hessian(lambda x: (x**3).sum())(x).diagonal().tolist() == [
        6,
        12,
        18,
    ]
    rows = torch.vmap(lambda row: row.sum())(torch.ones(4, 3))
    assert rows.tolist() == [3, 3, 3, 3]
    net = nn.Linear(3, 1)
    doubled = {k: v * 2 for k, v in net.named_parameters()}
    y = torch.func.functional_call(net, doubled, (x,))
    assert y.item() == pytest.approx(2 * net(x).item(), rel=1e-5)


class Native(native.Model):
    def __init__(self) -> None:
        self.scale = native.Parameter((4,), init.ones)
        self.blocks = [native.Linear(4, 4), native.BatchNorm1d(4)]
        self.head = native.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        for block in self.blocks:
            x = block(x)
        return self.head(x * self.scale[None])


@pytest.mark.parametrize(
    "layer",
    [
        native.Linear(4, 2),
        native.Sequential(native.Linear(4, 2), native.ReLU()),
        Native(),
    ],
    ids=["layer", "sequence", "model"],
)
def test_a_native_layer_becomes_a_module(layer: Any) -> None:
    params, state = layer.init(jax.random.key(0))
    module = torch.from_native(layer, params, state)
    x = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4)
    wanted, new = layer.apply(params, state, jnp.asarray(x), train=True)
    np.testing.assert_allclose(
        module(torch.tensor(x)).detach().numpy(), wanted, rtol=1e-5, atol=1e-6
    )
    assert set(dict(module.named_parameters())) == set(tree.flatten(params))
    for name, array in tree.flatten(new).items():
        np.testing.assert_allclose(module.get_buffer(name).numpy(), array, rtol=1e-5)
    module(torch.tensor(x)).sum().backward()
    assert all(p.grad is not None for p in module.parameters())


class Noting(torch.nn.Module):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))
        self.layer = torch.nn.Linear(2, 2)
        self.last = None

    def forward(self, x: Any, scale: Any = 1.0, fail: bool = False) -> Any:
        self.calls = self.calls + 1
        self.last = x * 2
        if fail:
            raise ValueError("as asked")
        return {"z": self.layer(x) * scale, "a": x}


def test_pure_takes_keywords_and_leaves_the_module_as_it_was() -> None:
    model = Noting()
    apply, params, state = torch.pure(model)
    x = jnp.ones((3, 2))
    once, new = apply(params, state, x)
    assert list(once) == ["z", "a"]
    assert new["calls"] == 1
    for scale in (2.0, jnp.float32(2.0)):
        twice, _ = apply(params, state, x, scale=scale)
        np.testing.assert_allclose(twice["z"], 2 * once["z"])
    jitted = jax.jit(lambda p, k: apply(p, state, x, scale=k)[0]["z"])
    np.testing.assert_allclose(jitted(params, 2.0), twice["z"])
    with pytest.raises(ValueError, match="as asked"):
        jax.jit(lambda p: apply(p, state, x, fail=True))(params)
    assert model.calls.item() == 0
    assert model.last is None
    assert model(torch.ones(3, 2))["z"].shape == (3, 2)


def _of_a_buffer() -> tuple[Any, Any]:
    memory, layer = torch.arange(12.0).reshape(3, 4), torch.nn.Linear(4, 2)
    layer.weight = torch.nn.Parameter(memory[:2])
    layer.bias = torch.nn.Parameter(memory[2, :2])
    return memory, layer


def _transposed() -> tuple[Any, Any]:
    memory, layer = torch.arange(8.0).reshape(4, 2), torch.nn.Linear(4, 2)
    layer.weight.data = memory.t()
    layer.bias.data = torch.zeros(2)
    return memory, layer


@pytest.mark.parametrize("make", [_of_a_buffer, _transposed])
def test_parameters_that_are_views(make: Any) -> None:
    memory, layer = make()
    x = torch.ones(1, 4)
    before = layer(x).tolist()
    apply, params, state = torch.pure(layer)
    assert apply(params, state, x.numpy())[0].tolist() == before
    ones = {"weight": np.ones((2, 4), np.float32), "bias": np.zeros(2, np.float32)}
    assert apply(ones, state, x.numpy())[0].tolist() == [[4, 4]]
    result = jax.grad(lambda p: apply(p, state, x.numpy())[0].sum())(ones)
    assert result["weight"].tolist() == [[1, 1, 1, 1]] * 2
    tensors = {name: torch.from_numpy(value) for name, value in ones.items()}
    for call in (
        torch.func.functional_call,
        torch.nn.utils.stateless.functional_call,
    ):
        assert call(layer, tensors, (x,)).tolist() == [[4, 4]]
    assert layer(x).tolist() == before
    with torch.no_grad():
        layer.weight[0, 0] += 100
    assert memory[0, 0].item() == 100
