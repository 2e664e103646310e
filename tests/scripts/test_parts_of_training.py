"""Note 000, "Pytorch初学总结": the parts of a training script, and arange and range."""

import argparse
import logging
import os
from pathlib import Path
from typing import Any

import pytest

import funcnet.compat as torch


def test_the_quick_way_to_build_a_network() -> None:
    model = torch.nn.Sequential(
        torch.nn.Linear(1, 10), torch.nn.ReLU(), torch.nn.Linear(10, 1)
    )
    assert model(torch.zeros(4, 1)).shape == (4, 1)


def test_cuda_or_not() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--no-cuda", action="store_true")
    args = parser.parse_args(["--no-cuda"])
    args.cuda = not args.no_cuda and torch.cuda.is_available()
    model, data = torch.nn.Linear(1, 1), torch.zeros(1)
    if args.cuda:
        model.cuda()
        data = data.cuda()
    assert args.cuda is False
    assert not data.is_cuda


def test_training_and_evaluation_mode() -> None:
    model = torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.BatchNorm1d(3))
    assert model.train() is model
    assert all(m.training for m in model.modules())
    assert model.eval() is model
    assert not any(m.training for m in model.modules())


def test_the_flow_of_training(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    torch.manual_seed(0)
    data = torch.utils.data.TensorDataset(torch.linspace(-1, 1, 32).view(-1, 1))
    trainloader = torch.utils.data.DataLoader(data, batch_size=8, shuffle=True)
    model = torch.nn.Sequential(
        torch.nn.Linear(1, 10), torch.nn.ReLU(), torch.nn.Linear(10, 1)
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    model.train()
    losses = []
    for _ in range(30):
        for i, (x,) in enumerate(trainloader, 0):
            optimizer.zero_grad()
            loss = torch.nn.functional.mse_loss(model(x), x**2)
            loss.backward()
            optimizer.step()
            if i == 0:
                losses.append(loss.item())
                logging.getLogger(__name__).info("loss %.4f", loss)
    assert losses[-1] < losses[0] / 4


def test_a_function_with_a_gradient_of_its_own() -> None:
    class Exp(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            result = x.exp()
            ctx.save_for_backward(result)
            return result

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            (result,) = ctx.saved_tensors
            return grad * result

    x = torch.ones(2, requires_grad=True)
    Exp.apply(x).sum().backward()
    assert torch.allclose(x.grad, torch.ones(2).exp())


def test_a_missing_file(tmp_path: Path) -> None:
    img_path = tmp_path / "none.png"
    with pytest.raises(AssertionError, match=r"Not found image -->.*none\.png"):
        assert os.path.isfile(img_path), "Not found image -->{}".format(img_path)  # noqa: UP032


def test_arange_and_range() -> None:
    assert repr(torch.arange(1, 3)) == "tensor([1, 2])"
    with pytest.warns(UserWarning, match=r"torch.range is deprecated"):
        assert repr(torch.range(1, 3)) == "tensor([1., 2., 3.])"
