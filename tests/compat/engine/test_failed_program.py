"""A program that cannot be built leaves everything else as it was."""

import random

import jax
import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat._engine.op import Op
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tiers import tier


@pytest.fixture(autouse=True, params=["compile", "interpret"])
def compiled(request):
    """Run each test in both tiers."""
    with tier(request.param):
        yield


@jax.custom_jvp
def _without_slope(x):
    return 2 * x


@_without_slope.defjvp
def _refuse(primals, tangents):
    raise ValueError("no slope")


_BAD = Op("bad", _without_slope)


def failing():
    """A tensor that is recorded, and cannot be computed."""
    w = torch.ones(3, requires_grad=True)
    return torch.autograd.grad(record_op(_BAD, (w,)).sum(), w)[0]


def test_the_error_names_the_operation():
    with pytest.raises(RuntimeError, match="bad cannot be computed: no slope"):
        failing().tolist()


@pytest.mark.parametrize("look", [lambda x: x.numpy(), lambda x: np.array(x.tolist())])
def test_what_was_pending_is_there_afterwards(look):
    x = torch.arange(3.0)
    y, view = x * 2, (x + 1)[1:]
    with pytest.raises(RuntimeError, match="bad"):
        failing().tolist()
    assert look(y).tolist() == [0, 2, 4]
    assert look(view).tolist() == [2, 3]
    assert look(y * 2 + x).tolist() == [0, 5, 10]


def test_training_goes_on_after_a_program_that_failed():
    layer = torch.nn.Linear(3, 1, bias=False)
    torch.nn.init.ones_(layer.weight)
    opt = torch.optim.SGD(layer.parameters(), lr=0.5, momentum=0.5)
    layer(torch.ones(1, 3)).sum().backward()
    with pytest.raises(RuntimeError, match="bad"):
        failing().tolist()
    opt.step()
    opt.step()
    assert layer.weight.tolist() == [[-0.25] * 3]


@pytest.mark.parametrize("seed", range(8))
def test_random_programs_lose_only_what_depends_on_the_failure(seed):
    draw = random.Random(seed)
    tensors = [torch.arange(3.0) + i for i in range(3)]
    wanted = [np.arange(3.0) + i for i in range(3)]
    fails_at = draw.randrange(8)
    for step in range(10):
        if step == fails_at:
            tensors.append(failing())
            wanted.append(None)
            continue
        i, j = draw.randrange(len(tensors)), draw.randrange(len(tensors))
        a, b = wanted[i], wanted[j]
        lost = a is None or b is None
        kind = draw.choice(("add", "multiply", "in place", "view"))
        if kind == "add":
            tensors.append(tensors[i] + tensors[j])
            wanted.append(None if lost else a + b)
        elif kind == "multiply":
            tensors.append(tensors[i] * 0.5)
            wanted.append(None if a is None else a * 0.5)
        elif kind == "in place":
            tensors[i].add_(tensors[j])
            wanted[i] = None if lost else a + b
        else:
            tensors[i][:1].mul_(2)
            wanted[i] = None if a is None else a * [2, 1, 1]
    order = list(range(len(tensors)))
    draw.shuffle(order)
    with pytest.raises(RuntimeError, match="bad"):
        [tensors[i].tolist() for i in order]
    for i in order:
        if wanted[i] is None:
            with pytest.raises(RuntimeError, match="bad"):
                tensors[i].numpy()
        else:
            np.testing.assert_allclose(tensors[i].numpy(), wanted[i])


# --- derivatives that there are, and that there are not ---


def test_erfcx_has_further_derivatives():
    x = torch.tensor([0.2, 0.9], requires_grad=True)
    y = torch.special.erfcx(x)
    for wanted in (
        [-0.804771, -0.306622],
        [1.296131, 0.361143],
        [-2.700633, -0.576431],
    ):
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
        np.testing.assert_allclose(y.detach().numpy(), wanted, rtol=1e-4)


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (torch.igamma, "igamma: input"),
        (torch.igammac, "igammac: input"),
        (torch.special.zeta, "zeta"),
    ],
)
def test_derivative_that_pytorch_lacks_is_refused(call, what):
    x, y = (torch.tensor([1.5], requires_grad=flag) for flag in (True, False))
    with pytest.raises(NotImplementedError, match=f"derivative for '{what}' is not"):
        call(x, y + 1).backward()
    assert call(y, y + 1).shape == (1,)
