"""Workers that need not import compat give what those that do would give."""

import subprocess
import sys

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat.torchvision import datasets, transforms
from funcnet.compat.torchvision.transforms import v2
from funcnet.compat.utils.data import (
    ConcatDataset,
    DataLoader,
    Dataset,
    StackDataset,
    Subset,
    TensorDataset,
)
from funcnet.compat.utils.data._workers import without_tensors
from funcnet.data import transforms as native

T = transforms
CROP, LAST = T.RandomCrop(12, padding=2), T.ToTensor()
BEFORE = {
    "nothing": [],
    "AugMix": [T.AugMix()],
    "AutoAugment": [T.AutoAugment()],
    "CenterCrop": [T.CenterCrop(10)],
    "ColorJitter": [T.ColorJitter(0.4, 0.4, 0.4, 0.1)],
    "ElasticTransform": [T.ElasticTransform(5.0, 1.0)],
    "GaussianBlur": [T.GaussianBlur(3)],
    "Grayscale": [T.Grayscale()],
    "Pad": [T.Pad((1, 2), 7)],
    "RandAugment": [T.RandAugment()],
    "RandomAdjustSharpness": [T.RandomAdjustSharpness(2)],
    "RandomAffine": [T.RandomAffine(20, (0.1, 0.1), (0.8, 1.2), 5)],
    "RandomApply": [T.RandomApply([CROP, T.Resize(20)], 0.6)],
    "RandomAutocontrast": [T.RandomAutocontrast()],
    "RandomChoice": [T.RandomChoice([T.Pad(1), T.CenterCrop(14)], [0.3, 0.7])],
    "RandomCrop": [CROP],
    "RandomEqualize": [T.RandomEqualize()],
    "RandomGrayscale": [T.RandomGrayscale(0.5)],
    "RandomHorizontalFlip": [T.RandomHorizontalFlip()],
    "RandomInvert": [T.RandomInvert()],
    "RandomOrder": [T.RandomOrder([T.RandomVerticalFlip(), CROP])],
    "RandomPerspective": [T.RandomPerspective()],
    "RandomPosterize": [T.RandomPosterize(3)],
    "RandomResizedCrop": [T.RandomResizedCrop(9)],
    "RandomRotation": [T.RandomRotation(30)],
    "RandomSolarize": [T.RandomSolarize(100)],
    "Resize": [T.Resize((9, 7))],
    "Sequential": [nn.Sequential(CROP, T.RandomHorizontalFlip())],
    "TrivialAugmentWide": [T.TrivialAugmentWide()],
}
SAME_SIZE = [T.Resize((16, 16)), LAST]
PIPELINES = {name: T.Compose([*some, *SAME_SIZE]) for name, some in BEFORE.items()}
PIPELINES |= {
    "Normalize": T.Compose([LAST, T.Normalize([0.5, 0.4, 0.3], [0.2] * 3, True)]),
    "Normalize by tensors": T.Compose([LAST, T.Normalize(torch.ones(3), [0.5] * 3)]),
    "PILToTensor": T.Compose([T.PILToTensor(), T.ConvertImageDtype(torch.float16)]),
    "RandomErasing": T.Compose([LAST, T.RandomErasing(0.7, value="random")]),
    "of tensors": T.Compose([LAST, CROP, T.RandomRotation(20), T.Resize(8)]),
    "one": LAST,
    "v2": v2.Compose(
        [
            v2.RandomOrder([v2.RandomCrop(9, padding=2), v2.RandomVerticalFlip()]),
            v2.RandomResizedCrop(9),
            v2.RandomHorizontalFlip(),
            v2.RandomApply([v2.ColorJitter(0.3)]),
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize([0.5] * 3, [0.5] * 3),
            v2.RandomErasing(),
        ]
    ),
}


def images(transform, size=8, **options):
    return datasets.FakeData(size, (3, 18, 16), transform=transform, **options)


def epochs(dataset, **options):
    torch.manual_seed(3)
    loader = DataLoader(dataset, 2, shuffle=True, num_workers=2, **options)
    return [list(loader) for _ in range(2)]


def assert_same(dataset):
    result = epochs(dataset)
    # With a function of the user's, workers get the dataset as it is.
    wanted = epochs(dataset, worker_init_fn=lambda worker: None)
    for mine, theirs in zip(result, wanted, strict=True):
        for batch, other in zip(mine, theirs, strict=True):
            torch.testing.assert_close(batch, other, rtol=0, atol=0)


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_draws_and_computes_the_same_without_tensors(name):
    dataset = images(PIPELINES[name])
    assert without_tensors(dataset) is not None
    assert_same(dataset)


def test_the_draws_of_a_worker_go_on_from_dataset_to_dataset():
    draws = images(T.Compose([CROP, LAST]))
    numbers = TensorDataset(torch.arange(16.0).reshape(8, 2))
    assert_same(ConcatDataset([draws, Subset(draws, [3, 1, 2, 0])]))
    assert_same(StackDataset(draws, numbers))
    assert_same(StackDataset(image=draws, number=numbers))


class Mine(T.Normalize):
    def forward(self, tensor):
        return -super().forward(tensor)


class Noise(Dataset):
    def __getitem__(self, index):
        return torch.randn(3, 12, 12), index

    def __len__(self):
        return 4


def hooked():
    crop = T.CenterCrop(5)
    crop.register_forward_hook(lambda module, inputs, result: result)
    return crop


def replaced():
    crop = T.CenterCrop(5)
    crop.forward = lambda image: image
    return crop


@pytest.mark.parametrize(
    "transform",
    [
        T.Lambda(lambda x: x),
        T.FiveCrop(4),
        Mine([0.5], [0.5]),
        hooked(),
        replaced(),
        T.Compose([T.ToTensor(), T.ToTensor()]),
        T.Compose([T.Normalize([0.5], [0.5]), T.ToTensor()]),
        T.RandomApply([T.ToTensor()]),
        T.Compose([T.ToTensor(), T.ToPILImage()]),
        v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32)]),
        v2.RandomChoice([v2.CenterCrop(4)]),
        v2.Identity(),
        native.RandomHorizontalFlip(),
        lambda image: image,
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_is_not_known_to_do_without_tensors_keeps_them(transform):
    assert without_tensors(images(transform)) is None


def test_datasets_of_the_users_keep_tensors_and_so_do_those_beside_them(tmp_path):
    (tmp_path / "a").mkdir()
    images(None)[0][0].save(tmp_path / "a" / "1.png")
    assert without_tensors(datasets.ImageFolder(tmp_path)) is not None
    assert without_tensors(datasets.ImageFolder(tmp_path, loader=open)) is None
    assert without_tensors(images(LAST, target_transform=int)) is None
    both = ConcatDataset([images(T.Compose([T.RandomCrop(12), LAST])), Noise()])
    assert without_tensors(both) is None
    assert without_tensors(Noise()) is None
    needed = TensorDataset(torch.ones(2, requires_grad=True))
    assert without_tensors(needed) is None


def test_workers_of_a_folder_of_images_do_not_import_compat():
    script = """
import funcnet.compat as torch
torch.install(even_if_installed=True)
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from funcnet.data._workers import _client
images = datasets.FakeData(4, (3, 8, 8), transform=transforms.ToTensor())
(batch,) = DataLoader(images, 4, num_workers=1)
print(batch[0].shape, list(_client._servers))
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "torch.Size([4, 3, 8, 8]) [()]\n"


def test_workers_have_the_default_dtype_and_the_mode_of_the_script():
    class Ones(Dataset):
        def __getitem__(self, index):
            return torch.ones(2) * index, torch.is_grad_enabled()

        def __len__(self):
            return 2

    torch.set_default_dtype(torch.float64)
    try:
        with torch.no_grad():
            ((result, recorded),) = DataLoader(Ones(), 2, num_workers=1)
        ((image, _),) = DataLoader(images(LAST, 1), num_workers=1)
    finally:
        torch.set_default_dtype(torch.float32)
    assert result.dtype == image.dtype == torch.float64
    assert recorded.tolist() == [False, False]


def test_a_folder_of_classes_keeps_its_name_in_errors():
    broken = images(T.Compose([T.RandomCrop(40), LAST]))
    with pytest.raises(ValueError, match=r"Required crop size \(40, 40\)") as caught:
        next(iter(DataLoader(broken, 2, num_workers=1)))
    assert "loading sample 0 of FakeData" in str(caught.value)


def test_numbers_of_images_are_int64():
    ((_, labels),) = DataLoader(images(LAST), 8, num_workers=1)
    np.testing.assert_array_equal(labels, [images(None)[i][1] for i in range(8)])
    assert labels.dtype == torch.int64


def test_workers_that_need_compat_are_forked_from_a_server_that_has_it():
    script = """
import funcnet.compat as torch
from funcnet.compat.utils.data import DataLoader
from funcnet.data._workers import _client
with torch.no_grad():
    print(list(DataLoader(range(2), 2, num_workers=1)))
print(max(_client._servers), [one.process.poll() for one in _client._servers.values()])
"""
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[tensor([0, 1])]\n('funcnet.compat',) [None, None]\n"


class Writing(Dataset):
    def __init__(self, x):
        self.x = x

    def __getitem__(self, index):
        with torch.no_grad():
            self.x[index] += index + 1
        return self.x[index].detach().clone()

    def __len__(self):
        return 3


@pytest.mark.parametrize(
    ("make", "here"),
    [
        (lambda: torch.zeros(3), [0, 0, 0]),
        (lambda: torch.zeros(3).share_memory_(), [1, 2, 3]),
        (lambda: torch.zeros(3, 2).share_memory_()[:, 1], [1, 2, 3]),
        (lambda: nn.Parameter(torch.zeros(3)).share_memory_(), [1, 2, 3]),
    ],
)
def test_what_a_worker_writes_is_seen_where_memory_is_shared(make, here):
    x = make()
    (result,) = DataLoader(Writing(x), 3, num_workers=1)
    assert result.tolist() == [1, 2, 3]
    assert x.tolist() == here


def test_workers_have_what_was_set_for_tensors():
    class Settings(Dataset):
        def __getitem__(self, index):
            x = torch.tensor([1 / 3])
            modes = torch.is_grad_enabled(), torch.is_inference_mode_enabled()
            return str(x), torch.get_num_threads(), modes

        def __len__(self):
            return 1

    torch.set_printoptions(precision=2)
    try:
        with torch.inference_mode():
            ((text, threads, modes),) = DataLoader(Settings(), None, num_workers=1)
    finally:
        torch.set_printoptions(profile="default")
    assert text == "tensor([0.33])"
    assert threads == 1
    assert modes == [False, True]


def test_functions_put_into_classes_of_compat_are_called_in_workers(monkeypatch):
    dataset = TensorDataset(torch.arange(2))
    monkeypatch.setattr(TensorDataset, "__getitem__", lambda self, i: (i + 10,))
    ((batch,),) = DataLoader(dataset, 2, num_workers=1)
    assert batch.tolist() == [10, 11]
    crop = images(T.Compose([T.CenterCrop(4), LAST]), 1)
    monkeypatch.setattr(T.CenterCrop, "forward", lambda self, image: image)
    ((picture, _),) = DataLoader(crop, num_workers=1)
    assert picture.shape == (1, 3, 18, 16)
