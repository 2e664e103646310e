"""The door back to purity: modules as pure functions, and torch.func."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import funcnet.compat as torch
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
