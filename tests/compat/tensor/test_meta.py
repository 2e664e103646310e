"""The meta device: tensors with a shape and a dtype, and no numbers."""

import copy
import io
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
import funcnet.compat.nn.functional as F
from funcnet.compat import nn


def meta(*shape: int, **settings: Any) -> Any:
    return torch.ones(*shape, device="meta", **settings)


MADE: dict[str, Callable[[], Any]] = {
    "zeros": lambda: torch.zeros(2, device="meta"),
    "full": lambda: torch.full((2,), 3.0, device="meta"),
    "arange": lambda: torch.arange(2.0, device="meta"),
    "tensor": lambda: torch.tensor([1.0, 2.0], device="meta"),
    "drawn": lambda: torch.randn(2, device="meta"),
    "in place": lambda: torch.empty(2, device="meta").uniform_(),
    "like another": lambda: torch.rand_like(meta(2)),
    "new": lambda: meta(1).new_ones(2),
    "moved": lambda: torch.ones(2).to("meta"),
    "cast": lambda: meta(2, dtype=torch.int64).float(),
    "operator": lambda: 2 * meta(2) + 1,
    "scalar of the CPU": lambda: torch.tensor(1.0) + meta(2),
    "product": lambda: meta(2, 3) @ meta(3),
    "view": lambda: meta(2, 2).T[0],
    "written": lambda: meta(2).fill_(3),
    "copied": lambda: meta(2).copy_(torch.ones(2)),
    "indexed": lambda: meta(3)[torch.tensor([0, 1])],
    "layer": lambda: nn.Linear(3, 2, device="meta")(meta(3)).detach(),
    "looked up": lambda: F.embedding(torch.tensor(0), meta(3, 2)),
    "deep copy": lambda: copy.deepcopy(meta(2)),
    "pickle": lambda: pickle.loads(pickle.dumps(meta(2))),
}


@pytest.mark.parametrize("case", MADE)
def test_tensors_without_numbers(case: str) -> None:
    x = MADE[case]()
    assert x.is_meta
    assert x.device == torch.device("meta")
    assert repr(x) == "tensor(..., device='meta', size=(2,))"


def test_how_they_print() -> None:
    assert str(meta()) == f"{meta()}" == "tensor(..., device='meta', size=())"
    whole = "tensor(..., device='meta', size=(1,), dtype=torch.int64)"
    assert repr(meta(1, dtype=torch.int64)) == whole
    grown = meta(1, requires_grad=True) * 2
    assert repr(grown) == (
        "tensor(..., device='meta', size=(1,), grad_fn=<MulBackward0>)"
    )


def test_size_costs_nothing() -> None:
    x = torch.ones(10**7, 10**7, device="meta")
    assert (x * 2).sum().shape == ()
    assert x.untyped_storage().nbytes() == 4 * 10**14
    assert x.data_ptr() == 0


REFUSED: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "item": (
        lambda: meta().item(),
        RuntimeError,
        r"Tensor\.item\(\) cannot be called on meta tensors",
    ),
    "condition": (lambda: bool(meta()), RuntimeError, "cannot be called on meta"),
    "number": (lambda: float(meta()), RuntimeError, "cannot be called on meta"),
    "list": (lambda: meta(2).tolist(), NotImplementedError, "Cannot copy out of meta"),
    "numpy": (
        lambda: np.asarray(meta(2)),
        TypeError,
        "can't convert meta device type tensor to numpy",
    ),
    "moved": (lambda: meta(2).cpu(), NotImplementedError, "Cannot copy out of meta"),
    "copied": (
        lambda: torch.ones(2).copy_(meta(2)),
        NotImplementedError,
        "Cannot copy out of meta",
    ),
    "mixed": (
        lambda: meta(2) + torch.ones(2),
        RuntimeError,
        "Tensor on device cpu is not on the expected device meta!",
    ),
    "mixed in a layer": (
        lambda: nn.Linear(2, 2, device="meta")(torch.ones(2)),
        RuntimeError,
        "Tensor on device meta is not on the expected device cpu!",
    ),
    "module": (
        lambda: nn.Linear(2, 2, device="meta").to("cpu"),
        NotImplementedError,
        r"Please use torch\.nn\.Module\.to_empty\(\) instead",
    ),
    "state": (
        lambda: nn.Linear(2, 2).load_state_dict(
            nn.Linear(2, 2, device="meta").state_dict()
        ),
        RuntimeError,
        "an exception occurred : .'Cannot copy out of meta tensor; no data!'",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_there_are_no_numbers_to_have(case: str) -> None:
    call, kind, said = REFUSED[case]
    with pytest.raises(kind, match=said):
        call()


def test_nothing_is_drawn_for_them() -> None:
    torch.manual_seed(0)
    wanted = torch.rand(2).tolist()
    torch.manual_seed(0)
    nn.Linear(3, 3, device="meta")
    torch.randn(2, device="meta").normal_()
    assert torch.rand(2).tolist() == wanted


def test_the_device_of_a_block() -> None:
    with torch.device("meta"):
        assert nn.Linear(2, 2).weight.is_meta
        assert torch.arange(2).is_meta
        assert not torch.zeros(1, device="cpu").is_meta
        assert not torch.Tensor(2).is_meta
        with torch.device("cpu"):
            assert not torch.ones(1).is_meta
    assert not torch.ones(1).is_meta


def test_models_are_filled_later() -> None:
    net = nn.Linear(2, 2, device="meta")
    state = nn.Linear(2, 2).state_dict()
    with pytest.warns(UserWarning, match="from a non-meta parameter in the checkpoint"):
        net.load_state_dict(state)
    assert net.weight.is_meta
    net.load_state_dict(state, assign=True)
    assert type(net.weight) is nn.Parameter
    assert net.weight.tolist() == state["weight"].tolist()
    empty = nn.Linear(2, 2, device="meta")
    assert empty.to_empty(device="cpu") is empty
    assert not empty.weight.is_meta
    assert empty.weight.requires_grad


def test_files_are_read_without_their_numbers() -> None:
    file = io.BytesIO()
    torch.save(nn.Linear(2, 3).state_dict(), file)
    file.seek(0)
    result = torch.load(file, map_location="meta")
    assert {k: (v.is_meta, tuple(v.shape)) for k, v in result.items()} == {
        "weight": (True, (3, 2)),
        "bias": (True, (3,)),
    }


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_a_training_step_without_numbers(optimizer: str) -> None:
    net = nn.Sequential(nn.Linear(3, 3, device="meta"), nn.ReLU())
    step = getattr(torch.optim, optimizer)(net.parameters(), lr=0.1)
    net(meta(2, 3)).sum().backward()
    step.step()
    assert net[0].weight.grad.shape == (3, 3)
    assert net[0].weight.is_meta
