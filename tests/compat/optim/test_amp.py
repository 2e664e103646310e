"""`torch.amp`: what is computed in which precision, and scaled losses."""

import warnings
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.compat import nn

F = nn.functional


def half() -> Any:
    return torch.ones(2, 2) @ torch.ones(2, 2)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (half, "bfloat16"),
        (lambda: nn.Linear(2, 2)(torch.ones(1, 2)), "bfloat16"),
        (lambda: torch.softmax(half(), -1), "bfloat16"),
        (lambda: half() + torch.ones(2), "float32"),
        (lambda: half().prod(), "float32"),
        (lambda: F.mse_loss(half(), half()), "float32"),
        (lambda: F.cross_entropy(half(), torch.tensor([0, 1])), "float32"),
        (lambda: torch.linalg.inv(half() + torch.eye(2)), "float32"),
        (lambda: torch.ones(2, 2).double() @ torch.ones(2, 2).double(), "float64"),
    ],
)
def test_dtypes_on_cpus_are_pytorchs(call: Any, kind: str) -> None:
    with torch.autocast("cpu"):
        assert call().dtype is getattr(torch, kind)


def test_gpus_and_cpus_are_switched_apart() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch.autocast("cpu"), torch.autocast("cuda"):
            assert half().dtype is torch.bfloat16
        with torch.autocast("cpu"), torch.cuda.amp.autocast(enabled=False):
            assert half().dtype is torch.bfloat16
            with torch.cpu.amp.autocast(False):
                assert half().dtype is torch.float32
    assert half().dtype is torch.float32
    assert not torch.is_autocast_enabled("cpu")


def test_the_scale_does_not_overflow_a_loss_in_float16() -> None:
    scaler = torch.amp.GradScaler("cpu")
    loss = torch.tensor(2.0, dtype=torch.float16)
    assert scaler.scale(loss).item() == 2**17


def test_a_step_that_is_not_finite_is_left_out() -> None:
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=4.0, growth_interval=2)
    before = model.weight.tolist()
    scaler.scale(model(torch.ones(1, 2)).sum() * float("inf")).backward()
    scaler.step(optimizer)
    scaler.update()
    assert model.weight.tolist() == before
    assert scaler.get_scale() == 2
    for _ in range(2):
        optimizer.zero_grad()
        scaler.scale(model(torch.ones(1, 2)).sum()).backward()
        scaler.step(optimizer)
        scaler.update()
    assert scaler.get_scale() == 4
    assert model.weight.tolist()[0] == pytest.approx([w - 0.2 for w in before[0]])


def test_a_gradient_has_the_dtype_of_its_input() -> None:
    class Product(torch.autograd.Function):
        @staticmethod
        @torch.amp.custom_fwd(device_type="cpu")
        def forward(ctx: Any, x: Any) -> Any:
            return x @ x

        @staticmethod
        @torch.amp.custom_bwd(device_type="cpu")
        def backward(ctx: Any, grad: Any) -> Any:
            return grad @ torch.ones(2, 2)

    x = torch.ones(2, 2, requires_grad=True)
    with torch.autocast("cpu"):
        y = Product.apply(x)
    assert y.dtype is torch.bfloat16
    y.sum().backward()
    assert x.grad.dtype is torch.float32
