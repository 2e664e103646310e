"""`torch.save` and `torch.load`: tensors, checkpoints, devices, words of errors."""

import io
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.checkpoint import CheckpointError
from tests.checkpoint.pth import crafted
from tests.checkpoint.pth.known import numbers

FROZEN = Path(__file__).parents[2] / "checkpoint" / "pth" / "frozen"
BOTH = ["", "_old"]


def passed(value: Any, **how: Any) -> Any:
    """A value, saved and loaded."""
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file, **how)


def test_any_kind_of_file_is_taken(tmp_path: Path) -> None:
    x = torch.arange(3)
    for path in (tmp_path / "a.pkl", str(tmp_path / "checkpoint.pth.tar")):
        torch.save({"x": x}, path)
        assert torch.load(path)["x"].tolist() == [0, 1, 2]
        assert torch.load(path, mmap=True)["x"].tolist() == [0, 1, 2]
        with open(path, "rb") as file:
            assert torch.load(file)["x"].tolist() == [0, 1, 2]


@pytest.mark.parametrize("form", BOTH)
def test_pytorchs_tensors_are_read(form: str) -> None:
    result = torch.load(FROZEN / f"dtypes{form}.pth")
    for name, x in result.items():
        assert x.dtype is getattr(torch, name)
        wanted = numbers(name, *x.shape)
        assert np.asarray(x._array()).tobytes() == wanted.tobytes()
    assert {"bool", "bfloat16", "uint16", "float8_e8m0fnu"} <= result.keys()


@pytest.mark.parametrize("kind", ["float32", "bfloat16", "int64", "bool", "complex64"])
def test_dtypes_come_back(kind: str) -> None:
    x = torch.tensor([[1.0, 0.0], [3.0, -4.5]]).to(getattr(torch, kind))
    result = passed(x)
    assert result.dtype is x.dtype
    assert torch.equal(result, x)


@pytest.mark.parametrize("form", BOTH)
def test_views_of_pytorch_share_memory(form: str) -> None:
    result = torch.load(FROZEN / f"views{form}.pth")
    assert result["t"].stride() == (1, 3)
    assert result["wide"].stride() == (3, 0)
    result["x"][1, 0] = 7
    assert result["row"][0] == result["t"][0, 1] == result["wide"][1, 3] == 7
    result["t"][1, 0] = 9
    assert result["x"][0, 1] == 9


def test_views_share_memory_again() -> None:
    x = torch.arange(6.0).reshape(2, 3)
    x, row, flipped, same = passed([x, x[1], x.t(), x.detach()])
    x[1, 2] = 100
    assert row[2] == flipped[2, 1] == same[1, 2] == 100
    assert flipped.stride() == (1, 3)
    assert flipped._base is None  # it is no view for the gradient
    assert x.is_leaf


def test_one_tensor_met_twice_is_one_tensor() -> None:
    x = torch.ones(2)
    result = passed({"a": x, "b": [x]})
    assert result["a"] is result["b"][0]


def test_the_numbers_are_those_at_the_time_of_saving() -> None:
    x = torch.ones(2)
    y = x + 1  # recorded, not computed yet
    file = io.BytesIO()
    torch.save([x, y], file)
    x[0] = 5
    file.seek(0)
    assert [one.tolist() for one in torch.load(file)] == [[1, 1], [2, 2]]


def test_memory_that_numpy_holds_is_saved() -> None:
    array = np.arange(6.0).reshape(2, 3)
    for x in (torch.from_numpy(array), torch.from_numpy(array.T)):
        assert passed(x).tolist() == x.tolist()


def test_gradients_and_parameters_come_back() -> None:
    w = torch.nn.Parameter(torch.ones(2))
    x = torch.ones(2, requires_grad=True)
    w2, frozen, x2, y, plain = passed(
        [w, torch.nn.Parameter(torch.ones(1), False), x, x * 2, x.detach()]
    )
    assert type(w2) is torch.nn.Parameter
    assert [one.requires_grad for one in (w2, frozen, x2, y, plain)] == [
        *(True, False, True, True, False)
    ]
    assert y.is_leaf
    (w2 * x2).sum().backward()
    assert w2.grad.tolist() == [1, 1]


def test_attributes_of_tensors_come_back() -> None:
    w = torch.nn.Parameter(torch.ones(2))
    w.group = "slow"
    buffer = torch.nn.Buffer(torch.ones(2), persistent=False)
    w2, buffer2 = passed([w, buffer])
    assert w2.group == "slow"
    assert buffer2.persistent is False


def test_values_of_torch_come_back() -> None:
    values = [
        *(torch.Size([2, 3]), torch.float16, torch.device("cuda", 1), torch.strided),
        torch.channels_last,
    ]
    result = passed(values)
    assert result == values
    assert type(result[0]) is torch.Size


def test_a_checkpoint_of_a_training_script_comes_back() -> None:
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 8])
    model(torch.ones(2, 2)).sum().backward()
    optimizer.step()
    scheduler.step()
    checkpoint = {
        "epoch": 1,
        "arch": "net",
        "state_dict": model.state_dict(),
        "best_acc1": torch.tensor(0.5),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "rng": torch.get_rng_state(),
    }
    result = passed(checkpoint)
    wanted = torch.rand(3)
    torch.set_rng_state(result["rng"])
    assert torch.equal(torch.rand(3), wanted)
    assert result["state_dict"]._metadata == model.state_dict()._metadata
    model.load_state_dict(result["state_dict"])
    optimizer.load_state_dict(result["optimizer"])
    scheduler.load_state_dict(result["scheduler"])
    assert result["best_acc1"].shape == ()


@pytest.mark.parametrize("form", BOTH)
def test_training_goes_on_from_a_checkpoint_of_pytorch(form: str) -> None:
    result = torch.load(FROZEN / f"checkpoint{form}.pth")
    model = torch.nn.Linear(2, 1)
    assert str(model.load_state_dict(result["state_dict"])) == (
        "<All keys matched successfully>"
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=0.5)
    optimizer.load_state_dict(result["optimizer"])
    before = model.weight.detach().clone()
    model(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    # Adam's steps along a constant gradient are all of the size lr.
    assert torch.allclose(model.weight, before - 0.5)
    assert optimizer.state[model.weight]["step"] == 3
    torch.set_rng_state(result["rng"])
    assert torch.initial_seed() == 7


def test_numbers_of_numpy_are_read() -> None:
    result = torch.load(FROZEN / "numpy.pth")
    assert result["best"] == np.float32(1.5)
    assert result["rng"].tolist() == [0, 1, 2, 3]


# --- places ---------------------------------------------------------------------------


def on_gpu(kind: str = "cuda:0") -> io.BytesIO:
    where = crafted.storage(location=crafted.text(kind))
    return io.BytesIO(crafted.zipped(crafted.listed(crafted.tensor(where))))


LOCATIONS = [
    *("cpu", torch.device("cpu"), {"cuda:0": "cpu"}),
    *(lambda storage, place: storage, lambda storage, place: storage.cpu()),
]


@pytest.mark.parametrize(
    "location", LOCATIONS, ids=["str", "device", "dict", "as", "cpu"]
)
def test_tensors_of_a_gpu_are_put_where_they_are_wanted(location: Any) -> None:
    [result] = torch.load(on_gpu(), map_location=location)
    assert result.device == torch.device("cpu")
    assert result.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_function_is_told_where_storages_were() -> None:
    met = []
    torch.load(
        on_gpu("cuda:3"), map_location=lambda s, place: (met.append(place), s)[1]
    )
    assert met == ["cuda:3"]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
@pytest.mark.parametrize("location", [None, {"cuda:1": "cpu"}, lambda s, place: None])
def test_without_a_gpu_its_tensors_need_map_location(location: Any) -> None:
    with pytest.raises(RuntimeError, match=r"CUDA device but torch.cuda.is_available"):
        torch.load(on_gpu(), map_location=location)


# --- classes of the user --------------------------------------------------------------


class Settings:
    def __init__(self, rate: float) -> None:
        self.rate = rate


class History(list):
    pass


def test_objects_need_leave() -> None:
    file = io.BytesIO()
    torch.save({"settings": Settings(0.5), "past": History([1, 2])}, file)
    name = f"{Settings.__module__}.Settings"
    file.seek(0)
    with pytest.raises(pickle.UnpicklingError) as caught:
        torch.load(file)
    for words in ("Weights only load failed", name, "add_safe_globals", "weights_only"):
        assert words in str(caught.value)
    file.seek(0)
    with torch.serialization.safe_globals([Settings, History]):
        result = torch.load(file)
    assert result["settings"].rate == 0.5
    assert type(result["past"]) is History
    assert result["past"] == [1, 2]
    assert torch.serialization.get_safe_globals() == []
    file.seek(0)
    with pytest.warns(UserWarning, match="only if you trust"):
        assert torch.load(file, weights_only=False)["settings"].rate == 0.5


def test_a_class_may_be_let_in_under_another_name() -> None:
    file = io.BytesIO()
    torch.save(Settings(0.5), file)
    renamed = file.getvalue().replace(
        Settings.__module__.encode(), b"x" * len(Settings.__module__)
    )
    name = "x" * len(Settings.__module__) + ".Settings"
    torch.serialization.add_safe_globals([(Settings, name)])
    try:
        file = io.BytesIO(_with_right_checksums(renamed))
        assert torch.load(file).rate == 0.5
    finally:
        torch.serialization.clear_safe_globals()


def _with_right_checksums(data: bytes) -> bytes:
    import zipfile

    from tests.checkpoint.pth.crafted import Entry, archive

    with zipfile.ZipFile(io.BytesIO(data)) as result:
        entries = []
        for info in result.infolist():
            result.NameToInfo[info.filename].CRC = None
            entries.append(Entry(info.filename, result.open(info).read()))
    return archive(entries)


# --- words ----------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"PK\3\4" + b"x" * 90, b"hello"])
def test_damaged_files_are_runtime_errors(data: bytes) -> None:
    with pytest.raises((RuntimeError, pickle.UnpicklingError)) as caught:
        torch.load(io.BytesIO(data))
    assert isinstance(caught.value, CheckpointError)


def test_the_archives_words_are_those_that_are_searched_for(tmp_path: Path) -> None:
    path = tmp_path / "cut.pth"
    torch.save(torch.ones(100), path)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(RuntimeError, match="PytorchStreamReader failed reading"):
        torch.load(path)


def test_a_missing_file_is_told_as_python_does() -> None:
    with pytest.raises(FileNotFoundError):
        torch.load("nowhere.pth")


@pytest.mark.parametrize(
    "how",
    [
        {"pickle_protocol": 4},
        {"pickle_module": io},
        {"_use_new_zipfile_serialization": False},
    ],
    ids=str,
)
def test_other_ways_of_saving_are_refused(how: dict[str, Any]) -> None:
    with pytest.raises(CheckpointError, match="leave"):
        torch.save(1, io.BytesIO(), **how)


def test_mmap_needs_a_path() -> None:
    with pytest.raises(ValueError, match="f must be a file path"):
        passed(torch.ones(1), mmap=True)


def test_what_cannot_be_saved_is_named() -> None:
    with pytest.raises(CheckpointError, match=r"hook refers to .*lambda"):
        passed({"hook": lambda x: x})
    with pytest.raises(CheckpointError, match=r"cannot be saved: cannot pickle"):
        passed({"items": (i for i in range(3))})


def test_an_ordered_dict_stays_one() -> None:
    result = passed(OrderedDict(b=torch.ones(1), a=2))
    assert type(result) is OrderedDict
    assert list(result) == ["b", "a"]


def test_known_numbers_are_those_of_the_frozen_files() -> None:
    result = torch.load(FROZEN / "views.pth")["x"]
    assert result.numpy().tobytes() == numbers("float32", 2, 3).tobytes()


@pytest.mark.parametrize("shape", [(2, 2), (3, 3, 3), (2, 1, 2)])
def test_square_tensors_stay_transposed(shape: tuple[int, ...]) -> None:
    x = torch.arange(float(torch.Size(shape).numel())).view(*shape)
    for dim in range(1, len(shape)):
        shown = x.transpose(0, dim)
        buffer = io.BytesIO()
        torch.save([shown, x], buffer)
        buffer.seek(0)
        loaded, _ = torch.load(buffer)
        assert loaded.tolist() == shown.tolist()
        if 1 not in shape:
            assert loaded.stride() == shown.stride()
