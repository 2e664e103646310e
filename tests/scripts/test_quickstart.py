"""Note 004: the quickstart network, its training loop, tensors, autograd."""

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat.torchvision import datasets
from funcnet.compat.torchvision.io import read_image, write_png
from funcnet.compat.torchvision.transforms import Lambda, ToTensor
from funcnet.compat.utils.data import DataLoader, Dataset

device = "cuda" if torch.cuda.is_available() else "cpu"


class NeuralNetwork(nn.Module):
    def __init__(self) -> None:
        super(NeuralNetwork, self).__init__()  # noqa: UP008 - as the note has it
        self.flatten = nn.Flatten()
        self.linear_relu_stack = nn.Sequential(
            nn.Linear(28 * 28, 512),
            nn.ReLU(),
            nn.Linear(512, 512),
            nn.ReLU(),
            nn.Linear(512, 10),
        )

    def forward(self, x: Any) -> Any:
        x = self.flatten(x)
        logits = self.linear_relu_stack(x)
        return logits  # noqa: RET504


def train(dataloader: Any, model: Any, loss_fn: Any, optimizer: Any) -> None:
    size = len(dataloader.dataset)
    for batch, (X, y) in enumerate(dataloader):
        X, y = X.to(device), y.to(device)

        pred = model(X)
        loss = loss_fn(pred, y)

        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

        if batch % 100 == 0:
            loss, current = loss.item(), batch * len(X)
            print(f"loss: {loss:>7f}  [{current:>5d}/{size:>5d}]")


def test(dataloader: Any, model: Any, loss_fn: Any) -> None:
    size = len(dataloader.dataset)
    model.eval()
    test_loss, correct = 0, 0
    with torch.no_grad():
        for X, y in dataloader:
            X, y = X.to(device), y.to(device)
            pred = model(X)
            test_loss += loss_fn(pred, y).item()
            correct += (pred.argmax(1) == y).type(torch.float).sum().item()

        test_loss /= size  # the note's; PyTorch's tutorial divides by the batches
        correct /= size
        print(
            f"Test Error: \n Accuracy: {(100 * correct):>0.1f}%, "
            f"Avg loss: {test_loss:>8f} \n"
        )


test.__test__ = False  # type: ignore[attr-defined]  # the note's name, no test of ours


def test_the_network_prints_as_in_pytorch() -> None:
    assert repr(NeuralNetwork().to(device)) == (
        "NeuralNetwork(\n"
        "  (flatten): Flatten(start_dim=1, end_dim=-1)\n"
        "  (linear_relu_stack): Sequential(\n"
        "    (0): Linear(in_features=784, out_features=512, bias=True)\n"
        "    (1): ReLU()\n"
        "    (2): Linear(in_features=512, out_features=512, bias=True)\n"
        "    (3): ReLU()\n"
        "    (4): Linear(in_features=512, out_features=10, bias=True)\n"
        "  )\n"
        ")"
    )


def test_train_and_test(capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    data = torch.utils.data.TensorDataset(
        torch.rand(128, 28, 28), torch.arange(128) % 10
    )
    loader = torch.utils.data.DataLoader(data, batch_size=64)
    model = NeuralNetwork().to(device)
    loss_fn = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)
    for _ in range(2):
        train(loader, model, loss_fn, optimizer)
        test(loader, model, loss_fn)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("loss: 2.3")
    assert lines[0].endswith("[    0/  128]")
    assert lines[1] == "Test Error: "
    assert lines[2].startswith(" Accuracy: ")


def test_flatten() -> None:
    t = torch.tensor(
        [
            [[1, 2, 2, 1], [3, 4, 4, 3], [1, 2, 3, 4]],
            [[5, 6, 6, 5], [7, 8, 8, 7], [5, 6, 7, 8]],
        ]
    )
    x = torch.flatten(t, start_dim=1)
    y = torch.flatten(t, start_dim=0, end_dim=1)
    assert x.tolist() == [
        [1, 2, 2, 1, 3, 4, 4, 3, 1, 2, 3, 4],
        [5, 6, 6, 5, 7, 8, 8, 7, 5, 6, 7, 8],
    ]
    assert y.shape == (6, 4)


def test_tensors_and_numpy() -> None:
    x_data = torch.tensor([[1, 2], [3, 4]])
    array = np.array([[1, 2], [3, 4]])
    t = torch.from_numpy(array)
    array[0, 0] = 9
    assert t[0, 0].item() == 9
    t = torch.ones(5)
    n = t.numpy()
    t.add_(1)
    assert n.tolist() == [2, 2, 2, 2, 2]
    assert torch.ones_like(x_data).dtype == torch.int64
    assert torch.rand_like(x_data, dtype=torch.float).dtype == torch.float32
    with pytest.raises(NotImplementedError):
        torch.rand_like(x_data)
    shape = (
        2,
        3,
    )
    assert (
        torch.rand(shape).shape == torch.ones(shape).shape == torch.zeros(shape).shape
    )
    assert repr(x_data.shape) == "torch.Size([2, 2])"
    assert repr(x_data.dtype) == "torch.int64"
    assert repr(x_data.device) == "device(type='cpu')"


def test_cat() -> None:
    tensor = torch.ones(4, 4)
    tensor[:, 1] = 0
    t1 = torch.cat([tensor, tensor, tensor], dim=1)
    assert repr(tensor) == (
        "tensor([[1., 0., 1., 1.],\n"
        "        [1., 0., 1., 1.],\n"
        "        [1., 0., 1., 1.],\n"
        "        [1., 0., 1., 1.]])"
    )
    assert t1.shape == (4, 12)


def test_the_loader_as_an_iterator() -> None:
    data = torch.utils.data.TensorDataset(torch.rand(100, 1, 28, 28), torch.arange(100))
    train_dataloader = torch.utils.data.DataLoader(data, batch_size=64, shuffle=True)
    train_features, train_labels = next(iter(train_dataloader))
    assert train_features.shape == (64, 1, 28, 28)
    assert train_labels.shape == (64,)
    for images, labels in iter(train_dataloader):
        assert len(images) == len(labels)
    # Not the same, although the note says so: enumerate gives the number and the batch.
    for number, (images, labels) in enumerate(train_dataloader):
        assert number in (0, 1)
        assert len(images) == len(labels)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_custom_dataset_of_images(tmp_path: Path, workers: int) -> None:
    class CustomImageDataset(Dataset):
        """The note's, with a table read by csv, where the note has pandas."""

        def __init__(
            self,
            annotations_file: Any,
            img_dir: Any,
            transform: Any = None,
            target_transform: Any = None,
        ) -> None:
            with open(annotations_file, newline="") as file:
                self.img_labels = [
                    (name, int(label)) for name, label in csv.reader(file)
                ]
            self.img_dir = img_dir
            self.transform = transform
            self.target_transform = target_transform

        def __len__(self) -> int:
            return len(self.img_labels)

        def __getitem__(self, idx: int) -> dict[str, Any]:
            img_path = os.path.join(self.img_dir, self.img_labels[idx][0])
            image = read_image(img_path)
            label = self.img_labels[idx][1]
            if self.transform:
                image = self.transform(image)
            if self.target_transform:
                label = self.target_transform(label)
            return {"image": image, "label": label}

    for n in range(6):
        write_png(torch.full((3, 8, 8), n, dtype=torch.uint8), tmp_path / f"{n}.png")
    lines = [f"{n}.png,{n % 3}" for n in range(6)]
    (tmp_path / "labels.csv").write_text("\n".join(lines))
    training_data = CustomImageDataset(
        tmp_path / "labels.csv",
        tmp_path,
        transform=Lambda(lambda image: image / 255),
        target_transform=lambda label: label + 1,
    )
    sample = training_data[4]
    assert sample["image"].shape == (3, 8, 8)
    assert sample["label"] == 2
    loader = DataLoader(training_data, batch_size=4, num_workers=workers)
    batch = next(iter(loader))
    assert batch["image"].shape == (4, 3, 8, 8)
    assert batch["image"].dtype == torch.float32
    assert batch["label"].tolist() == [1, 2, 3, 1]


def test_the_misspelt_import_names_the_right_one() -> None:
    with pytest.raises(ImportError, match="Did you mean 'read_image'"):
        from funcnet.compat.torchvision.io import read_iamge  # noqa: F401


def test_to_tensor_takes_height_width_and_channels() -> None:
    # The note says width, height, channels: an array is height, width, channels.
    image = np.zeros((4, 6, 3), np.uint8)
    image[0, 5] = 255
    x = ToTensor()(image)
    assert x.shape == (3, 4, 6)
    assert x[:, 0, 5].tolist() == [1, 1, 1]


def test_datasets_are_there_by_name(tmp_path: Path) -> None:
    for name in ("MNIST", "FashionMNIST", "CIFAR10"):
        with pytest.raises(RuntimeError, match="download=True"):
            getattr(datasets, name)(root=tmp_path, train=True, download=False)
    assert datasets.CocoCaptions.__doc__


def test_a_prediction() -> None:
    torch.manual_seed(0)
    model = NeuralNetwork()
    X = torch.rand(1, 28, 28, device=device)
    logits = model(X)
    pred_probab = nn.Softmax(dim=1)(logits)
    y_pred = pred_probab.argmax(1)
    assert f"Predicted class: {y_pred}" == f"Predicted class: tensor([{y_pred.item()}])"
    np.testing.assert_allclose(pred_probab.sum().item(), 1, rtol=1e-6)


def test_automatic_differentiation() -> None:
    x = torch.ones(5)
    y = torch.zeros(3)
    w = torch.randn(5, 3, requires_grad=True)
    b = torch.randn(3, requires_grad=True)
    z = torch.matmul(x, w) + b
    loss = nn.functional.binary_cross_entropy_with_logits(z, y)
    assert "AddBackward0" in repr(z.grad_fn)
    assert "BinaryCrossEntropyWithLogitsBackward0" in repr(loss.grad_fn)
    loss.backward()
    slope = torch.sigmoid(z).detach() / 3
    np.testing.assert_allclose(b.grad.numpy(), slope.numpy(), rtol=1e-5)
    np.testing.assert_allclose(
        w.grad.numpy(), np.tile(slope.numpy(), (5, 1)), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        (nn.Linear(4, 2), "AddmmBackward0"),
        (nn.ReLU(), "ReluBackward0"),
        (nn.Tanh(), "TanhBackward0"),
        (nn.BatchNorm1d(4), "NativeBatchNormBackward0"),
    ],
)
def test_what_made_a_layers_output(layer: Any, name: str) -> None:
    y = layer(torch.ones(3, 4, requires_grad=True))
    assert y.grad_fn.name() == name


def test_without_gradients() -> None:
    x = torch.ones(5)
    w = torch.randn(5, 3, requires_grad=True)
    b = torch.randn(3).requires_grad_(True)
    with torch.no_grad():
        z = torch.matmul(x, w) + b
    assert not z.requires_grad
    z = torch.matmul(x, w) + b
    z_det = z.detach()
    assert z.requires_grad
    assert not z_det.requires_grad


@pytest.mark.parametrize("name", ["MSELoss", "NLLLoss", "CrossEntropyLoss"])
def test_loss_functions(name: str) -> None:
    assert getattr(nn, name)().reduction == "mean"
    logits, target = torch.tensor([[1e4, -1e4], [0.0, 1.0]]), torch.tensor([0, 1])
    both = nn.NLLLoss()(nn.LogSoftmax(dim=1)(logits), target)
    assert nn.CrossEntropyLoss()(logits, target).item() == pytest.approx(both.item())
