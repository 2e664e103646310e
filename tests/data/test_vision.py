"""Datasets by name in torchvision's layouts, folders of images, downloads."""

import gzip
import hashlib
import io
import json
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from funcnet import InputError
from funcnet.data import images, vision
from funcnet.data.vision._files import DataFile, Remote
from tests.servers import Server
from tests.servers import server as server

RANDOM = np.random.default_rng(0)


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def idx(array: np.ndarray) -> bytes:
    sizes = np.array(array.shape, ">u4").tobytes()
    return b"\0\0\x08" + bytes([array.ndim]) + sizes + array.tobytes()


def digits(count: int) -> tuple[np.ndarray, np.ndarray]:
    pixels = RANDOM.integers(0, 256, (count, 28, 28), dtype=np.uint8)
    return pixels, np.arange(count, dtype=np.uint8) % 10


def write_mnist(root: Path, name: str = "MNIST") -> dict[str, tuple]:
    folder = root / name / "raw"
    folder.mkdir(parents=True)
    sets = {"train": digits(12), "t10k": digits(5)}
    for split, (pixels, labels) in sets.items():
        (folder / f"{split}-images-idx3-ubyte").write_bytes(idx(pixels))
        (folder / f"{split}-labels-idx1-ubyte").write_bytes(idx(labels))
    return sets


@pytest.mark.parametrize("kind", [vision.MNIST, vision.FashionMNIST, vision.KMNIST])
def test_mnist_and_its_relatives_are_read(kind, tmp_path) -> None:
    sets = write_mnist(tmp_path, kind.__name__)
    for split, train in (("train", True), ("t10k", False)):
        pixels, labels = sets[split]
        data = kind(tmp_path, train=train)
        assert len(data) == len(pixels)
        np.testing.assert_array_equal(data.data, pixels)
        assert data.targets.dtype == np.int64
        image, label = data[3]
        assert image.mode == "L"
        np.testing.assert_array_equal(np.asarray(image), pixels[3])
        assert label == labels[3]
        assert type(label) is int
    assert len(data.class_to_idx) == 10


def test_transforms_are_called_for_each_sample(tmp_path) -> None:
    write_mnist(tmp_path)
    data = vision.MNIST(
        tmp_path,
        transform=lambda image: image.size,
        target_transform=lambda label: -label,
    )
    assert data[3] == ((28, 28), -3)
    assert pickle.loads(pickle.dumps(vision.MNIST(tmp_path)))[1][1] == 1


def test_a_dataset_prints_as_torchvision_s(tmp_path) -> None:
    write_mnist(tmp_path)
    assert repr(vision.MNIST(tmp_path, train=False)) == (
        "Dataset MNIST\n    Number of datapoints: 5\n"
        f"    Root location: {tmp_path}\n    Split: Test"
    )


def test_one_error_names_the_files_and_the_folder(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match="You can use download=True") as error:
        vision.MNIST(tmp_path)
    text = str(error.value)
    assert str(tmp_path / "MNIST" / "raw") in text
    assert text.count(": missing") == 4
    assert "train-images-idx3-ubyte.gz" in text
    with pytest.raises(RuntimeError):  # what torchvision raises
        vision.CIFAR10(tmp_path)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda content: content[:-7], "is damaged"),
        (lambda content: b"\x1f\x8b" + content, "no IDX file"),
        (lambda content: b"", "no IDX file"),
    ],
)
def test_a_damaged_file_of_mnist_is_named(damage, words: str, tmp_path) -> None:
    write_mnist(tmp_path)
    path = tmp_path / "MNIST" / "raw" / "train-images-idx3-ubyte"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=words) as error:
        vision.MNIST(tmp_path)
    assert path.name in str(error.value)


def cifar_rows(count: int, labels: int) -> np.ndarray:
    rows = RANDOM.integers(0, 256, (count, labels + 3072), dtype=np.uint8)
    rows[:, :labels] %= 10
    return rows


def small_cifar(monkeypatch, kind, labels: int) -> None:
    size = 4 * (labels + 3072)
    for name in ("train_files", "test_files"):
        files = tuple(DataFile(file.name, size=size) for file in getattr(kind, name))
        monkeypatch.setattr(kind, name, files)


@pytest.mark.parametrize(
    ("kind", "labels", "count"), [(vision.CIFAR10, 1, 20), (vision.CIFAR100, 2, 4)]
)
def test_cifar_is_read(kind, labels: int, count: int, tmp_path, monkeypatch) -> None:
    small_cifar(monkeypatch, kind, labels)
    folder = tmp_path / kind.base
    folder.mkdir()
    names = [f"name{n}" for n in range(10)]
    (folder / kind.names_file).write_text("\n".join(names) + "\n")
    rows = {}
    for file in (*kind.train_files, *kind.test_files):
        rows[file.name] = cifar_rows(4, labels)
        (folder / file.name).write_bytes(rows[file.name].tobytes())
    data = kind(tmp_path)
    assert len(data) == count
    assert data.classes == names
    assert data.data.shape == (count, 32, 32, 3)
    first = rows[kind.train_files[0].name]
    image, label = data[2]
    assert label == first[2, labels - 1]
    planes = np.asarray(image).transpose(2, 0, 1).ravel()
    np.testing.assert_array_equal(planes, first[2, labels:])
    assert len(kind(tmp_path, train=False)) == 4
    (folder / kind.test_files[0].name).write_bytes(b"short")
    with pytest.raises(vision.DatasetMissingError, match="damaged: it has 5 bytes"):
        kind(tmp_path)


def test_svhn_is_read(tmp_path, monkeypatch) -> None:
    savemat = pytest.importorskip("scipy.io").savemat
    pixels = RANDOM.integers(0, 256, (32, 32, 3, 6), dtype=np.uint8)
    labels = np.array([[1], [10], [3], [9], [10], [2]], np.uint8)
    path = tmp_path / "test_32x32.mat"
    savemat(path, {"X": pixels, "y": labels})
    with pytest.raises(vision.DatasetMissingError, match="its MD5 is"):
        vision.SVHN(tmp_path, "test")
    told = ["http://nowhere.invalid/x.mat", path.name, md5(path.read_bytes())]
    monkeypatch.setitem(vision.SVHN.split_list, "test", told)
    data = vision.SVHN(tmp_path, "test")
    assert data.labels.tolist() == [1, 0, 3, 9, 0, 2]
    image, label = data[1]
    np.testing.assert_array_equal(np.asarray(image), pixels[..., 1])
    assert label == 0
    with pytest.raises(InputError, match="'valid' for argument split"):
        vision.SVHN(tmp_path, "valid")


def test_stl10_is_read(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "stl10_binary"
    folder.mkdir()
    contents = {
        "train_X.bin": RANDOM.integers(0, 256, (6, 3, 96, 96), dtype=np.uint8),
        "train_y.bin": np.arange(1, 7, dtype=np.uint8),
        "unlabeled_X.bin": RANDOM.integers(0, 256, (2, 3, 96, 96), dtype=np.uint8),
        "test_X.bin": RANDOM.integers(0, 256, (3, 3, 96, 96), dtype=np.uint8),
        "test_y.bin": np.array([2, 1, 3], np.uint8),
    }
    files = []
    for name, array in contents.items():
        (folder / name).write_bytes(array.tobytes())
        files.append([name, md5(array.tobytes())])
    (folder / "class_names.txt").write_text("airplane\nbird\n")
    (folder / "fold_indices.txt").write_text("0 2 4 \n1 3 \n")
    monkeypatch.setattr(vision.STL10, "train_list", files[:3])
    monkeypatch.setattr(vision.STL10, "test_list", files[3:])
    lengths = {"train": 6, "test": 3, "unlabeled": 2, "train+unlabeled": 8}
    for split, length in lengths.items():
        assert len(vision.STL10(tmp_path, split)) == length
    data = vision.STL10(tmp_path, folds=1)
    assert data.labels.tolist() == [1, 3]
    assert data.classes == ["airplane", "bird"]
    image, label = data[0]
    stored = contents["train_X.bin"][1]
    np.testing.assert_array_equal(np.asarray(image), stored.transpose(2, 1, 0))
    assert label == 1
    assert vision.STL10(tmp_path, "unlabeled")[0][1] == -1


def test_fake_data_are_the_same_in_every_run() -> None:
    data = vision.FakeData(size=5, image_size=(3, 6, 8), num_classes=4)
    np.testing.assert_array_equal(np.asarray(data[2][0]), np.asarray(data[2][0]))
    assert data[2][0].size == (8, 6)
    shifted = vision.FakeData(5, (3, 6, 8), 4, random_offset=1)
    np.testing.assert_array_equal(np.asarray(shifted[1][0]), np.asarray(data[2][0]))
    with pytest.raises(IndexError, match="index 5 out of range"):
        data[5]


def test_coco_gives_annotations_and_captions(tmp_path) -> None:
    for name in ("b.png", "a.png"):
        images.write_png(np.zeros((3, 4, 6), np.uint8), tmp_path / name)
    content = {
        "images": [{"id": 7, "file_name": "b.png"}, {"id": 3, "file_name": "a.png"}],
        "annotations": [
            {"id": 1, "image_id": 7, "bbox": [0, 1, 2, 3], "caption": "one"},
            {"id": 2, "image_id": 7, "bbox": [1, 1, 2, 2], "caption": "two"},
        ],
        "categories": [{"id": 5, "name": "cat"}],
    }
    file = tmp_path / "annotations.json"
    file.write_text(json.dumps(content))
    result = vision.CocoDetection(tmp_path, file)
    assert result.ids == [3, 7]
    image, target = result[1]
    assert image.size == (6, 4)
    assert [one["bbox"] for one in target] == [[0, 1, 2, 3], [1, 1, 2, 2]]
    assert result[0][1] == []
    assert result.categories[5]["name"] == "cat"
    both = vision.CocoCaptions(tmp_path, file, transforms=lambda i, t: (i.size, t[0]))
    assert both[1] == ((6, 4), "one")
    file.write_text("[]")
    with pytest.raises(InputError, match=r"annotations\.json is no file of COCO"):
        vision.CocoDetection(tmp_path, file)


def draw_folder(root: Path) -> Path:
    for name, count in (("dog", 2), ("cat", 3)):
        (root / name / "deeper").mkdir(parents=True)
        for n in range(count):
            where = root / name / ("deeper" if n else ".")
            images.write_png(np.full((3, 4, 4), n, np.uint8), where / f"{n}.PNG")
        (root / name / "notes.txt").write_text("no image")
    return root


def test_an_image_folder_is_sorted(tmp_path) -> None:
    data = vision.ImageFolder(draw_folder(tmp_path))
    assert data.classes == ["cat", "dog"]
    assert data.class_to_idx == {"cat": 0, "dog": 1}
    assert data.targets == [0, 0, 0, 1, 1]
    names = [str(Path(path).relative_to(tmp_path)) for path, _ in data.imgs]
    assert names == [
        "cat/0.PNG",
        "cat/deeper/1.PNG",
        "cat/deeper/2.PNG",
        "dog/0.PNG",
        "dog/deeper/1.PNG",
    ]
    image, label = data[4]
    assert (image.mode, image.getpixel((0, 0)), label) == ("RGB", (1, 1, 1), 1)


def test_other_files_are_taken_by_extension_or_by_a_function(tmp_path) -> None:
    draw_folder(tmp_path)
    notes = vision.DatasetFolder(tmp_path, lambda p: Path(p).read_text(), (".txt",))
    assert [notes[0], len(notes)] == [("no image", 0), 2]
    ones = vision.ImageFolder(tmp_path, is_valid_file=lambda path: "1." in path)
    assert len(ones) == 2
    with pytest.raises(InputError, match="at the same time"):
        vision.DatasetFolder(tmp_path, str)


def test_an_empty_class_is_named(tmp_path) -> None:
    (draw_folder(tmp_path) / "bird").mkdir()
    with pytest.raises(FileNotFoundError, match=r"the classes bird in .*\.jpg"):
        vision.ImageFolder(tmp_path)
    assert len(vision.ImageFolder(tmp_path, allow_empty=True).classes) == 3


def test_an_empty_or_missing_folder_is_named(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match=f"class folder in {tmp_path}:"):
        vision.ImageFolder(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere"):
        vision.ImageFolder(tmp_path / "nowhere")


def test_a_damaged_image_in_a_folder_is_named(tmp_path) -> None:
    data = vision.ImageFolder(draw_folder(tmp_path))
    (tmp_path / "dog" / "0.PNG").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    with pytest.raises(images.ImageError, match=r"dog/0\.PNG"):
        data[3]


CONTENT = RANDOM.integers(0, 256, 300_000, dtype=np.uint8).tobytes()


def test_a_download_that_breaks_off_goes_on_where_it_was(server, tmp_path) -> None:
    server.files["a.bin"], server.breaks = CONTENT, 2
    vision.download((server.url("a.bin"),), tmp_path / "a.bin", md5(CONTENT))
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    assert server.asked == [None, "bytes=150000-", "bytes=225000-"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_a_later_call_goes_on_where_the_first_gave_up(server, tmp_path) -> None:
    server.files["a.bin"], server.breaks = CONTENT, 3
    path = tmp_path / "a.bin"
    with pytest.raises(vision.DownloadError, match="IncompleteRead"):
        vision.download((server.url("a.bin"),), path, md5(CONTENT))
    assert not path.exists()
    assert path.with_name("a.bin.part").stat().st_size == 262_500
    vision.download((server.url("a.bin"),), path, md5(CONTENT))
    assert path.read_bytes() == CONTENT
    assert server.asked[-1] == "bytes=262500-"


def test_a_part_that_is_whole_is_only_checked(server, tmp_path) -> None:
    server.files["a.bin"] = CONTENT
    (tmp_path / "a.bin.part").write_bytes(CONTENT)
    vision.download((server.url("a.bin"),), tmp_path / "a.bin", md5(CONTENT))
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_a_server_without_ranges_is_asked_for_all(server, tmp_path) -> None:
    server.files["a.bin"], server.breaks, server.ranges = CONTENT, 1, False
    vision.download((server.url("a.bin"),), tmp_path / "a.bin", md5(CONTENT))
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_nothing_behind(server, tmp_path) -> None:
    server.files["a.bin"] = CONTENT
    with pytest.raises(vision.DownloadError, match=f"must be {md5(b'')}"):
        vision.download((server.url("a.bin"),), tmp_path / "a.bin", md5(b""))
    assert list(tmp_path.iterdir()) == []


def test_the_next_address_is_tried_and_all_are_named(server, tmp_path) -> None:
    server.files["here/a.bin"] = CONTENT
    urls = (server.url("gone/a.bin"), server.url("here/a.bin"))
    vision.download(urls, tmp_path / "a.bin", md5(CONTENT))
    assert (tmp_path / "a.bin").read_bytes() == CONTENT
    urls = (server.url("gone/b.bin"), server.url("lost/b.bin"))
    with pytest.raises(vision.DownloadError) as error:
        vision.download(urls, tmp_path / "b.bin")
    text = str(error.value)
    assert all(url in text for url in urls)
    assert f"put it into {tmp_path}" in text


def test_mnist_is_downloaded_and_unpacked(server, tmp_path, monkeypatch) -> None:
    write_mnist(tmp_path / "source")
    checksums = []
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3"):
        checksums.append(serve_packed(server, tmp_path, f"{name}-ubyte"))
    checksums.append(serve_packed(server, tmp_path, "t10k-labels-idx1-ubyte"))
    monkeypatch.setattr(vision.MNIST, "mirrors", (server.url("no/"), server.url("")))
    names = [name for name, _ in vision.MNIST.resources]
    resources = list(zip(names, checksums, strict=True))
    monkeypatch.setattr(vision.MNIST, "resources", resources)
    root = tmp_path / "root"
    data = vision.MNIST(root, download=True)
    assert len(data) == 12
    asked = len(server.asked)
    assert len(vision.MNIST(root, train=False, download=True)) == 5
    assert len(server.asked) == asked  # what is there is not fetched again


def serve_packed(server: Server, folder: Path, name: str) -> str:
    plain = (folder / "source" / "MNIST" / "raw" / name).read_bytes()
    server.files[f"{name}.gz"] = gzip.compress(plain)
    return md5(server.files[f"{name}.gz"])


def packed(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def test_cifar_is_downloaded_and_unpacked(server, tmp_path, monkeypatch) -> None:
    small_cifar(monkeypatch, vision.CIFAR100, 2)
    base = vision.CIFAR100.base
    names = "\n".join(map(str, range(10))).encode()
    files = {f"{base}/fine_label_names.txt": names}
    for name in ("train.bin", "test.bin"):
        files[f"{base}/{name}"] = cifar_rows(4, 2).tobytes()
    archive = packed(files)
    server.files["cifar.tar.gz"] = archive
    remote = Remote((server.url("cifar.tar.gz"),), md5(archive))
    monkeypatch.setattr(vision.CIFAR100, "remote", remote)
    assert len(vision.CIFAR100(tmp_path, download=True)) == 4


def test_an_archive_cannot_write_outside_its_folder(server, tmp_path, monkeypatch):
    archive = packed({"../outside.txt": b"x"})
    server.files["cifar.tar.gz"] = archive
    remote = Remote((server.url("cifar.tar.gz"),), md5(archive))
    monkeypatch.setattr(vision.CIFAR10, "remote", remote)
    with pytest.raises(tarfile.FilterError):
        vision.CIFAR10(tmp_path / "root", download=True)
    assert not (tmp_path / "outside.txt").exists()


def test_pixels_of_image_folders_equal_those_read_by_hand(tmp_path) -> None:
    (tmp_path / "a").mkdir()
    noise = RANDOM.integers(0, 256, (9, 8, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "a" / "1.bmp")
    image, _ = vision.ImageFolder(tmp_path)[0]
    np.testing.assert_array_equal(np.asarray(image), noise)
