"""Note 001, "pytorch 学习": tensors, Variable, modules, losses, optimizers.

Every line of the note runs, with its misprints mended; what a misprint answers is
tested beside it.
"""

from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat.autograd import Variable


def test_tensors() -> None:
    a = torch.Tensor([[2, 3], [4, 5], [6, 7]])
    b = torch.LongTensor([[2, 3], [4, 5], [6, 7]])
    c = torch.zeros((3, 2))
    d = torch.randn((3, 2))
    a[0, 1] = 100
    assert a.tolist() == [[2, 100], [4, 5], [6, 7]]
    assert (a.dtype, b.dtype) == (torch.float32, torch.int64)
    assert c.shape == d.shape == (3, 2)


def test_to_numpy_and_back() -> None:
    b = torch.LongTensor([[2, 3], [4, 5], [6, 7]])
    n_b = b.numpy()
    e = np.array([[2, 3], [4, 5]])
    t_e = torch.from_numpy(e)
    n_b[0, 0] = -1
    e[1, 1] = 50
    assert b[0, 0].item() == -1  # the memory is shared both ways
    assert t_e[1, 1].item() == 50


def test_casts() -> None:
    a = torch.Tensor([[2, 3], [4, 5]])
    t_e = torch.from_numpy(np.array([[2, 3], [4, 5]]))
    assert a.float() is a
    assert t_e.float().dtype == torch.float32


def test_gpu_if_there_is_one() -> None:
    a = torch.Tensor([1])
    if torch.cuda.is_available():
        assert a.cuda().is_cuda
    else:
        with pytest.raises(RuntimeError, match="CUDA"):
            a.cuda()


def test_gradients_of_a_line() -> None:
    x = Variable(torch.Tensor([1]), requires_grad=True)
    w = Variable(torch.Tensor([2]), requires_grad=True)
    b = Variable(torch.Tensor([3]), requires_grad=True)
    y = w * x + b
    y.backward()
    assert (x.grad.tolist(), w.grad.tolist(), b.grad.tolist()) == ([2], [1], [1])


def test_a_misspelt_keyword_is_answered() -> None:
    with pytest.raises(TypeError, match="Did you mean 'requires_grad'"):
        Variable(torch.Tensor([1]), requries_grad=True)


def test_backward_with_a_vector() -> None:
    x = torch.randn(3)
    x = Variable(x, requires_grad=True)
    y = x * 2
    y.backward(torch.FloatTensor([1, 0.1, 0.01]))
    np.testing.assert_allclose(x.grad.numpy(), [2.0, 0.2, 0.02], rtol=1e-6)


def test_a_misspelt_method_is_answered() -> None:
    with pytest.raises(AttributeError, match="backward"):
        torch.ones(1).bachward()


class XxxNet(nn.Module):
    def __init__(self, **args: Any) -> None:
        super(XxxNet, self).__init__(**args)  # noqa: UP008 - as the note has it
        self.conv1 = nn.Conv2d(3, 6, 5)

    def forward(self, x: Any) -> Any:
        x = self.conv1(x)
        return x  # noqa: RET504


def test_a_module() -> None:
    assert XxxNet()(torch.zeros(2, 3, 8, 8)).shape == (2, 6, 4, 4)
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        XxxNet(depth=3)


def test_loss_and_optimizer() -> None:
    model = XxxNet()
    criterion = nn.CrossEntropyLoss()
    output = model(torch.randn(2, 3, 8, 8)).mean((2, 3))
    target = torch.tensor([1, 4])
    loss = criterion(output, target)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    before = model.conv1.bias.detach().clone()
    loss.backward()
    optimizer.step()
    assert not torch.equal(before, model.conv1.bias)


@pytest.fixture(autouse=True)
def same_numbers() -> None:
    torch.manual_seed(0)


def test_what_torch_load_state_dic_was_meant_to_be() -> None:
    with pytest.raises(AttributeError, match="load_state_dict"):
        torch.load_state_dic  # noqa: B018
