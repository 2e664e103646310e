"""Note 003: tensors made directly, Variable, and the frame of a training script."""

from typing import Any

import numpy as np

import funcnet.compat as torch
from funcnet.compat import nn, optim
from funcnet.compat.autograd import Variable


def test_tensors_made_directly() -> None:
    tensor = torch.Tensor(5, 3)
    assert tensor.shape == (5, 3)
    tensor = torch.Tensor(5, 3).uniform_(-1, 1)
    assert tensor.min().item() >= -1
    assert tensor.max().item() < 1


def test_variables() -> None:
    train_x, train_y = torch.ones(2), torch.ones(2)
    x = Variable(train_x)
    y = Variable(train_y, requires_grad=False)
    # The note says that the first is updated: a plain Variable does not require grad.
    assert not x.requires_grad
    assert not y.requires_grad


def test_the_frame_of_a_training_script() -> None:
    torch.manual_seed(0)
    learning_rate, batch_size, device_ids = 0.05, 8, [0]
    data = torch.utils.data.TensorDataset(torch.randn(64, 4), torch.arange(64) % 3)
    train_loader = torch.utils.data.DataLoader(
        data,
        batch_size=batch_size * len(device_ids),
        shuffle=True,
        num_workers=2,
        pin_memory=False,
    )
    val_loader = torch.utils.data.DataLoader(data)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=learning_rate, momentum=0.9)
    best_acc1 = 0.0
    checkpoint: dict[str, Any] = {}
    for epoch in range(2):
        adjust_learning_rate(optimizer, epoch, learning_rate=learning_rate)
        train(train_loader, model, criterion, optimizer)
        acc1 = validate(val_loader, model)
        best_acc1 = max(acc1, best_acc1)
        checkpoint = {
            "epoch": epoch + 1,
            "arch": "mlp",
            "state_dict": model.state_dict(),
            "best_acc1": best_acc1,
            "optimizer": optimizer.state_dict(),
        }
    assert optimizer.param_groups[0]["lr"] == learning_rate * 0.1
    assert list(checkpoint["state_dict"]) == [
        "0.weight",
        "0.bias",
        "2.weight",
        "2.bias",
    ]
    assert set(checkpoint["optimizer"]) == {"state", "param_groups"}


def adjust_learning_rate(optimizer: Any, epoch: int, learning_rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = learning_rate * 0.1**epoch


def train(train_loader: Any, model: Any, criterion: Any, optimizer: Any) -> None:
    for x, y in train_loader:
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def validate(val_loader: Any, model: Any) -> float:
    with torch.no_grad():
        right = [(model(x).argmax(1) == y).item() for x, y in val_loader]
    return float(np.mean(right))
