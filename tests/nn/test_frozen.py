"""Frozen parameters are not differentiated, natively and in compat: counted."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import funcnet.compat as torch
from funcnet import InputError, checkpoint, models, nn, optim, train, tree
from funcnet import functional as F
from funcnet.compat._engine import executor
from funcnet.compat._tiers.policy import tier

DEEP = nn.Sequential(
    nn.Linear(5, 6), nn.ReLU(), nn.Linear(6, 7), nn.ReLU(), nn.Linear(7, 3)
)
X, Y = np.ones((4, 5), np.float32), np.array([0, 1, 2, 0])


# Forward there are three products; backward one for each weight that is learned, and
# one for each layer between it and the loss.
CASES = {
    "nothing": ((), 3 + 3 + 2),
    "the body": (("0.*", "2.*"), 3 + 1),
    "the middle": (("2.*",), 3 + 2 + 2),
    "the first": (("0.*",), 3 + 2 + 1),
    "weights": (("0.weight", "2.weight"), 3 + 1 + 2),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_computed_of_a_frozen_weight_s_gradient(
    name: str, key: jax.Array
) -> None:
    paths, products = CASES[name]
    net = nn.Frozen(DEEP, paths)
    step = train.train_step(net, F.cross_entropy, optim.adam(0.1))
    ts = train.TrainState.create(net, optim.adam(0.1), key)
    assert not {*tree.paths(ts.params)} & {*tree.paths(ts.state)}
    text = step.lower(ts, (X, Y)).as_text()
    assert text.count("stablehlo.dot_general") == products


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_computed_of_it_in_compat(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, products = CASES[name]
    texts = []

    def compiled(*args: Any) -> Any:
        program = compile_trace(*args)

        def run(*arrays: Any) -> Any:
            texts.append(program.run.lower(*arrays).as_text())
            return program.run(*arrays)

        return program._replace(run=run)

    compile_trace = executor.compile_trace
    executor.run_pending()
    monkeypatch.setattr(executor, "compile_trace", compiled)
    module = torch.nn.Sequential(
        torch.nn.Linear(5, 6),
        torch.nn.ReLU(),
        torch.nn.Linear(6, 7),
        torch.nn.ReLU(),
        torch.nn.Linear(7, 3),
    )
    for path, parameter in module.named_parameters():
        fits = any(tree.matches(pattern, path) for pattern in paths)
        parameter.requires_grad = not fits
    with tier("compile"):
        x, y = torch.tensor(X), torch.tensor(Y)
        torch.nn.functional.cross_entropy(module(x), y).backward()
        executor.run_pending()
    assert sum(text.count("stablehlo.dot_general") for text in texts) == products


@pytest.mark.parametrize("name", CASES)
def test_a_step_is_that_of_frozen_parameters_in_torch(
    name: str, key: jax.Array
) -> None:
    paths, _ = CASES[name]
    optimizer = optax.chain(optim.clip_by_norm(0.01), optim.sgd(1.0, momentum=0.9))
    net = nn.Frozen(DEEP, paths)
    start = DEEP.init(key)
    parts = net.init(key)
    ts = train.TrainState.create(net, optimizer, key, start=parts)
    step = train.train_step(net, F.cross_entropy, optimizer)
    for _ in range(2):
        ts, _ = step(ts, (X, Y))
    module = torch.from_native(DEEP, *start)
    named = dict(module.named_parameters())
    for path, parameter in named.items():
        frozen = any(tree.matches(pattern, path) for pattern in paths)
        parameter.requires_grad = not frozen
    learned = [p for p in named.values() if p.requires_grad]
    sgd = torch.optim.SGD(learned, 1.0, momentum=0.9)
    for _ in range(2):
        sgd.zero_grad()
        torch.nn.functional.cross_entropy(
            module(torch.tensor(X)), torch.tensor(Y)
        ).backward()
        torch.nn.utils.clip_grad_norm_(learned, 0.01)
        sgd.step()
    whole = tree.flatten(tree.merge(ts.params, ts.state))
    assert sorted(whole) == sorted(named)
    for path, parameter in named.items():
        np.testing.assert_allclose(
            whole[path], parameter.detach().numpy(), atol=1e-6, err_msg=path
        )


# --- what a frozen layer is -----------------------------------------------------------


class Outer(nn.Model):
    def __init__(self) -> None:
        inner = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5))
        self.body = nn.Frozen(inner)
        self.head = nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        return self.head(self.body(x))


def test_a_part_of_a_model_is_frozen(key: jax.Array) -> None:
    net, x = Outer(), jax.random.normal(key, (6, 3))
    params, state = net.init(key)
    assert tree.paths(params) == ["head.bias", "head.weight"]
    y, new = net.apply(params, state, x, key=key, train=True)
    assert int(new["body"]["1"]["num_batches_tracked"]) == 1
    assert new["body"]["0"]["weight"] is state["body"]["0"]["weight"]
    assert (y != net.apply(params, state, x)[0]).any()
    assert "BatchNorm1d" in str(net.summary((6, 3)))
    with pytest.raises(InputError, match=r"^body\.0 \(Linear\)"):
        net.apply(params, state, x[:, :2])


def test_a_frozen_leaf_and_its_parts_are_reached(key: jax.Array) -> None:
    class Tied(nn.Model):
        def __init__(self) -> None:
            self.inner = nn.Frozen(
                nn.Sequential(a=nn.Linear(3, 3), b=nn.BatchNorm1d(3))
            )
            self.leaf = nn.Frozen(nn.Linear(3, 3), "weight")

        def forward(self, x: Any) -> Any:
            x = self.inner.b(self.inner.a(x)) @ self.inner.a.weight
            return self.leaf(x) @ self.leaf.weight

    params, state = Tied().init(key)
    assert tree.paths(params) == ["leaf.bias"]
    y, new = Tied().apply(params, state, jnp.ones((4, 3)), train=True)
    assert int(new["inner"]["b"]["num_batches_tracked"]) == 1
    assert tree.paths(new) == tree.paths(state)
    alone = nn.Frozen(nn.BatchNorm1d(3))
    params, state = alone.init(key)
    assert tree.paths(alone.apply({}, state, y, train=True)[1]) == tree.paths(state)
    with pytest.raises(InputError, match="BatchNorm1d"):
        alone.apply({}, state, jnp.ones((4, 2)))


def test_a_frozen_layer_works_inside_a_scan(key: jax.Array) -> None:
    class Twice(nn.Model):
        def __init__(self) -> None:
            self.net = nn.Frozen(nn.Sequential(nn.Linear(3, 3)))

        def forward(self, x: Any) -> Any:
            return jax.lax.scan(lambda x, _: (self.net(x), None), x, None, 2)[0]

    params, state = Twice().init(key)
    weight, bias = state["net"]["0"]["weight"], state["net"]["0"]["bias"]
    wanted = (jnp.ones((1, 3)) @ weight.T + bias[None]) @ weight.T + bias[None]
    y, _ = Twice().apply(params, state, jnp.ones((1, 3)))
    np.testing.assert_allclose(y, wanted, rtol=1e-5)


def test_a_pattern_that_fits_nothing_is_named(key: jax.Array) -> None:
    for options in ({"paths": "lair1.*"}, {"but": ("0.*", "lair1.*")}):
        with pytest.raises(InputError, match=r"lair1\.\* fits no .*there are 0\.bias"):
            nn.Frozen(DEEP, **options).init(key)


# --- weights for another head ---------------------------------------------------------


def test_weights_are_loaded_for_another_head(tmp_path: Any, key: jax.Array) -> None:
    old = nn.Sequential(
        body=nn.Linear(4, 8), norm=nn.BatchNorm1d(8), fc=nn.Linear(8, 9)
    )
    checkpoint.save(tmp_path / "old.pth", tree.merge(*old.init(key)))
    new = nn.Sequential(
        body=nn.Linear(4, 8), norm=nn.BatchNorm1d(8), top=nn.Linear(8, 2)
    )
    changed = old.replace(fc=nn.Linear(8, 2))
    table = {
        "the same": (old, [], [], []),
        "another size": (changed, [], [], ["fc.bias", "fc.weight"]),
        "another name": (
            new,
            ["top.bias", "top.weight"],
            ["fc.bias", "fc.weight"],
            [],
        ),
    }
    for net, missing, unexpected, mis_shaped in table.values():
        for one in (net, nn.Frozen(net, "body.*")):
            (params, state), report = models.load(
                one, tmp_path / "old.pth", strict=False, key=jax.random.key(7)
            )
            assert sorted(report.missing) == missing
            assert sorted(report.unexpected) == unexpected
            assert sorted(report.mis_shaped) == mis_shaped
            loaded = tree.flatten(tree.merge(params, state))
            drawn = tree.flatten(tree.merge(*one.init(jax.random.key(7))))
            stored = tree.flatten(tree.merge(*old.init(key)))
            for name, array in loaded.items():
                wanted = stored if name in report.loaded else drawn
                np.testing.assert_array_equal(array, wanted[name], err_msg=name)
    with pytest.raises(InputError, match="strict=False, key="):
        models.load(new, tmp_path / "old.pth", strict=False)
    with pytest.raises(checkpoint.CheckpointError, match="strict=False"):
        models.load(new, tmp_path / "old.pth")


def test_rates_fall_towards_the_input(key: jax.Array) -> None:
    for decay, patterns, rates in (
        (0.5, ["4.*", "2.*", "0.*"], [1.0, 0.5, 0.25]),
        (0.1, ["4.*", "*"], [1.0, 0.1]),
        (1.0, [lambda name: "bias" in name, "*"], [1.0, 1.0]),
    ):
        optimizer = optim.by_depth(optim.sgd, 1.0, patterns, decay=decay)
        params, _ = DEEP.init(key)
        state = optimizer.init(params)
        assert [float(lr) for lr in optim.get_lr(state)] == pytest.approx(rates)
        ones = jax.tree.map(jnp.ones_like, params)
        updates, _ = optimizer.update(ones, state, params)
        for path, update in tree.flatten(updates).items():
            group = [tree.matches(p, path) for p in patterns].index(True)
            np.testing.assert_allclose(update, -rates[group], rtol=1e-6)
    with pytest.raises(InputError, match="twice"):
        optim.by_depth(optim.sgd, 1.0, ["*", "*"])
    with pytest.raises(InputError, match="no pattern fits"):
        optim.by_depth(optim.sgd, 1.0, ["4.*"]).init(params)
