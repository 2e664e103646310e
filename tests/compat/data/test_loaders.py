"""What compat's loaders take for datasets, make batches of, refuse, let one set."""

import collections

import numpy as np
import pytest

import funcnet.compat as torch
from funcnet.compat.utils import data
from funcnet.compat.utils.data import DataLoader, Dataset, TensorDataset
from tests.data.samples import Row


@pytest.mark.parametrize("workers", [0, 1])
def test_a_tensor_is_a_dataset_of_its_rows(workers):
    def lists(dataset):
        return [b.tolist() for b in DataLoader(dataset, 2, num_workers=workers)]

    x = torch.arange(3.0)
    assert lists(x) == [[0, 1], [2]]
    assert lists(data.Subset(x, [2, 0])) == [[2, 0]]
    (part, _) = data.random_split(torch.zeros(4, 1), [2, 2])
    assert lists(part) == [[[0], [0]]]


@pytest.mark.parametrize("name", ["gather", "order", "allocate", "set_epoch"])
def test_a_method_of_the_users_is_not_taken_for_one_of_the_loaders(name):
    class Mine(Dataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return index

    class Backwards(data.Sampler):
        def __iter__(self):
            return iter([1, 0])

    def never(*args):
        raise AssertionError(name)

    setattr(Mine, name, never)
    setattr(Backwards, name, never)
    (batch,) = DataLoader(Mine(), 2, sampler=Backwards())
    assert batch.tolist() == [1, 0]


def test_functions_put_into_a_class_of_datasets_are_called(monkeypatch):
    dataset = TensorDataset(torch.arange(2))
    monkeypatch.setattr(TensorDataset, "__getitem__", lambda self, i: (i + 10,))
    assert [b.tolist() for (b,) in DataLoader(dataset, 2)] == [[10, 11]]
    monkeypatch.setattr(
        TensorDataset, "__getitems__", lambda self, i: [(7,)] * len(i), raising=False
    )
    assert [b.tolist() for (b,) in DataLoader(dataset, 2)] == [[7, 7]]


DEFAULTS = collections.defaultdict(list, a=1)


# What PyTorch 2.13 gives.
@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([1, 2.5], "tensor([1.0000, 2.5000])"),
        ([2.5, 1], "tensor([2.5000, 1.0000], dtype=torch.float64)"),
        ([True, 2], "tensor([1, 2])"),
        ([1, 2j], "tensor([1.+0.j, 0.+2.j])"),
        ([np.int64(1), np.float32(2)], "tensor([1., 2.])"),
        ([torch.ones(1, dtype=torch.bfloat16)] * 2, "tensor([[1.],\n        [1.]], "
         "dtype=torch.bfloat16)"),
        ([torch.arange(1), torch.ones(1)], "tensor([[0.],\n        [1.]])"),
        ([[("a", 1)]] * 2, "[[('a', 'a'), tensor([1, 1])]]"),
        ([DEFAULTS] * 2, "defaultdict(<class 'list'>, {'a': tensor([1, 1])})"),
        ([collections.OrderedDict(b=1, a=2)] * 2,
         str(collections.OrderedDict(b=torch.tensor([1, 1]), a=torch.tensor([2, 2])))),
        ([[], []], "[]"),
        ([(), ()], "[]"),
        ([Row(1, 2), Row(3, 4)], "[tensor([1, 3]), tensor([2, 4])]"),
        ([collections.deque([1])] * 2, "deque([tensor([1, 1])])"),
    ],
)  # fmt: skip
def test_batches_follow_the_rules_of_pytorch(samples, expected, workers):
    (batch,) = DataLoader(samples, 2, num_workers=workers)
    assert str(batch) == expected
    assert str(data.default_collate(samples)) == expected
    assert not isinstance(batch, list) or type(batch) in (list, Row)


@pytest.mark.parametrize(
    ("samples", "kind", "message"),
    [
        ([None], TypeError, r"dicts or lists; found <class 'NoneType'>$"),
        ([1j], TypeError, r"dicts or lists; found <class 'complex'>$"),
        ([np.array(["a"])], TypeError, "found <U1$"),
        ([[1], [1, 2]], RuntimeError, "each element in list of batch should be of eq"),
        ([{"a": 1}, {}], KeyError, "a"),
        ([torch.ones(1), None], TypeError, "expected Tensor as element 1 in arg"),
        ([np.ones(1), np.ones(2)], RuntimeError, r"but got \[1\] at entry 0 and \[2\]"),
    ],
)  # fmt: skip
def test_what_makes_no_batch_is_refused_in_the_words_of_pytorch(samples, kind, message):
    with pytest.raises(kind, match=message):
        data.default_collate(samples)
    with pytest.raises(kind, match=message.rstrip("$")):
        list(DataLoader(samples, len(samples), num_workers=1))


def test_functions_for_other_classes_are_entered_or_given(monkeypatch):
    def joined(batch, *, collate_fn_map=None):
        return "+".join(str(abs(x)) for x in batch)

    class Word:
        def __abs__(self):
            return 1

    known = data._utils.collate.default_collate_fn_map
    collate = data._utils.collate.collate
    batch = [{"a": Word()}, {"a": Word()}]
    assert collate(batch, collate_fn_map={Word: joined}) == {"a": "1+1"}
    with pytest.raises(TypeError, match="Word"):
        data.default_collate(batch)
    monkeypatch.setitem(known, Word, joined)
    for workers in (0, 1):
        assert list(DataLoader(batch, 2, num_workers=workers)) == [{"a": "1+1"}]


@pytest.mark.parametrize("workers", [0, 1])
def test_an_iterator_knows_how_long_it_is(workers):
    loader = DataLoader(range(5), 2, num_workers=workers)
    iterator = iter(loader)
    assert len(iterator) == len(loader) == 3
    module = data.dataloader
    parallel = isinstance(iterator, module._MultiProcessingDataLoaderIter)
    assert parallel == bool(workers)
    assert isinstance(iterator, module._BaseDataLoaderIter)
    assert loader._iterator is None
    list(iterator)
    assert iterator._num_yielded == 3


def test_what_a_loader_was_made_of_stays():
    loader = DataLoader(range(2))
    for name in ("batch_size", "sampler", "batch_sampler", "drop_last", "dataset"):
        with pytest.raises(ValueError, match=f"^{name} attribute should not be set af"):
            setattr(loader, name, None)
    with pytest.raises(ValueError, match="can only be used with multi-process loading"):
        loader.multiprocessing_context = "fork"
    loader = DataLoader(range(2), num_workers=1, multiprocessing_context="spawn")
    assert loader.multiprocessing_context.get_start_method() == "spawn"
    with pytest.raises(ValueError, match="should specify a valid start method in"):
        loader.multiprocessing_context = "x"
    with pytest.raises(TypeError, match="should be a valid context object or a"):
        loader.multiprocessing_context = 3


@pytest.mark.parametrize("workers", [0, 1])
def test_a_loader_may_be_given_batches_without_an_end(workers):
    class Repeat:
        def __init__(self, sampler):
            self.sampler = sampler

        def __iter__(self):
            while True:
                yield from self.sampler

    class Endless(DataLoader):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            object.__setattr__(self, "batch_sampler", Repeat(self.batch_sampler))
            self.iterator = super().__iter__()

        def __iter__(self):
            return (next(self.iterator) for _ in range(2))

    loader = Endless(range(3), 2, num_workers=workers)
    for _ in range(3):
        assert [batch.tolist() for batch in loader] == [[0, 1], [2]]


@pytest.mark.parametrize("drop_last", [False, True])
def test_fetchers_collate_what_is_asked_for(drop_last):
    fetch = data._utils.fetch
    by_index = fetch._MapDatasetFetcher([10, 11, 12], True, list, drop_last)
    assert by_index.fetch([2, 0]) == [12, 10]
    in_order = fetch._IterableDatasetFetcher(range(3), True, list, drop_last)
    assert in_order.fetch([0, 0]) == [0, 1]
    assert not in_order.ended
    if not drop_last:
        assert in_order.fetch([0, 0]) == [2]
    with pytest.raises(StopIteration):
        in_order.fetch([0, 0])
