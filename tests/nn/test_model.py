"""nn.Model: a PyTorch class body that is a frozen description; two pure functions."""

import pickle
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError, init, nn


class Block(nn.Model):
    def __init__(self, width: int) -> None:
        self.linear = nn.Linear(width, width)
        self.drop = nn.Dropout(0.5)

    def forward(self, x: jax.Array) -> jax.Array:
        return self.drop(self.linear(x))


class Net(nn.Model):
    def __init__(self, hidden: int = 8, depth: int = 2) -> None:
        self.hidden = hidden
        self.sizes = [1, [2, 3]]
        self.fc1 = nn.Linear(4, hidden)
        self.blocks = [Block(hidden) for _ in range(depth)]
        self.heads = {"a": nn.Linear(hidden, 2), "b": nn.Linear(hidden, 3)}

    def forward(self, x: jax.Array, head: str = "a") -> jax.Array:
        x = self.fc1(x)
        for block in self.blocks:
            x = block(x)
        return self.heads[head](x)


class Counter(nn.Model):
    """Counts its calls and keeps the mean of what it saw."""

    def __init__(self) -> None:
        self.count = nn.Buffer((), init.zeros, dtype="int32")
        self.inner = nn.Linear(2, 2)

    def forward(self, x: jax.Array) -> jax.Array:
        self.count = self.count + 1
        return self.inner(x)


class Config(nn.Model):
    def __init__(self) -> None:
        self.options = {"widths": [1, 2], "name": "x"}


def run(model: nn.Layer, *inputs: Any, **options: Any) -> Any:
    params, state = model.init(jax.random.key(0))
    return model.apply(params, state, *inputs, **options)


X = jnp.ones((3, 4))


def test_params_are_named_as_a_state_dict(key: jax.Array) -> None:
    params, state = Net().init(key)
    assert sorted(params) == ["blocks", "fc1", "heads"]
    assert sorted(params["blocks"]) == ["0", "1"]
    assert params["blocks"]["1"]["linear"]["weight"].shape == (8, 8)
    assert params["heads"]["b"]["bias"].shape == (3,)
    assert state == {}


def test_init_is_deterministic_in_the_key() -> None:
    first, second, other = (
        Net().init(jax.random.key(seed))[0]["fc1"]["weight"] for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_equal_models_compare_hash_and_pickle() -> None:
    net = Net()
    assert net == Net()
    assert hash(net) == hash(Net())
    assert net != Net(depth=1)
    assert net != Block(8)
    copy = pickle.loads(pickle.dumps(net))
    assert copy == net
    assert hash(copy) == hash(net)


def test_pickle_leaves_the_hash_behind() -> None:
    net = Net()
    hash(net)
    assert "_hash" not in vars(pickle.loads(pickle.dumps(net)))


def test_a_model_rebuilt_at_each_step_traces_once(key: jax.Array) -> None:
    traces = []

    def step(net: Net, params: Any, x: jax.Array) -> jax.Array:
        traces.append(net)
        return net.apply(params, {}, x)[0]

    jitted = jax.jit(step, static_argnums=0)
    params, _ = Net().init(key)
    Net().apply(params, {}, X)  # imports a module of JAX, which it traces anew for
    for _ in range(50):
        jitted(Net(), params, X)
    assert len(traces) == 1


def test_forward_takes_keywords() -> None:
    assert run(Net(), X, head="b")[0].shape == (3, 3)


def test_grad_jit_and_vmap_apply_unwrapped(key: jax.Array) -> None:
    net = Net()
    params, state = net.init(key)

    def loss(params: Any, x: jax.Array) -> jax.Array:
        return net.apply(params, state, x)[0].sum()

    grads = jax.jit(jax.grad(loss))(params, X)
    assert jax.tree.structure(grads) == jax.tree.structure(params)
    rows = jax.vmap(lambda x: net.apply(params, state, x)[0])(X)
    np.testing.assert_allclose(rows, net.apply(params, state, X)[0], rtol=1e-5)


def test_a_child_called_twice_draws_two_keys(key: jax.Array) -> None:
    class Twice(nn.Model):
        def __init__(self) -> None:
            self.drop = nn.Dropout(0.5)

        def forward(self, x: jax.Array) -> tuple[jax.Array, jax.Array]:
            return self.drop(x), self.drop(x)

    (first, second), _ = run(Twice(), jnp.ones(64), key=key, train=True)
    assert not np.array_equal(first, second)


def test_a_child_called_twice_threads_its_state() -> None:
    class Twice(nn.Model):
        def __init__(self) -> None:
            self.counter = Counter()

        def forward(self, x: jax.Array) -> jax.Array:
            return self.counter(self.counter(x))

    _, state = run(Twice(), jnp.ones((1, 2)))
    assert state["counter"]["count"] == 2


def test_apply_leaves_its_arguments_alone(key: jax.Array) -> None:
    net = Counter()
    params, state = net.init(key)
    _, new_state = net.apply(params, state, jnp.ones((1, 2)))
    assert (state["count"], new_state["count"]) == (0, 1)


def test_a_bound_child_gives_its_arrays_for_tied_weights(key: jax.Array) -> None:
    class Tied(nn.Model):
        def __init__(self) -> None:
            self.up = nn.Linear(2, 5, bias=False)

        def forward(self, x: jax.Array) -> jax.Array:
            assert self.up.in_features == 2
            return self.up(x) @ self.up.weight

    params, state = Tied().init(key)
    y, _ = Tied().apply(params, state, jnp.ones((1, 2)))
    weight = params["up"]["weight"]
    np.testing.assert_allclose(y, jnp.ones((1, 2)) @ weight.T @ weight, rtol=1e-6)


def test_own_parameters_stand_under_their_names(key: jax.Array) -> None:
    class Scale(nn.Model):
        def __init__(self) -> None:
            self.scale = nn.Parameter((3,), init.normal, std=0.5)

        def forward(self, x: jax.Array) -> jax.Array:
            return x * self.scale

    params, _ = Scale().init(key)
    y, _ = Scale().apply(params, {}, jnp.ones(3))
    np.testing.assert_array_equal(y, params["scale"])
    assert Scale() == Scale()


def test_methods_of_a_bound_child_model_can_be_called() -> None:
    class Coder(nn.Model):
        def __init__(self) -> None:
            self.inner = nn.Linear(4, 2)

        def encode(self, x: jax.Array) -> jax.Array:
            return self.inner(x)

        def forward(self, x: jax.Array) -> jax.Array:
            return self.encode(x)

    class Outer(nn.Model):
        def __init__(self) -> None:
            self.coder = Coder()

        def forward(self, x: jax.Array) -> jax.Array:
            return self.coder.encode(x)

    assert run(Outer(), X)[0].shape == (3, 2)


def test_training_and_next_key_are_known_inside_forward(key: jax.Array) -> None:
    class Noise(nn.Model):
        def forward(self, x: jax.Array) -> jax.Array:
            if not self.training:
                return x
            return x + jax.random.normal(self.next_key(), x.shape)

    np.testing.assert_array_equal(run(Noise(), X)[0], X)
    assert not np.array_equal(run(Noise(), X, key=key, train=True)[0], X)
    with pytest.raises(InputError, match="no key"):
        run(Noise(), X, train=True)


# Sub-expressions under transformations: they work or refuse, and leak nothing.


class Scanned(nn.Model):
    """Runs `body` under a transformation chosen by the test."""

    def __init__(self, child: nn.Layer, how: str) -> None:
        self.child, self.how = child, how

    def forward(self, x: jax.Array) -> Any:
        if self.how == "scan":
            return jax.lax.scan(lambda c, _: (self.child(c), None), x, length=3)[0]
        if self.how == "scan with keys":
            keys = jax.random.split(self.next_key(), 3)
            return jax.lax.scan(lambda c, k: (self.child(c, key=k), None), x, keys)[0]
        if self.how == "vmap":
            return jax.vmap(self.child)(x)
        return jax.checkpoint(self.child)(x)


HOWS = ["scan", "vmap", "checkpoint"]


@pytest.mark.parametrize("how", HOWS)
def test_a_child_without_state_works_inside_transformations(how: str) -> None:
    y, _ = run(Scanned(nn.Linear(4, 4), how), X)
    assert y.shape == X.shape


@pytest.mark.parametrize("how", HOWS)
def test_a_child_that_draws_refuses_inside_transformations(
    how: str, key: jax.Array
) -> None:
    model = Scanned(Block(4), how)
    assert run(model, X)[0].shape == X.shape  # in evaluation nothing is drawn
    with pytest.raises(InputError, match=r"child\.drop.*key=key"):
        run(model, X, key=key, train=True)


@pytest.mark.parametrize("child", [nn.Dropout(0.5), Block(4)], ids=["leaf", "model"])
def test_keys_given_inside_a_scan_differ_by_step(
    child: nn.Layer, key: jax.Array
) -> None:
    model = Scanned(child, "scan with keys")
    y, _ = run(model, jnp.ones((64, 4)), key=key, train=True)
    if isinstance(child, nn.Dropout):
        # Three masks: an element survives all with probability 1/8, not 1/2.
        assert 0.02 < float((y != 0).mean()) < 0.25
    assert y.shape == (64, 4)


@pytest.mark.parametrize("how", HOWS)
def test_a_child_that_writes_state_refuses_inside_transformations(how: str) -> None:
    x = jnp.ones((3, 2))
    with pytest.raises(InputError, match="changes its state inside"):
        run(Scanned(Counter(), how), x)


def test_no_tracer_leaks(key: jax.Array) -> None:
    net = Scanned(Block(4), "scan with keys")
    params, state = net.init(key)
    with jax.checking_leaks():
        jax.jit(lambda p, k: net.apply(p, state, X, key=k, train=True)[0])(params, key)


# A model is frozen, and wrong use says what to write instead.


def test_a_model_cannot_be_changed_once_built() -> None:
    net = Net()
    with pytest.raises(InputTypeError, match="replace"):
        net.fc1 = nn.Linear(4, 9)
    with pytest.raises(InputTypeError, match="cannot be deleted"):
        del net.fc1


def test_setting_an_attribute_inside_forward_is_refused() -> None:
    class Sneaky(nn.Model):
        def forward(self, x: jax.Array) -> jax.Array:
            self.cache = x
            return x

    with pytest.raises(InputTypeError, match=r"nn\.Buffer"):
        run(Sneaky(), X)


def test_replace_swaps_a_head() -> None:
    net = Net().replace(heads={"a": nn.Linear(8, 7)})
    assert run(net, X)[0].shape == (3, 7)
    assert Net().children()["heads"] != net.children()["heads"]
    with pytest.raises(InputError, match="no attribute 'haeds'"):
        net.replace(haeds=None)


def test_calling_an_unbound_model_says_what_to_write() -> None:
    with pytest.raises(InputTypeError, match=r"net, state|params, state = "):
        Net()(X)
    with pytest.raises(InputTypeError, match=r"nn\.Linear"):
        nn.Linear(1, 1)(X)


@pytest.mark.parametrize("value", [np.ones(3), jnp.ones(3)], ids=["numpy", "jax"])
def test_an_array_attribute_is_refused(value: Any) -> None:
    class Holder(nn.Model):
        def __init__(self) -> None:
            self.table = value

    with pytest.raises(InputTypeError, match=r"Holder\.table.*nn\.Parameter\(\(3,\)"):
        Holder()


def test_an_unhashable_attribute_is_refused() -> None:
    class Holder(nn.Model):
        def __init__(self) -> None:
            self.buffer = bytearray(3)

    with pytest.raises(InputTypeError, match=r"Holder\.buffer.*not hashable"):
        Holder()


def test_a_list_with_something_that_is_no_layer_is_refused() -> None:
    with pytest.raises(InputTypeError, match=r"ModuleList\[1\].*nn\.ReLU\(\)"):
        nn.ModuleList([nn.Linear(1, 1), nn.Dropout])


def test_one_layer_object_at_two_places_is_refused(key: jax.Array) -> None:
    linear = nn.Linear(4, 4)
    with pytest.raises(InputError, match=r"'0' and at '1'.*share"):
        nn.Sequential(linear, linear).init(key)
    drop = nn.Dropout()
    nn.Sequential(drop, linear, drop).init(key)  # nothing to share


def test_errors_name_the_layer_path(key: jax.Array) -> None:
    net = Net()
    params, state = net.init(key)
    with pytest.raises(InputError, match=r"^fc1 \(Linear\): linear: .*\(3, 5\)"):
        net.apply(params, state, jnp.ones((3, 5)))
    with pytest.raises(InputTypeError, match=r"^fc1 \(Linear\): .*int32"):
        net.apply(params, state, jnp.ones((3, 4), jnp.int32))
    with pytest.raises(InputError, match=r"^blocks\.0\.drop \(Dropout\): .*no key"):
        net.apply(params, state, X, train=True)


def test_an_error_of_the_users_own_code_gets_a_note_with_the_path() -> None:
    class Broken(nn.Model):
        def forward(self, x: jax.Array) -> jax.Array:
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine") as caught:
        run(nn.Sequential(first=Broken()), X)
    assert caught.value.__notes__ == ["In layer first (Broken)."]


def test_params_that_lack_an_array_are_named(key: jax.Array) -> None:
    params, state = Net().init(key)
    del params["blocks"]["1"]["linear"]["bias"]
    del params["blocks"]["0"]["linear"]["weight"]
    with pytest.raises(InputError, match=r"blocks\.0\.linear \(Linear\).*'weight'"):
        Net().apply(params, state, X)


def test_a_missing_forward_is_named() -> None:
    class Empty(nn.Model):
        pass

    with pytest.raises(NotImplementedError, match="Empty has no forward"):
        run(Empty(), X)


def test_repr_reads_as_pytorch() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(drop=nn.Dropout()))
    assert repr(net) == (
        "Sequential(\n"
        "  (0): Linear(2, 3)\n"
        "  (1): Sequential(\n"
        "    (drop): Dropout()\n"
        "  )\n"
        ")"
    )


def test_summary_counts_parameters_and_multiply_adds() -> None:
    table = Net().summary((3, 4), train=True)
    total = 4 * 8 + 8 + 2 * (8 * 8 + 8) + (8 * 2 + 2) + (8 * 3 + 3)
    assert table.params == total
    assert table.params_bytes == 4 * total
    first = table.rows[0]
    assert (first.kind, first.path, first.output) == ("Net", "", ((3, 2),))
    text = str(table)
    assert f"Total params: {total:,}" in text
    assert "linear" in text
    assert "ModuleList" in text


class Counted(nn.Model):
    """Products that are a layer's, a model's own, and those of a loop."""

    def __init__(self):
        self.down = nn.Conv2d(2, 6, 3, groups=2)
        self.up = nn.ConvTranspose2d(6, 4, 2, stride=2)
        self.inner = nn.Sequential(nn.Linear(16, 5, bias=False))
        self.core = nn.RNN(5, 3, batch_first=True)

    def forward(self, x):  # (batch, 2, 10, 10)
        y = self.up(self.down(x))  # (batch, 4, 16, 16)
        y = self.inner(y.reshape(len(x), 64, 16))
        y, _ = self.core(y @ jnp.ones((5, 5)))
        return y


def test_summary_counts_by_definition_wherever_products_are() -> None:
    table = Counted().summary((3, 2, 10, 10))
    counts = {row.path: row.mult_adds for row in table.rows}
    assert counts["down"] == 3 * 6 * 64 * 9
    assert counts["up"] == 3 * 6 * 64 * 4 * 4
    assert counts["inner"] == counts["inner.0"] == 3 * 64 * 16 * 5
    assert counts["core"] == 3 * 64 * 3 * (5 + 3)
    own = counts[""] - sum(counts[n] for n in ("down", "up", "inner", "core"))
    assert own == 3 * 64 * 5 * 5
    assert table.mult_adds == counts[""]


def test_settings_in_dicts_are_hashable_and_frozen() -> None:
    assert hash(Config()) == hash(Config())
    assert pickle.loads(pickle.dumps(Config())) == Config()
    with pytest.raises(InputTypeError, match="cannot be changed"):
        Config().options["name"] = "y"
