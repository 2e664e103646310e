"""Storages: the memory of tensors as objects, and functions of each element."""

import copy
import ctypes
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import funcnet.compat as torch

pytestmark = pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")


ROOT = Path(__file__).parents[3]


def matrix() -> Any:
    return torch.arange(6.0).view(2, 3)


def test_sizes_of_storages() -> None:
    x = matrix()
    typed, untyped = x[1].storage(), x[1].untyped_storage()
    assert (len(typed), typed.size(), typed.nbytes(), typed.element_size()) == (
        *(6, 6),
        *(24, 4),
    )
    assert (len(untyped), untyped.size(), untyped.nbytes()) == (24, 24, 24)
    assert torch.ones(1).expand(5).storage().size() == 1


def test_addresses_tell_what_is_shared() -> None:
    x = matrix()
    assert x.data_ptr() == x.T.data_ptr() == x.detach().data_ptr()
    assert x.storage().data_ptr() == x[1].untyped_storage().data_ptr()
    assert x[1:].data_ptr() - x.data_ptr() == 12
    assert x.clone().data_ptr() != x.data_ptr()
    assert torch.empty(0).data_ptr() == 0
    assert x.untyped_storage() is x[0].untyped_storage()
    assert x.storage()._cdata != x.clone().storage()._cdata
    y = torch.ones(1000)
    lies = range(y.data_ptr(), y.data_ptr() + 4000)
    assert torch.ones(1).data_ptr() not in lies


def test_an_address_is_that_of_numpy_which_shares() -> None:
    x = torch.ones(3)
    array = x.numpy()
    assert x.data_ptr() == array.__array_interface__["data"][0]


def test_the_numbers_lie_at_their_address() -> None:
    def read(x: torch.Tensor) -> list[float]:
        at = ctypes.cast(x.data_ptr(), ctypes.POINTER(ctypes.c_float))
        return [at[i] for i in range(x.numel())]

    x = matrix() * 2
    address = x.data_ptr()
    assert read(x) == [0, 2, 4, 6, 8, 10]
    assert read(x[1]) == [6, 8, 10]
    x += 1
    assert x.data_ptr() == address
    assert read(x) == [1, 3, 5, 7, 9, 11]
    x.numpy()[0, 0] = 7
    assert read(x)[0] == 7


def test_a_file_is_mapped(tmp_path: Path) -> None:
    path = tmp_path / "raw"
    written = torch.UntypedStorage.from_file(path, shared=True, nbytes=4)
    written[2] = 7
    assert path.read_bytes() == b"\0\0\7\0"
    private = torch.UntypedStorage.from_file(str(path), nbytes=3)
    private[0] = 1
    assert private[:3].tolist() == [1, 0, 7]
    assert path.read_bytes() == b"\0\0\7\0"


def test_safetensors_reads_and_writes(tmp_path: Path) -> None:
    code = """
import sys
import funcnet.compat as torch
torch.install(even_if_installed=True)
import safetensors.torch as files
kinds = {"torch.float16": 1.5, "torch.bfloat16": 2.5, "torch.bool": True}
kept = {str(i): torch.full((2, i), 2.5) for i in range(3)} | {"s": torch.tensor(4)}
kept |= {name: torch.tensor([value]) for name, value in kinds.items()}
files.save_file(kept, sys.argv[1])
for name, x in files.load_file(sys.argv[1]).items():
    assert x.dtype is kept[name].dtype and torch.equal(x, kept[name]), name
"""
    command = [sys.executable, "-c", code, str(tmp_path / "x.safetensors")]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)})


def test_a_copy_that_is_asked_for_by_position_is_made() -> None:
    x = matrix()
    assert x.to("cpu", None, False, True) is not x
    assert x.to(torch.float32, False, True) is not x
    assert x.to("cpu", torch.float32, True) is x


def test_writing_to_a_storage_writes_to_the_tensor() -> None:
    x = matrix()
    x.storage()[5] = 9.0
    assert x[1, 2] == 9
    x[0].storage().fill_(1.0)
    assert x.tolist() == [[1, 1, 1], [1, 1, 1]]
    x.storage().copy_(matrix().storage())
    assert x.storage().tolist() == [0, 1, 2, 3, 4, 5]
    b = torch.zeros(2, dtype=torch.uint8)
    b.untyped_storage()[0] = 7
    assert b.tolist() == [7, 0]
    assert bytes(b.untyped_storage()) == b"\x07\x00"


def test_tensors_are_set_to_storages() -> None:
    x = matrix()
    y = torch.empty(0).set_(x.storage(), 1, (2, 2), (2, 1))
    assert y.tolist() == [[1, 2], [3, 4]]
    y[0, 0] = 8
    assert x[0, 1] == 8
    z = torch.empty(0).set_(x.untyped_storage())
    assert z.data_ptr() == x.data_ptr()
    assert torch.FloatTensor(x.storage()).shape == (6,)
    assert torch.ones(3).set_().shape == (0,)
    rebuilt = torch._utils._rebuild_tensor_v2(x.storage(), 3, (3,), (1,), False, None)
    assert rebuilt.tolist() == [3, 4, 5]
    with pytest.raises(RuntimeError, match="Expected a Storage of type long int"):
        torch.empty(0, dtype=torch.int64).set_(x.storage())


def test_classes_of_storages() -> None:
    s = matrix().storage()
    assert isinstance(s, torch.FloatStorage)
    assert isinstance(s, torch.TypedStorage)
    assert not isinstance(s, torch.LongStorage)
    assert s.type() == "torch.FloatStorage"
    assert s.pickle_storage_type() == "FloatStorage"
    assert torch.LongStorage([1, 2]).tolist() == [1, 2]
    assert torch.FloatStorage(3).size() == 3
    assert torch.UntypedStorage([1, 2]).tolist() == [1, 2]
    assert torch.is_storage(s)
    assert not torch.is_storage(matrix())
    assert s.int().tolist() == [0, 1, 2, 3, 4, 5]
    assert repr(torch.ones(1).storage()) == (
        " 1.0\n[torch.storage.TypedStorage(dtype=torch.float32, device=cpu) of size 1]"
    )


def test_copies_of_storages() -> None:
    s = matrix().storage()
    for result in (s.clone(), copy.deepcopy(s), pickle.loads(pickle.dumps(s))):
        assert result.tolist() == s.tolist()
        assert result.data_ptr() != s.data_ptr()


def test_memory_is_let_go_of_and_comes_back() -> None:
    x = torch.ones(4)
    x.untyped_storage().resize_(0)
    assert x.untyped_storage().size() == 0
    assert x.shape == (4,)
    x.untyped_storage().resize_(16)
    x.copy_(torch.arange(4.0))
    assert x.tolist() == [0, 1, 2, 3]
    with pytest.raises(RuntimeError, match="cannot let a storage of 16 bytes grow"):
        x.untyped_storage().resize_(32)


def test_indices_of_storages() -> None:
    s = matrix().storage()
    assert s[-1] == 5
    with pytest.raises(IndexError, match="index 9 out of range for storage of size 6"):
        s[9]
    with pytest.raises(RuntimeError, match="slices are only supported in Untyped"):
        s[1:]


def test_functions_of_each_element() -> None:
    x = torch.tensor([1.0, 2.0])
    assert x.apply_(lambda v: 2 * v).tolist() == [2, 4]
    assert x.map_(torch.tensor([3.0]), lambda a, b: a + b).tolist() == [5, 7]
    assert x.map2_(x.clone(), x.clone(), lambda a, b, c: a - b * c).tolist() == [
        *(-20, -42)
    ]
    y = torch.zeros(2, 2, dtype=torch.int64)
    y[:, 1].apply_(lambda v: v + 2.5)
    assert y.tolist() == [[0, 2], [0, 2]]


WRONG: dict[str, tuple[Any, type[Exception], str]] = {
    "gradient": (
        lambda: torch.ones(1, requires_grad=True).apply_(float),
        RuntimeError,
        r"Can't call apply_\(\) on Variable that requires grad",
    ),
    "dtype": (
        lambda: torch.zeros(2).map_(torch.tensor([3, 4]), max),
        TypeError,
        r"map_: expected torch.FloatTensor for 'other' \(got torch.LongTensor\)",
    ),
    "text": (
        lambda: torch.ones(1).apply_(str),
        TypeError,
        "must be real number, not str",
    ),
    "no function": (lambda: torch.ones(1).apply_(3), TypeError, "is not callable"),
}


@pytest.mark.parametrize("case", WRONG)
def test_functions_of_each_element_refuse(case: str) -> None:
    call, kind, said = WRONG[case]
    with pytest.raises(kind, match=said):
        call()
