"""Note 002, "PyTorch的用法": backward, hooks, views, ways to build a network."""

import warnings
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
import funcnet.compat.utils.data as Data
from funcnet.compat import nn
from funcnet.compat.nn import init


def test_only_scalars_need_no_argument() -> None:
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="only for scalar outputs"):
        (x * 2).backward()


def test_gradients_of_inner_nodes_are_not_kept() -> None:
    x = torch.ones(1, requires_grad=True)
    y = x * 2
    z = y * y
    z.backward()
    assert x.grad.item() == 8
    with pytest.warns(UserWarning, match="not a leaf"):
        assert y.grad is None


def test_two_ways_to_see_them() -> None:
    x = torch.ones(1, requires_grad=True)
    y = x * 2
    y.retain_grad()
    seen: list[Any] = []
    y.register_hook(seen.append)
    z = y * y
    (direct,) = torch.autograd.grad(z, y, retain_graph=True)
    assert y.grad.item() == direct.item() == seen[-1].item() == 4
    z.backward()
    assert seen[-1].item() == 4
    assert y.grad.item() == 8  # what is retained adds up, that of `grad` as well


def test_parameters_require_grad_from_the_start() -> None:
    assert all(p.requires_grad for p in nn.Linear(2, 2).parameters())


def test_the_graph_is_freed() -> None:
    x = torch.ones(1, requires_grad=True)
    y = x * x
    y.backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        y.backward()
    again = x * x  # running the forward pass again makes new nodes
    assert again.grad_fn is not y.grad_fn
    again.backward()
    assert x.grad.item() == 4  # gradients add up


def test_retain_graph_and_its_old_name() -> None:
    x = torch.ones(1, requires_grad=True)
    y = x * x
    y.backward(retain_graph=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        y.backward(retain_variables=True)
    y.backward()
    assert x.grad.item() == 6


def test_max_shares_its_gradient_among_ties() -> None:
    m = torch.tensor([1.0, 3.0, 3.0], requires_grad=True)
    m.max().backward()
    assert m.grad.tolist() == [0, 0.5, 0.5]


def test_clearing_a_gradient() -> None:
    m = torch.autograd.Variable(torch.FloatTensor([[2, 3]]), requires_grad=True)
    (m * m).sum().backward()
    assert m.grad.tolist() == [[4, 6]]
    m.grad.data.zero_()
    assert m.grad.tolist() == [[0, 0]]


def test_a_saved_tensor_must_not_change() -> None:
    x = torch.ones(1, requires_grad=True)
    y = x * 2
    z = y * y
    y.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        z.backward()


def test_a_hook_may_replace_the_gradient() -> None:
    x = torch.ones(1, requires_grad=True)
    handle = x.register_hook(lambda grad: grad * 10)
    (x * 2).backward()
    assert x.grad.item() == 20
    handle.remove()
    (x * 2).backward()
    assert x.grad.item() == 22


def test_view_squeeze_and_max() -> None:
    x = torch.arange(6)
    v = x.view(2, 3)
    v[0, 0] = 100
    assert x[0].item() == 100
    assert v.unsqueeze(0).shape == (1, 2, 3)
    assert v.unsqueeze(0).squeeze().shape == (2, 3)
    values, indices = v.max(1)
    assert (values.tolist(), indices.tolist()) == ([100, 5], [0, 2])
    assert torch.max(v).item() == 100


def test_four_ways_to_build_a_network() -> None:
    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Sequential(
                OrderedDict(
                    [
                        ("conv1", torch.nn.Conv2d(3, 32, 3, 1, 1)),
                        ("relu1", torch.nn.ReLU()),
                        ("pool", torch.nn.MaxPool2d(2)),
                    ]
                )
            )

        def forward(self, x: Any) -> Any:
            return self.conv(x)

    quick = torch.nn.Sequential(torch.nn.Conv2d(3, 32, 3, 1, 1), torch.nn.ReLU())
    named = torch.nn.Sequential()
    named.add_module("conv1", torch.nn.Conv2d(3, 32, 3, 1, 1))
    x = torch.zeros(1, 3, 4, 4)
    assert Net()(x).shape == (1, 32, 2, 2)
    assert quick(x).shape == named(x).shape == (1, 32, 4, 4)
    assert list(Net().state_dict()) == ["conv.conv1.weight", "conv.conv1.bias"]
    assert list(named.state_dict()) == ["conv1.weight", "conv1.bias"]


def test_initialising_one_layer_and_all() -> None:
    conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3)
    with pytest.warns((FutureWarning, DeprecationWarning)):
        init.xavier_uniform(conv1.weight)
    with pytest.warns((FutureWarning, DeprecationWarning)):
        init.constant(conv1.bias, 0.1)
    np.testing.assert_allclose(conv1.bias.detach().numpy(), 0.1)

    def weights_init(m: Any) -> None:
        if isinstance(m, nn.Conv2d):
            init.xavier_uniform_(m.weight.data)
            with pytest.raises(ValueError, match="fewer than 2 dimensions"):
                init.xavier_uniform_(m.bias.data)  # the note's line cannot work

    net = nn.Sequential(conv1)
    assert net.apply(weights_init) is net


def test_batches() -> None:
    x, y = torch.linspace(1, 10, 10), torch.linspace(10, 1, 10)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch_dataset = Data.TensorDataset(data_tensor=x, target_tensor=y)
    loader = Data.DataLoader(
        dataset=torch_dataset, batch_size=5, shuffle=True, num_workers=2
    )
    seen = []
    for step, (batch_x, batch_y) in enumerate(loader):  # noqa: B007
        assert batch_x.shape == batch_y.shape == (5,)
        assert (batch_x + batch_y).tolist() == [11.0] * 5
        seen += batch_x.tolist()
    assert step == 1
    assert sorted(seen) == list(range(1, 11))
