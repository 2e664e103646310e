"""torchvision's names in compat: tensors, gradients, draws, datasets, imports.

That the numbers are torchvision's is tested in test_torchvision_reference.
"""

import copy
import hashlib
import importlib
import os
import pickle
import shutil
import struct
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import funcnet.compat as torch
from funcnet.compat import nn, torchvision
from funcnet.compat.torchvision import datasets, io, transforms, utils
from funcnet.compat.torchvision.transforms import functional as TF
from funcnet.compat.torchvision.transforms import v2
from tests.data.test_vision import write_mnist

PIXELS = np.random.default_rng(0).integers(0, 256, (3, 12, 16), dtype=np.uint8)
PICTURE = Image.fromarray(PIXELS.transpose(1, 2, 0))


def test_to_tensor_gives_a_tensor_in_the_default_dtype() -> None:
    x = transforms.ToTensor()(PICTURE)
    assert isinstance(x, torch.Tensor)
    assert x.dtype == torch.float32
    assert x.shape == (3, 12, 16)
    torch.set_default_dtype(torch.float64)
    try:
        assert transforms.ToTensor()(PICTURE).dtype == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


def test_images_come_back() -> None:
    again = transforms.ToPILImage()(transforms.ToTensor()(PICTURE))
    np.testing.assert_array_equal(np.asarray(again), np.asarray(PICTURE))
    # An array has its channels last, a tensor first.
    again = transforms.ToPILImage()(np.asarray(PICTURE))
    np.testing.assert_array_equal(np.asarray(again), np.asarray(PICTURE))


def test_transforms_are_modules() -> None:
    both = nn.Sequential(
        transforms.CenterCrop(8), transforms.ConvertImageDtype(torch.float)
    )
    assert both(torch.from_numpy(PIXELS)).dtype == torch.float32
    assert repr(both).splitlines()[1] == "  (0): CenterCrop(size=(8, 8))"
    assert transforms.CenterCrop(8) != transforms.CenterCrop(8)  # as modules are


def test_a_seed_gives_the_same_crops() -> None:
    change = transforms.Compose([transforms.RandomCrop(6), transforms.ToTensor()])
    images = []
    for _ in range(2):
        torch.manual_seed(7)
        images.append(change(PICTURE).tolist())
    assert images[0] == images[1]


def test_transforms_travel() -> None:
    change = transforms.Compose(
        [
            transforms.Resize(9),
            transforms.ToTensor(),
            transforms.Normalize([0.5], [0.5]),
        ]
    )
    for again in (pickle.loads(pickle.dumps(change)), copy.deepcopy(change)):
        assert repr(again) == repr(change)
        assert again(PICTURE).tolist() == change(PICTURE).tolist()


def test_a_transform_of_the_user_s_own() -> None:
    class Twice(transforms.RandomCrop):
        def forward(self, img):
            i, j, h, w = self.get_params(img, (4, 4))
            return TF.crop(img, i, j, h, w), TF.crop(img, i, j, h, w)

    torch.manual_seed(0)
    a, b = Twice(4)(torch.from_numpy(PIXELS))
    assert a.shape == (3, 4, 4)
    assert a.tolist() == b.tolist()


def test_a_setting_can_be_changed_later() -> None:
    flip = transforms.RandomHorizontalFlip(0.0)
    flip.p = 1.0
    assert flip(torch.arange(3).view(1, 1, 3)).flatten().tolist() == [2, 1, 0]


def test_compose_names_the_place_of_what_cannot_be_called() -> None:
    with pytest.raises(TypeError, match="at position 1 is None"):
        transforms.Compose([transforms.ToTensor(), None])


def test_normalize_is_differentiable() -> None:
    x = torch.ones(2, 3, 4, 4, requires_grad=True)
    y = transforms.Normalize([0.5, 0.5, 0.5], [0.5, 0.25, 2.0])(x)
    y.sum().backward()
    np.testing.assert_allclose(x.grad[0, :, 0, 0].tolist(), [2, 4, 0.5])
    TF.hflip(x).sum().backward()
    assert x.grad[0, 0, 0, 0].item() == 3


def test_what_records_no_gradient_says_so() -> None:
    x = torch.ones(3, 4, 4, requires_grad=True)
    with pytest.raises(RuntimeError, match="no gradient is recorded"):
        TF.resize(x, 8)
    with torch.no_grad():
        assert TF.resize(x, 8).shape == (3, 8, 8)


def test_in_place_writes_into_the_tensor() -> None:
    x = torch.ones(1, 2, 2)
    y = TF.normalize(x, [0.5], [0.5], inplace=True)
    assert y is x
    assert x.flatten().tolist() == [1] * 4
    TF.erase(x, 0, 0, 1, 1, torch.zeros(1), inplace=True)
    assert x.flatten().tolist() == [0, 1, 1, 1]


def test_the_result_is_not_the_memory_of_the_image() -> None:
    x = torch.from_numpy(PIXELS.copy())
    part = TF.crop(x, 0, 0, 4, 4)
    part.fill_(0)
    assert x.numpy().tolist() == PIXELS.tolist()


def test_arrays_are_refused_where_torchvision_refuses_them() -> None:
    with pytest.raises(TypeError, match=r"Unexpected type <class 'numpy\.ndarray'>"):
        transforms.CenterCrop(3)(PIXELS)
    with pytest.raises(TypeError, match="pic should be PIL Image or ndarray"):
        TF.to_tensor(torch.from_numpy(PIXELS))


def test_read_and_write(tmp_path) -> None:
    io.write_png(torch.from_numpy(PIXELS), str(tmp_path / "a.png"))
    x = io.read_image(str(tmp_path / "a.png"))
    assert x.dtype == torch.uint8
    np.testing.assert_array_equal(x.numpy(), PIXELS)
    content = io.read_file(tmp_path / "a.png")
    grey = io.decode_image(content, io.ImageReadMode.GRAY)
    assert grey.shape == (1, 12, 16)
    io.write_file(tmp_path / "b.jpg", io.encode_jpeg(x))
    assert io.decode_image(tmp_path / "b.jpg").shape == (3, 12, 16)


def test_a_wrong_name_is_answered_with_the_right_one() -> None:
    with pytest.raises(ImportError, match="Did you mean 'read_image'"):
        from funcnet.compat.torchvision.io import read_iamge  # noqa: F401
    with pytest.raises(AttributeError, match="Did you mean 'ToTensor'"):
        transforms.ToTenser()
    assert not hasattr(transforms, "ToTenser")


def test_what_comes_later_says_so() -> None:
    with pytest.raises(
        NotImplementedError, match=r"models\..*resnet18 is not there: there are"
    ):
        torchvision.models.quantization.resnet18()
    with pytest.raises(ImportError, match="LSUN: its files are not read"):
        from funcnet.compat.torchvision.datasets import LSUN  # noqa: F401


@pytest.mark.parametrize("package", ["models"])
def test_each_name_that_comes_later_refuses_on_use_with_a_sentence(package) -> None:
    module = importlib.import_module(f"funcnet.compat.torchvision.{package}")
    files = [
        importlib.import_module(f"{module.__name__}.{file}") for file in module._FILES
    ]
    for one in files:
        assert one.__all__
        for name in one.__all__:
            shown = getattr(one, name)
            with pytest.raises(NotImplementedError, match=f"{name} is not there: .+ "):
                shown()
            if name.endswith("_Weights"):
                with pytest.raises(AttributeError, match=f"{name} is not there: .+ "):
                    _ = shown.DEFAULT


def test_make_grid_and_save_image(tmp_path) -> None:
    batch = torch.rand(5, 1, 4, 4, requires_grad=True)
    grid = utils.make_grid(batch, nrow=3)
    assert grid.shape == (3, 14, 20)
    assert not grid.requires_grad
    assert utils.make_grid([batch[0], batch[1]]).shape == (3, 8, 14)
    utils.save_image(batch, tmp_path / "grid.png", nrow=3)
    assert io.read_image(tmp_path / "grid.png").shape == (3, 14, 20)


def test_mnist_has_tensors(tmp_path) -> None:
    pixels, labels = write_mnist(tmp_path)["train"]
    data = datasets.MNIST(tmp_path, transform=transforms.ToTensor())
    assert data.data.dtype == torch.uint8
    assert data.targets.dtype == torch.int64
    np.testing.assert_array_equal(data.data.numpy(), pixels)
    image, label = data[4]
    assert (image.shape, label) == ((1, 28, 28), labels[4])
    data.data, data.targets = data.data[:3], data.targets[:3]
    assert len(data) == 3
    assert len(pickle.loads(pickle.dumps(data))) == 3
    loader = torch.utils.data.DataLoader(data, batch_size=2)
    images, targets = next(iter(loader))
    assert images.shape == (2, 1, 28, 28)
    assert targets.tolist() == [0, 1]
    with pytest.raises(RuntimeError, match="You can use download=True"):
        datasets.FashionMNIST(tmp_path)


def old_pickle(value: object) -> bytes:
    """A pickle as Python 2 wrote it: its strings are bytes."""
    return b"\x80\x02" + old_item(value) + b"."


def old_item(value: object) -> bytes:
    if isinstance(value, bytes):
        return b"T" + struct.pack("<I", len(value)) + value
    if isinstance(value, int):
        return b"K" + bytes([value])
    if isinstance(value, list):
        return b"](" + b"".join(map(old_item, value)) + b"e"
    if isinstance(value, dict):
        items = b"".join(old_item(k) + old_item(v) for k, v in value.items())
        return b"}(" + items + b"u"
    assert isinstance(value, np.ndarray)
    shape = b"".join(b"M" + struct.pack("<H", n) for n in value.shape)
    dtype = b"cnumpy\ndtype\n(" + old_item(b"u1") + b"K\x00K\x01tR"
    dtype += (
        b"(K\x03" + old_item(b"|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    )
    result = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00t"
    result += old_item(b"b") + b"tR(K\x01(" + shape + b"t" + dtype + b"\x89"
    return result + old_item(value.tobytes()) + b"tb"


@pytest.mark.parametrize("kind", ["CIFAR10", "CIFAR100"])
def test_cifar_is_read_as_torchvision_stores_it(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cls = getattr(datasets, kind)
    folder = tmp_path / cls.base_folder
    folder.mkdir()
    rows = np.random.default_rng(0).integers(0, 256, (4, 3072), dtype=np.uint8)
    names = [b"plane", b"car"]
    contents = {cls.meta["filename"]: {cls.meta["key"].encode(): names}}
    key = b"labels" if kind == "CIFAR10" else b"fine_labels"
    for name, _ in (*cls.train_list, *cls.test_list):
        contents[name] = {b"data": rows, key: [0, 1, 1, 0]}
    files = {}
    for name, content in contents.items():
        pickled = old_pickle(content)
        (folder / name).write_bytes(pickled)
        files[name] = hashlib.md5(pickled).hexdigest()
    for place in ("train_list", "test_list"):
        changed = [[name, files[name]] for name, _ in getattr(cls, place)]
        monkeypatch.setattr(cls, place, changed)
    meta = cls.meta | {"md5": files[cls.meta["filename"]]}
    monkeypatch.setattr(cls, "meta", meta)
    data = cls(tmp_path, train=False)
    assert data.classes == ["plane", "car"]
    assert data.targets == [0, 1, 1, 0]
    image, label = data[2]
    assert label == 1
    planes = np.asarray(image).transpose(2, 0, 1).ravel()
    np.testing.assert_array_equal(planes, rows[2])
    bad = old_pickle({b"data": rows})[:-1] + b"0cos\nsystem\n(T\x01\0\0\0xtR."
    first = cls.test_list[0][0]
    (folder / first).write_bytes(bad)
    with pytest.raises(RuntimeError, match="damaged: its MD5"):
        cls(tmp_path, train=False)
    good = [first, hashlib.md5(bad).hexdigest()]
    monkeypatch.setattr(cls, "test_list", [good])
    with pytest.raises(RuntimeError, match=r"os\.system|opcode"):
        cls(tmp_path, train=False)


def test_cifar_is_what_a_subclass_says_it_is(tmp_path: Path) -> None:
    rows = np.zeros((3, 3072), np.uint8)
    contents = {
        "first": {b"data": rows, b"labels": [0, 1, 2]},
        "names": {b"mine": [b"a", b"b", b"c"]},
    }
    (tmp_path / "mine").mkdir()
    for name, content in contents.items():
        (tmp_path / "mine" / name).write_bytes(old_pickle(content))
    archive = tmp_path / "small.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "mine", "mine")
    shutil.rmtree(tmp_path / "mine")

    told = {
        "base_folder": "mine",
        "url": "http://nowhere.invalid/small.tgz",
        "filename": "small.tgz",
        "tgz_md5": hashlib.md5(archive.read_bytes()).hexdigest(),
        "train_list": [["first", None]],
        "test_list": [],
        "meta": {"filename": "names", "key": "mine", "md5": None},
    }
    Small: Any = type("Small", (datasets.CIFAR10,), told)
    with pytest.raises(RuntimeError, match="You can use download=True"):
        Small(tmp_path)
    data = Small(tmp_path, download=True)
    assert data._check_integrity()
    assert (data.classes, data.targets) == (["a", "b", "c"], [0, 1, 2])
    assert datasets.CIFAR10.train_list[0][0] == "data_batch_1"
    assert datasets.CIFAR100.meta["key"] == "fine_label_names"


KINDS = ("images-idx3", "labels-idx1")


def test_mnist_is_what_a_subclass_says_it_is(tmp_path: Path) -> None:
    write_mnist(tmp_path)

    told = {
        "resources": [(f"train-{kind}-ubyte.gz", "") for kind in KINDS],
        "classes": ["none"] * 10,
        "raw_folder": str(tmp_path / "MNIST" / "raw"),
    }
    Elsewhere: Any = type("Elsewhere", (datasets.MNIST,), told)
    assert len(Elsewhere("nowhere").classes) == 10
    assert Elsewhere("nowhere")._check_exists()
    assert datasets.MNIST.resources[3] == (
        "t10k-labels-idx1-ubyte.gz",
        "ec29112dd5afa0611ce80d1b7f02629c",
    )
    assert datasets.KMNIST.mirrors == ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"]
    assert datasets.MNIST.training_file == "training.pt"
    assert datasets.MNIST(tmp_path).raw_folder == str(tmp_path / "MNIST" / "raw")


def test_fake_data_are_torchvision_s() -> None:
    image, label = datasets.FakeData(image_size=(3, 4, 5), num_classes=7)[3]
    # Written down from torchvision 0.28.
    assert (image.getpixel((0, 0)), image.getpixel((4, 3)), label) == FAKE


FAKE = ((237, 10, 187), (91, 35, 132), 0)


def test_v2_changes_the_image_of_a_sample() -> None:
    change = v2.Compose(
        [v2.ToImage(), v2.RandomHorizontalFlip(1.0), v2.ToDtype(torch.float32, True)]
    )
    image, label = change(PICTURE, 3)
    assert label == 3
    np.testing.assert_allclose(image.numpy(), PIXELS[..., ::-1] / 255, rtol=1e-6)
    sample = change({"image": PICTURE, "label": 5})
    assert sample["label"] == 5
    assert sample["image"].shape == (3, 12, 16)
    with pytest.raises(TypeError, match="a sample with 2 images"):
        v2.CenterCrop(4)(PICTURE, PICTURE)


@pytest.mark.parametrize("mix", [v2.MixUp, v2.CutMix])
def test_v2_mixes_batches(mix) -> None:
    torch.manual_seed(0)
    images, labels = mix(num_classes=4)(torch.rand(4, 3, 8, 8), torch.arange(4))
    assert images.shape == (4, 3, 8, 8)
    np.testing.assert_allclose(labels.sum(1).tolist(), [1] * 4, rtol=1e-5)
    choice = v2.RandomChoice([v2.MixUp(num_classes=4), v2.CutMix(num_classes=4)])
    assert len(choice(torch.rand(4, 3, 8, 8), torch.arange(4))) == 2


SCRIPT = """
import sys
import funcnet.compat
funcnet.compat.install(even_if_installed=True)
assert "PIL" not in sys.modules
import torch, torchvision
import torchvision.transforms as T
import torchvision.transforms.functional as TF
from torchvision import datasets, transforms
from torchvision.datasets.folder import IMG_EXTENSIONS
from torchvision.io import read_image
from torchvision.utils import make_grid, save_image
from torchvision.transforms import Compose, ToTensor
assert T is transforms and isinstance(T.CenterCrop(3), torch.nn.Module)
assert torchvision.io.read_image is read_image
x, y = datasets.FakeData(4, (3, 6, 6), transform=ToTensor())[0]
assert x.shape == (3, 6, 6) and TF.hflip(x).shape == x.shape
import torchvision.models as models
from torchvision.models import resnet18
from torchvision.models.resnet import BasicBlock
assert models is torchvision.models and resnet18 is not BasicBlock
import jax
assert not jax._src.xla_bridge._backends, "a sample started XLA"
print("done")
"""


def test_an_unmodified_script_imports_torchvision() -> None:
    root = str(Path(__file__).parents[3])
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        check=False,
    )
    assert result.stdout.strip() == "done", result.stderr


@pytest.mark.parametrize(
    "name",
    [
        *("transforms.ToTensor", "datasets.MNIST", "transforms.Compose", "transforms"),
        *("transforms.Normalize", "utils.save_image", "transforms.Resize", "datasets"),
        *("datasets.CIFAR10", "transforms.CenterCrop", "transforms.RandomCrop"),
        *("transforms.RandomHorizontalFlip", "datasets.ImageFolder", "utils"),
        *("datasets.FashionMNIST", "transforms.Lambda", "datasets.FakeData"),
        *("transforms.Pad", "transforms.RandomResizedCrop", "transforms.ToPILImage"),
    ],
)
def test_names_of_public_scripts_are_there(name: str) -> None:
    result = torchvision
    for part in name.split("."):
        result = getattr(result, part)
