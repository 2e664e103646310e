"""Layers of a `Sequential` recorded as one operation: nobody can tell."""

from collections.abc import Callable
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._core.context import thread


def network() -> Any:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3),
        nn.ReLU(),
        nn.BatchNorm2d(2),
        nn.Flatten(),
        nn.Linear(18, 4),
        nn.Tanh(),
        nn.Dropout(0.0),
        nn.Linear(4, 3, bias=False),
        nn.Softplus(),
    )


def gradients(net: Any, call: Callable[[Any], Any]) -> list[Any]:
    net.zero_grad()
    x = torch.arange(50.0).reshape(2, 1, 5, 5).requires_grad_()
    output = call(x)
    output.pow(2).sum().backward()
    return [output.tolist(), x.grad.tolist(), *[p.grad for p in net.parameters()]]


def test_a_row_computes_what_its_layers_do() -> None:
    net = network()

    def one_by_one(x: Any) -> Any:
        for module in net:
            x = module(x)
        return x

    for result, wanted in zip(
        gradients(net, net), gradients(net, one_by_one), strict=True
    ):
        assert torch.allclose(torch.as_tensor(result), torch.as_tensor(wanted))


def test_a_row_is_one_operation() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2), nn.Sigmoid())
    x = torch.ones(1, 2)
    float(net(x).sum())
    before = len(thread.context.pending)
    output = net(x)
    assert len(thread.context.pending) == before + 1
    assert output.grad_fn.name() == net[-1](net[0](x)).grad_fn.name()


def test_hooks_see_between_the_layers() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
    seen = []
    handle = net[1].register_forward_hook(lambda m, x, y: seen.append(y.shape))
    net(torch.ones(3, 2))
    handle.remove()
    net(torch.ones(4, 2))
    assert seen == [(3, 2)]


def test_a_class_of_the_users_is_called() -> None:
    class Doubled(nn.Linear):
        def forward(self, input: Any) -> Any:
            return 2 * super().forward(input)

    plain = nn.Linear(1, 1)
    doubled = Doubled(1, 1)
    doubled.load_state_dict(plain.state_dict())
    x = torch.ones(1, 1)
    chained = nn.Sequential(nn.ReLU(), doubled, nn.Identity())
    assert chained(x).item() == pytest.approx(2 * plain(x).item())


def test_an_inplace_layer_still_writes_into_its_input() -> None:
    x = torch.tensor([-1.0, 2.0])
    nn.Sequential(nn.ReLU(inplace=True), nn.Tanh())(x)
    assert x.tolist() == [0, 2]


def test_an_error_is_that_of_the_layer() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(4, 1))
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes"):
        net(torch.ones(5, 2))


def test_a_parametrized_layer_is_computed_from_its_originals() -> None:
    class Symmetric(nn.Module):
        def forward(self, x: Any) -> Any:
            return x.triu() + x.triu(1).T

    layer = nn.Linear(3, 3, bias=False)
    nn.utils.parametrize.register_parametrization(layer, "weight", Symmetric())
    net = nn.Sequential(layer, nn.ReLU())
    x = torch.eye(3)
    assert torch.equal(net(x), layer.weight.T.relu())
    net(x).sum().backward()
    assert layer.parametrizations.weight.original.grad.tril(-1).abs().sum() == 0


@pytest.mark.parametrize(
    "normed", [nn.utils.weight_norm, nn.utils.parametrizations.weight_norm]
)
def test_weight_norm_keeps_the_weight(normed: Any) -> None:
    layer = nn.Linear(3, 2)
    x = torch.ones(1, 3)
    wanted = layer(x).tolist()
    assert normed(layer)(x).tolist() == [pytest.approx(row) for row in wanted]
