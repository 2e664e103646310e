"""compat's datasets and loaders: tensors at the edge, PyTorch's generators."""

import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat.utils import data
from funcnet.compat.utils.data import DataLoader, Dataset, TensorDataset
from tests.data.samples import Draws, Point, Uneven, ints
from tests.data.test_samplers import ORDERS, WEIGHTS


def epochs(loader, count=3):
    return [[torch.as_tensor(b).tolist() for b in loader] for _ in range(count)]


@pytest.mark.parametrize(
    ("name", "seed", "options"),
    [
        ("shuffled", 3, {}),
        ("drop_last", 4, {"drop_last": True}),
        ("workers", 3, {"num_workers": 2}),
        ("persistent", 3, {"num_workers": 2, "persistent_workers": True}),
        ("generator", 3, {"generator": 7}),
    ],
)
@pytest.mark.parametrize("collate_fn", [ints, None])
def test_a_shuffled_loader_has_the_order_of_pytorch(name, seed, options, collate_fn):
    if "generator" in options:
        options = {"generator": torch.Generator().manual_seed(options["generator"])}
    torch.manual_seed(seed)
    dataset = TensorDataset(torch.arange(10))
    loader = DataLoader(dataset, 4, shuffle=True, collate_fn=collate_fn, **options)
    if collate_fn is None:
        result = [[batch[0].tolist() for batch in loader] for _ in range(3)]
    else:
        result = epochs(loader)
    assert result == ORDERS[name]


@pytest.mark.parametrize(
    ("name", "seed", "make"),
    [
        ("replacement", 1, lambda: data.RandomSampler(range(6), True, 40)),
        ("more", 1, lambda: data.RandomSampler(range(6), num_samples=15)),
        (
            "own_generator",
            1,
            lambda: data.RandomSampler(
                range(6), True, 40, torch.Generator().manual_seed(5)
            ),
        ),
        ("subset", 2, lambda: data.SubsetRandomSampler([5, 1, 3, 0])),
        ("weighted", 2, lambda: data.WeightedRandomSampler(WEIGHTS, 12)),
    ],
)
def test_samplers_draw_as_those_of_pytorch(name, seed, make):
    torch.manual_seed(seed)
    assert epochs(DataLoader(range(6), 4, sampler=make())) == ORDERS[name]


def test_random_split_draws_from_a_generator():
    parts = data.random_split(
        range(11), [0.5, 0.3, 0.2], torch.Generator().manual_seed(9)
    )
    assert [part.indices for part in parts] == ORDERS["split"]


def test_workers_draw_what_those_of_pytorch_draw():
    torch.manual_seed(11)
    assert epochs(DataLoader(Draws(8), 2, num_workers=2), 2) == ORDERS["draws"]


def test_streams_come_as_in_pytorch():
    for workers in (1, 2, 3):
        loader = DataLoader(Uneven(), 3, num_workers=workers)
        assert epochs(loader, 1) == ORDERS["streams"][str(workers)]


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        (1, "tensor([1, 1])"),
        (0.5, "tensor([0.5000, 0.5000], dtype=torch.float64)"),
        ("a", "['a', 'a']"),
        ((1, "a"), "[tensor([1, 1]), ('a', 'a')]"),
        ({"x": [np.float32(2)]}, "{'x': [tensor([2., 2.])]}"),
        (Point(1, True), "Point(x=tensor([1, 1]), y=tensor([True, True]))"),
        (np.int8([1, 2]), "tensor([[1, 2],\n        [1, 2]], dtype=torch.int8)"),
    ],
)
def test_batches_hold_tensors_and_lists(sample, expected, workers):
    (batch,) = DataLoader([sample, sample], 2, num_workers=workers)
    assert str(batch) == expected


@pytest.mark.parametrize("workers", [0, 2])
def test_a_dataset_may_return_tensors(workers):
    class Squares(Dataset):
        def __len__(self):
            return 5

        def __getitem__(self, index):
            return torch.full((3000,), float(index)) ** 2, {"n": torch.tensor(index)}

    first, *_ = DataLoader(Squares(), 2, shuffle=False, num_workers=workers)
    assert first[0].dtype == torch.float32
    assert first[0][:, 0].tolist() == [0, 1]
    assert first[1]["n"].dtype == torch.int64


def test_tensors_of_a_collate_fn_come_out_of_workers_as_tensors():
    def padded(samples):
        return torch.stack([torch.ones(4) * sample for sample in samples])

    (batch,) = DataLoader(range(3), 3, num_workers=1, collate_fn=padded)
    assert isinstance(batch, torch.Tensor)
    assert batch[:, 0].tolist() == [0, 1, 2]
    batch += 1  # it can be written to
    assert batch[:, 0].tolist() == [1, 2, 3]


def test_tensors_drawn_in_workers_are_those_of_pytorch():
    class Noise(Dataset):
        def __len__(self):
            return 4

        def __getitem__(self, index):
            return torch.rand(1)

    torch.manual_seed(3)
    result = [b.squeeze(1).tolist() for b in DataLoader(Noise(), 2, num_workers=2)]
    # PyTorch 2.13 after manual_seed(3).
    expected = [[0.2876, 0.6863], [0.7470, 0.8290]]
    np.testing.assert_allclose(result, expected, atol=5e-5)


def test_a_tensor_dataset_goes_to_workers_as_arrays():
    x = torch.arange(12.0).reshape(4, 3)
    loader = DataLoader(
        data.Subset(TensorDataset(x, x[:, 0]), [3, 1]), 2, num_workers=1
    )
    ((rows, first),) = loader
    assert rows.tolist() == [[9, 10, 11], [3, 4, 5]]
    assert first.tolist() == [9, 3]


def test_a_tensor_is_a_dataset_of_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are gathered at once, where a row is nothing but a row."""
    x = torch.arange(12.0).reshape(6, 2)
    asked = []
    original = torch.Tensor.__getitem__

    def getitem(self: torch.Tensor, index: Any) -> Any:
        asked.append(index)
        return original(self, index)

    def batches(dataset: Any, **settings: Any) -> list[Any]:
        return [batch.tolist() for batch in DataLoader(dataset, **settings)]

    torch.manual_seed(0)
    whole = batches(x, batch_size=4, shuffle=True)
    monkeypatch.setattr(torch.Tensor, "__getitem__", getitem)
    assert batches(x, batch_sampler=[[0, -1]]) == [[[0, 1], [10, 11]]]
    assert asked == []
    torch.manual_seed(0)
    assert batches(list(x), batch_size=4, shuffle=True) == whole
    with pytest.raises(IndexError, match="index 7 is out of bounds for dimension 0"):
        batches(x, batch_sampler=[[0, 7]])
    assert batches(x, batch_sampler=[[(0, 1), (2, 1)]]) == [[1, 5]]
    (batch,) = DataLoader(x.requires_grad_(), 6)
    assert batch.requires_grad


def test_stacked_samples_remember_their_gradient():
    x = torch.ones(3, requires_grad=True)
    ((batch, _),) = DataLoader([(x * 2, 1), (x * 3, 1)], 2)
    batch.sum().backward()
    assert x.grad.tolist() == [5, 5, 5]
    ((batch,),) = DataLoader(TensorDataset(torch.ones(2, 2, requires_grad=True)), 2)
    assert batch.requires_grad


def test_nothing_is_put_together_without_a_batch_size():
    samples = [(np.ones(2), "a"), (3, "b")]
    result = list(DataLoader(samples, batch_size=None))
    assert str(result) == ("[[tensor([1., 1.], dtype=torch.float64), 'a'], [3, 'b']]")


def test_the_old_spelling_of_a_tensor_dataset_is_taken():
    with pytest.warns(DeprecationWarning, match=r"write TensorDataset\(x, y\)"):
        dataset = TensorDataset(data_tensor=torch.ones(2), target_tensor=torch.ones(2))
    assert len(dataset) == 2
    with pytest.raises(AssertionError, match="Size mismatch between tensors"):
        TensorDataset(torch.ones(2), torch.ones(3))


def test_ragged_samples_raise_what_pytorch_raises():
    loader = DataLoader([torch.ones(2), torch.ones(3)], 2)
    message = r"stack expects each tensor to be equal size, but got \[2\] at entry 0"
    with pytest.raises(RuntimeError, match=message):
        list(loader)


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("seen", [0, 1, 4, 7])
def test_a_loader_goes_on_with_the_very_next_sample(seen, workers, tmp_path):
    def make():
        return DataLoader(range(10), 3, shuffle=True, num_workers=workers)

    def forever(loader):
        while True:
            yield from (batch.tolist() for batch in loader)

    torch.manual_seed(4)
    expected = list(itertools.islice(forever(make()), 10))
    torch.manual_seed(4)
    loader = make()
    begun = list(itertools.islice(forever(loader), seen))
    torch.save(loader.state_dict(), tmp_path / "loader.pt")
    torch.manual_seed(99)
    resumed = make()
    resumed.load_state_dict(torch.load(tmp_path / "loader.pt"))
    assert begun + list(itertools.islice(forever(resumed), 10 - seen)) == expected


def test_names_are_where_pytorch_has_them():
    assert data.dataset.Dataset is data.Dataset
    assert data.sampler.RandomSampler is data.RandomSampler
    assert data.dataloader.default_collate is data.default_collate
    assert data.distributed.DistributedSampler is data.DistributedSampler
    assert DataLoader[int] is DataLoader
    assert data.get_worker_info() is None


def test_a_distributed_sampler_asks_the_process_group():
    with pytest.raises(ValueError, match="process group has not been initialized"):
        data.DistributedSampler(range(3))
    torch.distributed.init_process_group("gloo", rank=0, world_size=1)
    try:
        sampler = data.DistributedSampler(range(3), shuffle=False)
    finally:
        torch.distributed.destroy_process_group()
    assert (sampler.num_replicas, sampler.rank, list(sampler)) == (1, 0, [0, 1, 2])


def test_import_torch_means_compat_in_workers_too(tmp_path):
    (tmp_path / "photos.py").write_text(
        "import torch\n"
        "class Photos(torch.utils.data.Dataset):\n"
        "    def __len__(self): return 2\n"
        "    def __getitem__(self, index): return torch.ones(2) * index\n"
    )
    script = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import funcnet.compat; funcnet.compat.install(even_if_installed=True)\n"
        "from photos import Photos\n"
        "from torch.utils.data import DataLoader\n"
        "print(list(DataLoader(Photos(), 2, num_workers=1)))\n"
    )
    command = [sys.executable, "-c", script]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout == "[tensor([[0., 0.],\n        [1., 1.]])]\n"
