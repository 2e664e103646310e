"""`nn.utils`: what holds without PyTorch beside it; `make parity` compares the rest."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat.nn.utils import parametrizations, parametrize, prune

X = [[1.0, -2.0, 0.5], [0.0, 1.0, 3.0]]


def layer() -> Any:
    torch.manual_seed(0)
    return nn.Linear(3, 2)


# Names of the state, the weight's first row before and after a step of training, and
# the output in evaluation, as PyTorch 2.13 gives them.
NORMED: dict[str, tuple[Callable[[Any], Any], list[str], list[float], list[float]]] = {
    "weight_norm": (
        nn.utils.weight_norm,
        ["bias", "weight_g", "weight_v"],
        [-0.87279, 0.55503, -1.12728, 0.69987],
        [0.62785, -0.02929, 0.46086, -0.42102],
    ),
    "spectral_norm": (
        nn.utils.spectral_norm,
        ["bias", "weight_orig", "weight_u", "weight_v"],
        [-2.28709, 0.71472, -2.95945, 1.09738],
        [0.97926, -1.15665, 2.18859, -1.76319],
    ),
    "parametrized weight_norm": (
        parametrizations.weight_norm,
        [
            "bias",
            "parametrizations.weight.original0",
            "parametrizations.weight.original1",
        ],
        [-0.87279, 0.55503, -1.12728, 0.69987],
        [0.62785, -0.02929, 0.46086, -0.42102],
    ),
    "parametrized spectral_norm": (
        parametrizations.spectral_norm,
        [
            "bias",
            "parametrizations.weight.original",
            "parametrizations.weight.0._u",
            "parametrizations.weight.0._v",
        ],
        [-1.32121, 0.60566, -1.70819, 0.8259],
        [0.16233, 0.55335, 3.02769, -0.68097],
    ),
    "orthogonal, householder": (
        parametrizations.orthogonal,
        ["bias", "parametrizations.weight.original", "parametrizations.weight.0.base"],
        [-1.52997, -0.17847, -1.97863, -0.10183],
        [-0.06294, -1.60018, 3.22164, 0.25902],
    ),
    "orthogonal, cayley": (
        lambda m: parametrizations.orthogonal(m, orthogonal_map="cayley"),
        ["bias", "parametrizations.weight.original", "parametrizations.weight.0.base"],
        [-1.52997, -0.17847, -1.97863, -0.10183],
        [-1.10418, -0.6462, 0.22651, -0.45789],
    ),
    "pruned": (
        lambda m: prune.l1_unstructured(m, "weight", amount=0.5),
        ["bias", "weight_orig", "weight_mask"],
        [-0.86846, 0.03288, -1.12728, 0.45777],
        [0.15615, -0.07183, 1.43958, 0.35964],
    ),
}


@pytest.mark.parametrize("name", NORMED)
def test_normed_layers_train_as_in_pytorch(name: str) -> None:
    make, names, before, after = NORMED[name]
    model = make(layer())
    assert list(model.state_dict()) == names
    x = torch.tensor(X)
    assert model(x).flatten().tolist() == pytest.approx(before, abs=1e-5)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model(x).square().sum().backward()
    optimizer.step()
    assert model.eval()(x).flatten().tolist() == pytest.approx(after, abs=1e-5)


@pytest.mark.parametrize(
    ("put", "remove"),
    [
        (nn.utils.weight_norm, nn.utils.remove_weight_norm),
        (nn.utils.spectral_norm, nn.utils.remove_spectral_norm),
        (
            lambda m: prune.l1_unstructured(m, "weight", 3),
            lambda m: prune.remove(m, "weight"),
        ),
        (
            parametrizations.weight_norm,
            lambda m: parametrize.remove_parametrizations(m, "weight"),
        ),
    ],
)
def test_what_is_removed_leaves_a_plain_layer(put: Any, remove: Any) -> None:
    model = put(layer()).eval()
    x = torch.tensor(X)
    wanted = model(x).tolist()
    remove(model)
    assert sorted(model.state_dict()) == ["bias", "weight"]
    assert type(model) is nn.Linear
    assert isinstance(model.weight, nn.Parameter)
    assert not model._forward_pre_hooks
    assert not model._state_dict_hooks
    assert model(x).tolist() == [pytest.approx(row) for row in wanted]
    pickle.loads(pickle.dumps(model))


def test_spectral_norm_bounds_the_largest_singular_value() -> None:
    model = nn.utils.spectral_norm(nn.Linear(6, 4), n_power_iterations=30)
    model(torch.ones(1, 6))
    assert torch.linalg.matrix_norm(model.weight, 2).item() == pytest.approx(
        1, rel=1e-3
    )


def test_orthogonal_weights_stay_orthogonal() -> None:
    model = parametrizations.orthogonal(nn.Linear(3, 5))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(3):
        model(torch.tensor(X)).square().sum().backward()
        optimizer.step()
    w = model.weight
    assert torch.allclose(w.T @ w, torch.eye(3), atol=1e-5)


def test_parametrized_modules_are_copied_and_not_pickled() -> None:
    model = parametrizations.spectral_norm(layer())
    other = copy.deepcopy(model)
    assert type(other) is type(model)
    assert torch.equal(other.eval().weight, model.eval().weight)
    with pytest.raises(RuntimeError, match="only supported through state_dict"):
        pickle.dumps(model)


def test_cached_forgets_at_the_end_of_the_outermost_block() -> None:
    model = parametrizations.weight_norm(layer())
    with parametrize.cached():
        first = model.weight
        with parametrize.cached():
            assert model.weight is first
        assert model.weight is first
    assert model.weight is not first


def test_a_bias_that_is_assigned_later_is_added() -> None:
    model = nn.Linear(3, 2, bias=False)
    without = model(torch.tensor(X))
    model.bias = nn.Parameter(torch.tensor([1.0, 2.0]))
    assert torch.equal(model(torch.tensor(X)), without + model.bias)
    assert list(model.state_dict()) == ["weight", "bias"]


def test_a_parameter_that_is_replaced_keeps_its_place() -> None:
    model = layer()
    model.weight = nn.Parameter(torch.zeros(2, 3))
    assert list(model.state_dict()) == ["weight", "bias"]


def test_pruned_weights_stay_zero_in_training() -> None:
    model = prune.l1_unstructured(layer(), "weight", amount=0.5)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    zero = model.weight == 0
    assert int(zero.sum()) == 3
    for _ in range(3):
        model(torch.tensor(X)).square().sum().backward()
        optimizer.step()
    model(torch.tensor(X))
    assert torch.equal(model.weight == 0, zero)
    assert prune.is_pruned(model)


def test_an_error_in_pruning_changes_nothing() -> None:
    model = layer()
    with pytest.raises(ValueError, match="amount=100 should be smaller"):
        prune.l1_unstructured(model, "weight", amount=100)
    assert list(model.state_dict()) == ["weight", "bias"]
    prune.random_unstructured(model, "weight", amount=1)
    hooks = list(model._forward_pre_hooks)
    with pytest.raises(ValueError, match="smaller than"):
        prune.ln_structured(model, "weight", amount=5, n=2, dim=0)
    assert list(model._forward_pre_hooks) == hooks


def test_global_pruning_compares_all_tensors() -> None:
    small, large = nn.Linear(4, 4, bias=False), nn.Linear(4, 4, bias=False)
    with torch.no_grad():
        small.weight.fill_(0.1)
        large.weight.fill_(1.0)
    chosen = [(small, "weight"), (large, "weight")]
    prune.global_unstructured(chosen, prune.L1Unstructured, amount=0.5)
    assert small.weight.count_nonzero() == 0
    assert large.weight.count_nonzero() == 16


@pytest.mark.parametrize("what", [float("inf"), float("nan")])
def test_clipping_says_what_is_not_finite(what: float) -> None:
    p = nn.Parameter(torch.ones(2))
    p.grad = torch.tensor([1.0, what])
    with pytest.raises(RuntimeError, match=r"norm of order 2\.0 for"):
        nn.utils.clip_grad_norm_([p], 1.0, error_if_nonfinite=True)
    assert p.grad[0] == 1


def test_clipping_nothing_warns_about_a_generator_that_is_empty() -> None:
    with pytest.warns(UserWarning, match="empty generator"):
        nn.utils.clip_grad_norm_((p for p in ()), 1.0)


def test_skip_init_draws_nothing() -> None:
    torch.manual_seed(0)
    nn.utils.skip_init(nn.Linear, 30, 40)
    nn.utils.skip_init(nn.BatchNorm2d, 3)
    after = torch.rand(3)
    torch.manual_seed(0)
    assert torch.equal(after, torch.rand(3))


def test_functional_call_takes_the_tensors_and_gives_them_back() -> None:
    model = layer()
    before = model.weight
    given = {"weight": torch.ones(2, 3, requires_grad=True)}
    y = torch.func.functional_call(model, given, torch.tensor(X))
    y.sum().backward()
    assert model.weight is before
    assert before.grad is None
    assert given["weight"].grad.tolist() == [[1, -1, 3.5]] * 2
    with pytest.raises(RuntimeError, match=r"Did you mean 'weight'.*\n.*Missing"):
        torch.func.functional_call(model, {"wieght": before}, X, strict=True)


def test_uninitialized_parameters_say_what_to_do() -> None:
    p = nn.UninitializedParameter()
    with pytest.raises(RuntimeError, match="Can't access the shape"):
        print(p.shape)
    with pytest.raises(ValueError, match="uninitialized parameter"):
        p.sum()
    p.materialize((2, 3))
    assert type(p) is nn.Parameter
    assert p.shape == (2, 3)
