"""Scripts of `weight_norm`, `spectral_norm` and `orthogonal`."""

import copy
from typing import Any

from tests.parity.scripts.common import numbers, refused, saved, script, trained


def layer(lib: Any, kind: str) -> tuple[Any, Any, str]:
    """A layer, an input for it, and the name of the weight that is meant."""
    nn = lib.nn
    if kind == "Linear":
        return nn.Linear(5, 7), numbers(lib, 3, 5), "weight"
    if kind == "Conv2d":
        return nn.Conv2d(3, 4, 3), numbers(lib, 2, 3, 6, 6), "weight"
    if kind == "ConvTranspose2d":
        return nn.ConvTranspose2d(3, 4, 3), numbers(lib, 2, 3, 5, 5), "weight"
    if kind == "Conv1d":
        return nn.Conv1d(3, 20, 3), numbers(lib, 2, 3, 9), "weight"
    if kind == "Embedding":
        return nn.Embedding(6, 4), lib.tensor([[0, 5, 1], [2, 2, 3]]), "weight"
    if kind == "LSTM":
        return nn.LSTM(3, 4), numbers(lib, 5, 2, 3), "weight_hh_l0"
    raise ValueError(kind)


KINDS = ("Linear", "Conv2d", "ConvTranspose2d", "Conv1d", "Embedding", "LSTM")


# --- weight_norm ----------------------------------------------------------------------


@script("nn.utils.weight_norm", *KINDS)
def trained_as_hook(lib: Any, kind: str) -> Any:
    model, x, name = layer(lib, kind)
    return trained(lib, lib.nn.utils.weight_norm(model, name), x)


@script("nn.utils.weight_norm", None, 0, 1, -1)
def along(lib: Any, dim: Any) -> Any:
    model, x, _ = layer(lib, "Linear")
    return trained(lib, lib.nn.utils.weight_norm(model, dim=dim), x)


@script("nn.utils.weight_norm")
def what_it_leaves_behind(lib: Any) -> Any:
    model, x, _ = layer(lib, "Linear")
    lib.nn.utils.weight_norm(model)
    seen = [list(dict(model.named_parameters())), type(model.weight).__name__]
    y, other = model(x), lib.nn.utils.weight_norm(layer(lib, "Linear")[0])
    other.load_state_dict(saved(model))
    uncopied = refused(lambda: copy.deepcopy(model), 60)
    return [*seen, y, other(x), "weight" in model._parameters, uncopied]


@script("nn.utils.weight_norm")
def errors(lib: Any) -> Any:
    utils = lib.nn.utils
    model = utils.weight_norm(layer(lib, "Linear")[0])
    return [
        refused(lambda: utils.weight_norm(model), 70),
        refused(lambda: utils.remove_weight_norm(lib.nn.Linear(1, 1)), 31),
        refused(lambda: utils.weight_norm(lib.nn.LazyLinear(3)), 40),
    ]


@script("nn.utils.remove_weight_norm", *KINDS)
def removed(lib: Any, kind: str) -> Any:
    model, x, name = layer(lib, kind)
    lib.nn.utils.weight_norm(model, name)
    before = trained(lib, model, x)
    lib.nn.utils.remove_weight_norm(model, name)
    return [before, trained(lib, model, x)]


@script("nn.utils.parametrizations.weight_norm", *KINDS)
def trained_parametrized(lib: Any, kind: str) -> Any:
    model, x, name = layer(lib, kind)
    return trained(lib, lib.nn.utils.parametrizations.weight_norm(model, name), x)


@script("nn.utils.parametrizations.weight_norm", None, 1, -1)
def parametrized_along(lib: Any, dim: Any) -> Any:
    model, x, _ = layer(lib, "Conv2d")
    return trained(lib, lib.nn.utils.parametrizations.weight_norm(model, dim=dim), x)


@script("nn.utils.parametrizations.weight_norm")
def loads_the_state_of_the_hook(lib: Any) -> Any:
    old = lib.nn.utils.weight_norm(layer(lib, "Linear")[0])
    new = lib.nn.utils.parametrizations.weight_norm(layer(lib, "Linear")[0])
    told = new.load_state_dict(old.state_dict())
    return [str(told), saved(new), new(layer(lib, "Linear")[1])]


@script("nn.utils.parametrizations.weight_norm")
def removed_again(lib: Any) -> Any:
    model, x, _ = layer(lib, "Conv2d")
    lib.nn.utils.parametrizations.weight_norm(model)
    before = trained(lib, model, x)
    lib.nn.utils.parametrize.remove_parametrizations(model, "weight")
    return [before, trained(lib, model, x)]


# --- spectral_norm --------------------------------------------------------------------


@script("nn.utils.spectral_norm", *KINDS)
def trained_with_hook(lib: Any, kind: str) -> Any:
    model, x, name = layer(lib, kind)
    return trained(lib, lib.nn.utils.spectral_norm(model, name), x)


@script(
    "nn.utils.spectral_norm",
    {"n_power_iterations": 3},
    {"dim": 1},
    {"eps": 1e-3},
    {"dim": 2, "n_power_iterations": 2},
)
def with_settings(lib: Any, settings: Any) -> Any:
    model, x, _ = layer(lib, "Conv2d")
    return trained(lib, lib.nn.utils.spectral_norm(model, **settings), x)


@script("nn.utils.spectral_norm")
def state(lib: Any) -> Any:
    model, x, _ = layer(lib, "Linear")
    lib.nn.utils.spectral_norm(model)
    model(x)
    state = model.state_dict()
    other = lib.nn.utils.spectral_norm(layer(lib, "Linear")[0])
    told = other.load_state_dict(state)
    names = [list(dict(one)) for one in (model.named_parameters(), state)]
    return [*names, str(told), model.eval()(x), other.eval()(x), state._metadata[""]]


@script("nn.utils.spectral_norm")
def state_of_version_none(lib: Any) -> Any:
    """Before 1.0 `weight` was saved, and v was not."""
    model, x, _ = layer(lib, "Linear")
    lib.nn.utils.spectral_norm(model)
    model(x)
    state = model.state_dict()
    state["weight"] = model.weight.detach().clone()
    del state["weight_v"]
    state._metadata[""].pop("spectral_norm")
    told = model.load_state_dict(state)
    del state["weight_u"]
    return [str(told), model.eval()(x), refused(lambda: model.load_state_dict(state))]


@script("nn.utils.spectral_norm")
def spectral_errors(lib: Any) -> Any:
    norm, Linear = lib.nn.utils.spectral_norm, lib.nn.Linear
    return [
        refused(lambda: norm(norm(Linear(2, 3))), 60),
        refused(lambda: norm(Linear(2, 3), n_power_iterations=0), 80),
        refused(lambda: norm(Linear(2, 3, bias=False), "bias"), 60),
        refused(lambda: norm(lib.nn.LazyLinear(3)), 40),
        refused(lambda: lib.nn.utils.remove_spectral_norm(Linear(1, 1)), 33),
    ]


@script("nn.utils.spectral_norm")
def copies(lib: Any) -> Any:
    model, x, _ = layer(lib, "Linear")
    lib.nn.utils.spectral_norm(model)
    model(x)
    with lib.no_grad():
        model(x)
    other = copy.deepcopy(model)
    return [model(x), other(x), saved(model), saved(other)]


@script("nn.utils.spectral_norm")
def in_a_gan(lib: Any) -> Any:
    """Two forward passes before one backward pass, as discriminators do."""
    norm, nn = lib.nn.utils.spectral_norm, lib.nn
    model = nn.Sequential(norm(nn.Linear(5, 8)), nn.ReLU(), norm(nn.Linear(8, 1)))
    optimizer = lib.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        real, fake = model(numbers(lib, 4, 5)), model(numbers(lib, 4, 5, shift=1.0))
        loss = (1 - real).relu().mean() + (1 + fake).relu().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return [losses, saved(model)]


@script("nn.utils.remove_spectral_norm", *KINDS)
def spectral_removed(lib: Any, kind: str) -> Any:
    model, x, name = layer(lib, kind)
    lib.nn.utils.spectral_norm(model, name)
    before = trained(lib, model, x)
    lib.nn.utils.remove_spectral_norm(model, name)
    return [before, trained(lib, model, x)]


# An LSTM of PyTorch looks at its weights several times a call, and each look is a step
# of the power iteration.
@script("nn.utils.parametrizations.spectral_norm", *KINDS[:-1])
def spectral_parametrized(lib: Any, kind: str) -> Any:
    model, x, name = layer(lib, kind)
    return trained(lib, lib.nn.utils.parametrizations.spectral_norm(model, name), x)


@script(
    "nn.utils.parametrizations.spectral_norm",
    {"n_power_iterations": 3},
    {"dim": 1},
    {"dim": -1, "eps": 1e-3},
    {"name": "bias"},
)
def spectral_parametrized_with(lib: Any, settings: Any) -> Any:
    model, x, _ = layer(lib, "Conv2d")
    return trained(
        lib, lib.nn.utils.parametrizations.spectral_norm(model, **settings), x
    )


@script("nn.utils.parametrizations.spectral_norm")
def parametrization_errors(lib: Any) -> Any:
    norm, Linear = lib.nn.utils.parametrizations.spectral_norm, lib.nn.Linear
    return [
        refused(lambda: norm(Linear(2, 3), n_power_iterations=0), 80),
        refused(lambda: norm(Linear(2, 3), "wight"), 60),
        refused(lambda: norm(Linear(2, 3), dim=2), 80),
    ]


# --- orthogonal -----------------------------------------------------------------------

SHAPES = ((4, 4), (6, 3), (3, 6))


@script(
    "nn.utils.parametrizations.orthogonal",
    *[(s, m) for s in SHAPES for m in (None, "matrix_exp", "cayley", "householder")],
)
def orthogonal(lib: Any, case: Any) -> Any:
    (n_out, n_in), which = case
    model = lib.nn.Linear(n_in, n_out)
    lib.nn.utils.parametrizations.orthogonal(model, orthogonal_map=which)
    seen = trained(lib, model, numbers(lib, 5, n_in))
    w = model.weight.detach()
    product = w @ w.mT if n_out < n_in else w.mT @ w
    assert lib.allclose(product, lib.eye(min(n_out, n_in)), atol=1e-5)
    return [seen, w]


@script("nn.utils.parametrizations.orthogonal", "matrix_exp", "cayley", "householder")
def without_trivialization(lib: Any, which: str) -> Any:
    model = lib.nn.Linear(3, 5)
    lib.nn.utils.parametrizations.orthogonal(
        model, orthogonal_map=which, use_trivialization=False
    )
    return trained(lib, model, numbers(lib, 5, 3))


@script("nn.utils.parametrizations.orthogonal", "matrix_exp", "cayley", "householder")
def assigned(lib: Any, which: str) -> Any:
    model = lib.nn.Linear(4, 4)
    lib.nn.utils.parametrizations.orthogonal(model, orthogonal_map=which)
    with lib.no_grad():
        q = lib.linalg.qr(numbers(lib, 4, 4)).Q
        model.weight = q
    return [q, model.weight, saved(model)]


@script("nn.utils.parametrizations.orthogonal")
def in_batches(lib: Any) -> Any:
    class Many(lib.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = lib.nn.Parameter(numbers(lib, 2, 5, 3))

        def forward(self, x: Any) -> Any:
            return x @ self.w

    model = lib.nn.utils.parametrizations.orthogonal(Many(), "w")
    return trained(lib, model, numbers(lib, 2, 4, 5))


@script("nn.utils.parametrizations.orthogonal")
def orthogonal_errors(lib: Any) -> Any:
    make, Linear = lib.nn.utils.parametrizations.orthogonal, lib.nn.Linear

    def assign_without_trivialization() -> None:
        model = make(Linear(4, 4), "weight", "cayley", use_trivialization=False)
        model.weight = lib.eye(4)

    def assign_wrong_shape() -> None:
        make(Linear(4, 4)).weight = lib.eye(3)

    return [
        refused(lambda: make(Linear(2, 3), "bias"), 44),
        refused(lambda: make(Linear(2, 3), "wight"), 60),
        refused(lambda: make(Linear(2, 3), "weight", "caley"), 66),
        refused(assign_without_trivialization, 40),
        refused(assign_wrong_shape, 40),
    ]
