"""Note 003: tensors made directly, Variable, and the frame of a training script."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import funcnet.compat as torch
from funcnet.compat import nn, optim, torchvision
from funcnet.compat.autograd import Variable
from funcnet.compat.torchvision import transforms


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


def draw_images(folder: Path) -> Path:
    """A few bright and dark images of each class."""
    draw = np.random.default_rng(0)
    for split, count in (("train", 12), ("val", 4)):
        for name, level in (("day", 180), ("night", 20)):
            (folder / split / name).mkdir(parents=True)
            for n in range(count):
                pixels = draw.integers(level, level + 60, (40, 36, 3), dtype=np.uint8)
                Image.fromarray(pixels).save(folder / split / name / f"{n}.png")
    return folder


@pytest.mark.parametrize("workers", [0, 2])
def test_the_frame_of_a_training_script(tmp_path: Path, workers: int) -> None:
    torch.manual_seed(0)
    learning_rate, batch_size, device_ids = 0.05, 8, [0]
    folder = draw_images(tmp_path)
    train_dir, val_dir = folder / "train", folder / "val"
    normalize = transforms.Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])
    # The sizes are an eighth of the note's.
    change = [
        transforms.Resize(32),
        transforms.CenterCrop(28),
        transforms.ToTensor(),
        normalize,
    ]
    trainset = torchvision.datasets.ImageFolder(train_dir, transforms.Compose(change))
    train_loader = torch.utils.data.DataLoader(
        trainset,
        batch_size=batch_size * len(device_ids),
        shuffle=True,
        num_workers=workers,
        pin_memory=False,
    )
    val_loader = torch.utils.data.DataLoader(
        torchvision.datasets.ImageFolder(val_dir, transforms.Compose(change))
    )
    model = nn.Sequential(nn.AvgPool2d(7), nn.Flatten(), nn.Linear(48, 2))
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
            "arch": "linear",
            "state_dict": model.state_dict(),
            "best_acc1": best_acc1,
            "optimizer": optimizer.state_dict(),
        }
    assert optimizer.param_groups[0]["lr"] == learning_rate * 0.1
    assert list(checkpoint["state_dict"]) == ["2.weight", "2.bias"]
    assert set(checkpoint["optimizer"]) == {"state", "param_groups"}
    assert best_acc1 == 1.0


def test_the_frame_as_it_stands_names_what_is_no_transform() -> None:
    normalize = None  # as in the note
    with pytest.raises(TypeError, match="at position 3 is None"):
        transforms.Compose(
            [
                transforms.Resize(256),
                transforms.CenterCrop(224),
                transforms.ToTensor(),
                normalize,
            ]
        )


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
