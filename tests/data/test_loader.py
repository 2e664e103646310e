"""The loader in one process: options, lengths, what it asks of a dataset."""

import numpy as np
import pytest

from funcnet import InputError, InputTypeError, data
from funcnet.data import DataLoader


def lists(loader):
    return [np.asarray(batch).tolist() for batch in loader]


class Read(data.IterableDataset):
    def __iter__(self):
        return iter(range(5))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[0], [1], [2], [3], [4]]),
        ({"batch_size": 2}, [[0, 1], [2, 3], [4]]),
        ({"batch_size": 2, "drop_last": True}, [[0, 1], [2, 3]]),
        ({"batch_size": None}, [0, 1, 2, 3, 4]),
        ({"batch_size": 3, "pin_memory": True}, [[0, 1, 2], [3, 4]]),
        ({"batch_size": 4, "collate_fn": sum}, [6, 4]),
    ],
)
@pytest.mark.parametrize("dataset", [range(5), Read()])
def test_batches(dataset, options, expected):
    loader = DataLoader(dataset, **options)
    assert lists(loader) == expected
    if dataset == range(5):
        assert len(loader) == len(expected)


def test_a_sampler_gives_the_order():
    loader = DataLoader("abcde", 2, sampler=[4, 0, 2])
    assert list(loader) == [["e", "a"], ["c"]]
    assert len(loader) == 2


def test_rows_are_asked_for_together_where_the_dataset_can():
    asked = []

    class Rows:
        def __len__(self):
            return 4

        def __getitem__(self, index):
            raise AssertionError("one by one")

        def __getitems__(self, indices):
            asked.append(indices)
            return [{"n": index, "name": str(index)} for index in indices]

    batches = list(DataLoader(Rows(), 3))
    assert asked == [[0, 1, 2], [3]]
    assert batches[0]["n"].tolist() == [0, 1, 2]
    assert batches[0]["name"] == ["0", "1", "2"]


def test_nothing_is_put_together_without_a_batch_size():
    samples = [(np.zeros(2), "a"), (np.zeros(3), "b")]
    result = list(DataLoader(samples, batch_size=None))
    assert all(one is other for one, other in zip(result, samples, strict=True))


def test_two_loops_over_one_loader_do_not_disturb_each_other():
    loader = DataLoader(range(4), 2)
    pairs = [(a.tolist(), b.tolist()) for a, b in zip(loader, loader, strict=True)]
    assert pairs == [([0, 1], [0, 1]), ([2, 3], [2, 3])]


def test_the_length_of_a_stream_is_that_of_its_dataset():
    class Counted(Read):
        def __len__(self):
            return 5

    assert len(DataLoader(Counted(), 2)) == 3
    assert len(DataLoader(Counted(), 2, drop_last=True)) == 2
    assert len(DataLoader(Counted(), None)) == 5
    with pytest.raises(TypeError, match="no len"):
        len(DataLoader(Read()))


def test_more_samples_than_were_announced_are_noticed():
    class Short(Read):
        def __len__(self):
            return 3

    with pytest.warns(UserWarning, match="was reported to be 3"):
        list(DataLoader(Short(), 2))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size=0"),
        ({"num_workers": -1}, "should be non-negative"),
        ({"timeout": -1}, "timeout option should be non-negative"),
        ({"prefetch_factor": 2}, "prefetch_factor option could only be"),
        ({"num_workers": 1, "prefetch_factor": 0}, "should be positive"),
        ({"persistent_workers": True}, "needs num_workers > 0"),
        ({"sampler": [0], "shuffle": True}, "mutually exclusive with shuffle"),
        ({"batch_sampler": [[0]], "batch_size": 2}, "mutually exclusive with batch_s"),
        ({"batch_sampler": [[0]], "drop_last": True}, "mutually exclusive with batch"),
        ({"batch_size": None, "drop_last": True}, "disables auto-batching"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        DataLoader(range(3), **options)


@pytest.mark.parametrize(
    "options", [{"shuffle": True}, {"sampler": [0]}, {"batch_sampler": [[0]]}]
)
def test_a_stream_has_the_order_it_has(options):
    with pytest.raises(InputError, match="DataLoader with IterableDataset"):
        DataLoader(Read(), **options)


def test_what_is_no_dataset_is_refused():
    with pytest.raises(InputTypeError, match=r"a int, which has neither.*Stream"):
        DataLoader(3)
