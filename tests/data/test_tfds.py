"""TensorFlow Datasets without TensorFlow: build, read, shuffle, train."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from funcnet import InputError, InputTypeError, data
from funcnet.data import transforms as T
from tests.data.test_vision import write_mnist

pytest.importorskip("tensorflow_datasets")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder with the digits prepared."""
    folder = tmp_path_factory.mktemp("tfds")
    data.tfds("digits", "test", folder)
    return folder


def test_the_digits_are_those_that_funcnet_carries(root) -> None:
    images, labels = data.digits("test")
    result = data.tfds("digits", "test", root)
    assert len(result) == len(images) == 359
    assert len(data.tfds("digits", "train", root)) == 1438
    samples = [result[index] for index in range(359)]
    pixels = {(sample["image"].tobytes(), sample["label"]) for sample in samples}
    levels = np.rint(images * 255).astype(np.uint8)
    both = zip(levels, labels, strict=True)
    assert pixels == {(image.tobytes(), int(label)) for image, label in both}


@pytest.mark.parametrize(
    ("split", "count"),
    [
        ("test[:50%]", 180),
        ("test[10:30]", 20),
        ("test[-9:]", 9),
        ("train+test", 1797),
        ("all", 1797),
    ],
)
def test_parts_of_splits_are_read(split: str, count: int, root) -> None:
    assert len(data.tfds("digits", split, root)) == count


def test_samples_come_in_the_form_that_is_asked_for(root) -> None:
    sample = data.tfds("digits", "test", root)[3]
    assert sample["image"].shape == (8, 8, 1)
    assert sample["image"].dtype == np.uint8
    encoded = data.tfds("digits", "test", root, decoders={"image": "skip"})[3]
    assert encoded["image"].startswith(b"\x89PNG")
    pair = data.tfds("digits", "test", root, as_supervised=True)[3]
    np.testing.assert_array_equal(pair[0], sample["image"])
    assert pair[1] == sample["label"]
    changed = data.tfds("digits", "test", root, transform=lambda s: s["label"] + 100)
    assert changed[3] == sample["label"] + 100
    count = data.tfds("digits", "test", root).__getitems__([5, 3])
    np.testing.assert_array_equal(count[1]["image"], sample["image"])


def test_a_set_travels_to_workers(root) -> None:
    result = data.tfds("digits", "test", root, as_supervised=True)
    assert len(pickle.dumps(result)) < 20_000
    loader = data.DataLoader(result, batch_size=100, shuffle=True, num_workers=2)
    batches = list(loader)
    assert [len(labels) for _, labels in batches] == [100, 100, 100, 59]
    assert batches[0][0].shape == (100, 8, 8, 1)
    counts = np.bincount(np.concatenate([labels for _, labels in batches]))
    np.testing.assert_array_equal(counts, np.bincount(data.digits("test")[1]))


def test_an_image_folder_becomes_a_set(tmp_path) -> None:
    for name in ("cat", "dog"):
        (tmp_path / "images" / name).mkdir(parents=True)
        for n in range(3):
            noise = np.random.default_rng(n).integers(0, 256, (6 + n, 5, 3), np.uint8)
            Image.fromarray(noise).save(tmp_path / "images" / name / f"{n}.png")
    folder = data.vision.ImageFolder(tmp_path / "images")
    where = data.build_tfds(
        "pets", {"train": folder}, tmp_path / "sets", file_format="parquet"
    )
    assert where == tmp_path / "sets" / "pets" / "1.0.0"
    result = data.tfds("pets", "train", tmp_path / "sets")
    assert result.features["label"].names == ["cat", "dog"]
    seen = {
        (s["image"].tobytes(), s["label"]) for s in map(result.__getitem__, range(6))
    }
    assert seen == {(np.asarray(image).tobytes(), label) for image, label in folder}
    part = data.tfds(str(where), "train[2:4]")
    assert len(part) == 2
    np.testing.assert_array_equal(part[1]["image"], result[3]["image"])


def test_tensorflow_is_never_imported(root) -> None:
    code = (
        "import sys\nfrom funcnet import data\n"
        f"found = data.tfds('digits', 'test', {str(root)!r})\n"
        "found[0]\nprint({'tensorflow', 'jax'} & {*sys.modules})"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


def test_sets_that_need_tensorflow_are_read_from_their_original_files(tmp_path) -> None:
    pixels, labels = write_mnist(tmp_path)["train"]
    with pytest.warns(UserWarning, match="with TensorFlow only; its original files"):
        result = data.tfds("mnist", "train", tmp_path)
    assert len(result) == len(pixels)
    np.testing.assert_array_equal(result[4]["image"][..., 0], pixels[4])
    assert result[4]["label"] == labels[4]


@pytest.mark.filterwarnings("ignore:mnist can be prepared")
@pytest.mark.parametrize(
    ("split", "labels"),
    [
        ("train[:25%]", [0, 1, 2]),
        ("train[2:4]", [2, 3]),
        ("train[-2:]", [0, 1]),
        ("test+train[:1]", [0, 1, 2, 3, 4, 0]),
        ("train[9:2]", []),
    ],
)
def test_parts_of_original_files_are_read(split: str, labels, tmp_path) -> None:
    write_mnist(tmp_path)
    result = data.tfds(
        "mnist", split, tmp_path, as_supervised=True, transform=lambda pair: pair[1]
    )
    assert [result[i] for i in range(len(result))] == labels


GREY = np.zeros((4, 4), np.uint8)
ERRORS = [
    (lambda d: data.tfds("digits", "valid", d), InputError, "There are train, test"),
    (
        lambda d: data.tfds("nothing", "train", d),
        InputError,
        "no prepared set 'nothing'",
    ),
    (
        lambda d: data.tfds("mnist", "valid", d),
        InputError,
        "no split 'valid' of 'mnist'",
    ),
    (lambda d: data.tfds("mnist", "train", d), FileNotFoundError, "download=True"),
    (
        lambda d: data.tfds("digits", "test", d, decoders={"img": "skip"}),
        InputError,
        "for img; the features are image, label",
    ),
    (
        lambda d: data.build_tfds("digits", {"train": [(GREY, 1)]}, d),
        InputError,
        "is there already",
    ),
    (lambda d: data.build_tfds("a", {"train": []}, d), InputError, "has no samples"),
    (lambda d: data.build_tfds("a", {}, d), InputError, "no split"),
    (
        lambda d: data.build_tfds("a", {"t": [(GREY / 2, 1)]}, d),
        InputTypeError,
        "sample 0 of the split 't' has an image of float64",
    ),
    (
        lambda d: data.build_tfds("a", {"t": [(GREY, 2)]}, d, classes=["x"]),
        InputError,
        "the label 2",
    ),
    (
        lambda d: data.build_tfds("a", {"t": [(GREY, 0)]}, d, file_format="tfrecord"),
        InputError,
        "'tfrecord'",
    ),
]


@pytest.mark.parametrize(("call", "error", "words"), ERRORS)
def test_an_error_says_what_is_wrong(call, error, words: str, root) -> None:
    with pytest.raises(error, match=words):
        call(root)


def test_a_set_of_tfrecord_files_is_refused(tmp_path) -> None:
    folder = tmp_path / "old" / "1.0.0"
    folder.mkdir(parents=True)
    (folder / "dataset_info.json").write_text('{"fileFormat": "tfrecord"}')
    with pytest.raises(InputError, match=r"prepared as tfrecord.*no random access"):
        data.tfds("old", "train", tmp_path)


def test_the_latest_version_is_read(root, tmp_path) -> None:
    images = [(GREY + n, 0) for n in range(3)]
    first = data.build_tfds("greys", {"train": images}, tmp_path)
    for version in ("1.2.0", "1.10.0"):
        (tmp_path / "greys" / version).mkdir()
        text = (first / "dataset_info.json").read_text()
        result = tmp_path / "greys" / version / "dataset_info.json"
        result.write_text(text.replace('"array_record"', f'"of {version}"'))
    with pytest.raises(InputError, match=r"prepared as of 1\.10\.0"):
        data.tfds("greys", "train", tmp_path)
    assert len(data.tfds("greys:1.0.0", "train", tmp_path)) == 3


def test_transforms_and_tfds_fit_together(root) -> None:
    prepare = T.Compose([T.ToTensor(), T.Normalize([0.3], [0.4])])
    result = data.tfds(
        "digits", "test", root, transform=lambda s: (prepare(s["image"]), s["label"])
    )
    image, _ = result[0]
    assert image.shape == (1, 8, 8)
    assert image.dtype == np.float32
