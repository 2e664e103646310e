"""Datasets and what is made of them."""

import pickle

import numpy as np
import pytest

from funcnet import InputError, InputTypeError, data


class Numbers(data.Dataset):
    def __init__(self, *numbers):
        self.numbers = numbers

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, index):
        return self.numbers[index]


class Read(data.IterableDataset):
    def __init__(self, *numbers):
        self.numbers = numbers

    def __iter__(self):
        return iter(self.numbers)


def samples(dataset):
    return [dataset[index] for index in range(len(dataset))]


def test_a_dataset_without_getitem_says_so():
    with pytest.raises(NotImplementedError, match="should implement __getitem__"):
        data.Dataset()[0]
    with pytest.raises(NotImplementedError, match="should implement __iter__"):
        iter(data.IterableDataset())


def test_a_sum_of_datasets_is_one_behind_the_other():
    both = Numbers(1, 2) + Numbers(3)
    assert samples(both) == [1, 2, 3]
    assert both.cumulative_sizes == [2, 3]
    assert [both[-1], both[-3]] == [3, 1]
    assert list(Read(1, 2) + Read(3)) == [1, 2, 3]


@pytest.mark.parametrize("index", [3, 4])
def test_an_index_beyond_a_sum_is_out_of_range(index):
    with pytest.raises(IndexError, match=f"{index} is out of range for 3"):
        (Numbers(1, 2) + Numbers(3))[index]


def test_an_index_before_a_sum_is_refused():
    with pytest.raises(InputError, match="absolute value of index"):
        (Numbers(1, 2) + Numbers(3))[-4]


def test_what_is_read_in_order_cannot_be_concatenated():
    with pytest.raises(InputTypeError, match="ChainDataset"):
        data.ConcatDataset([Read(1)])


def test_a_sample_of_arrays_is_a_row_of_each():
    x, y = np.arange(6.0).reshape(3, 2), np.arange(3)
    dataset = data.ArrayDataset(x, y)
    assert len(dataset) == 3
    row, label = dataset[1]
    assert row.tolist() == [2, 3]
    assert label == 1


@pytest.mark.parametrize(
    "arrays",
    [(), (np.zeros(2), np.zeros(3)), (np.float32(1),), (np.zeros(0), np.ones(1))],
)
def test_arrays_of_different_lengths_are_refused(arrays):
    with pytest.raises(InputError, match="Size mismatch between arrays"):
        data.ArrayDataset(*arrays)


X = np.arange(24.0).reshape(8, 3)
Y = np.arange(8, dtype=np.int32)


@pytest.mark.parametrize(
    "dataset",
    [
        data.ArrayDataset(X, Y),
        data.Subset(data.ArrayDataset(X, Y), [7, 0, 3, -1]),
        data.StackDataset(data.ArrayDataset(X), data.ArrayDataset(Y)),
        data.StackDataset(x=data.ArrayDataset(X, Y), y=data.ArrayDataset(Y)),
    ],
)
@pytest.mark.parametrize("allocate", [None, np.empty])
def test_a_batch_gathered_whole_is_that_of_its_samples(dataset, allocate):
    indices = [3, 0, -1, 2]
    whole = dataset.__getbatch__(indices, allocate)
    single = data.default_collate([dataset[index] for index in indices])
    assert str(whole) == str(single)
    assert type(whole) is type(single)


@pytest.mark.parametrize("index", [8, -9])
def test_no_row_is_gathered_beyond_the_end(index):
    for allocate in (None, np.empty):
        with pytest.raises(IndexError, match=str(index)):
            data.ArrayDataset(X).__getbatch__([0, index], allocate)


class Doubled(data.ArrayDataset):
    def __getitem__(self, index):
        return tuple(2 * part for part in super().__getitem__(index))


def test_a_subclass_with_samples_of_its_own_is_not_gathered():
    loader = data.DataLoader(Doubled(Y), 8)
    assert [batch.tolist() for (batch,) in loader] == [(2 * Y).tolist()]


def test_words_are_not_gathered_but_listed():
    loader = data.DataLoader(data.ArrayDataset(np.array(["a", "b"]), [1, 2]), 2)
    ((words, numbers),) = loader
    assert list(words) == ["a", "b"]
    assert numbers.tolist() == [1, 2]


def test_subsets_ask_for_many_samples_at_once_where_they_can():
    class Rows(Numbers):
        def __getitems__(self, indices):
            return [("many", self.numbers[index]) for index in indices]

    part = data.Subset(data.Subset(Rows(1, 2, 3), [2, 1]), [1])
    assert part.__getitems__([0]) == [("many", 2)]
    assert part[0] == 2


def test_datasets_side_by_side():
    assert samples(data.StackDataset(Numbers(1, 2), "ab")) == [(1, "a"), (2, "b")]
    named = data.StackDataset(x=Numbers(1, 2), y="ab")
    assert named.__getitems__([1]) == [{"x": 2, "y": "b"}]
    for wrong in (
        (lambda: data.StackDataset()),
        (lambda: data.StackDataset([1], [1, 2])),
    ):
        with pytest.raises(InputError):
            wrong()


def test_lines_are_those_that_python_reads(tmp_path):
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_bytes("eins\r\nzwölf\n\nlast".encode())
    second.write_bytes(b"one\ntwo\n")
    (tmp_path / "empty.txt").write_bytes(b"")
    paths = [first, tmp_path / "empty.txt", second]
    lines = data.TextLineDataset(paths)
    expected = [
        line.removesuffix("\n")
        for path in paths
        for line in path.open(encoding="utf-8")
    ]
    assert samples(lines) == expected
    assert lines[-1] == "two"
    assert samples(pickle.loads(pickle.dumps(lines))) == expected
    with pytest.raises(IndexError, match="line 6 is out of range for 6"):
        lines[6]


def test_lines_longer_than_a_block_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr("funcnet.data._datasets.text._BLOCK", 5)
    (tmp_path / "x").write_text("abcdefghij\nk\n\nlmnop\n")
    assert samples(data.TextLineDataset(tmp_path / "x")) == [
        *("abcdefghij", "k", "", "lmnop"),
    ]


def test_a_missing_file_and_a_wrong_encoding_are_named(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*nothing\.txt"):
        data.TextLineDataset(tmp_path / "nothing.txt")
    (tmp_path / "x").write_bytes(b"ok\n\xff\n")
    lines = data.TextLineDataset(tmp_path / "x")
    with pytest.raises(InputError, match="x, line 2: this is not utf-8"):
        lines[1]
    assert data.TextLineDataset(tmp_path / "x", encoding="latin-1")[1] == "ÿ"
