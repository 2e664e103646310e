"""What others call a dataset: iterables, generators, Hugging Face's and Grain's."""

import itertools

import numpy as np
import pytest

from funcnet import InputError, InputTypeError, data
from funcnet.data import DataLoader
from tests.data.samples import Rows, eleven

grain = pytest.importorskip("grain")


def lists(batches):
    return [np.asarray(batch).tolist() for batch in batches]


TENS = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10]]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_generator_function_is_a_stream(workers):
    loader = DataLoader(data.Stream(eleven), 4, num_workers=workers)
    assert lists(loader) == lists(loader) == TENS


def test_a_generator_can_be_read_once():
    loader = DataLoader(eleven(), 4)
    assert lists(loader) == TENS
    with pytest.raises(InputError, match=r"is an iterator \(generator\).*Stream"):
        lists(loader)


def test_a_generator_cannot_go_to_workers():
    with pytest.raises(InputTypeError, match="cannot pickle 'generator' object"):
        list(DataLoader(eleven(), 4, num_workers=1))


@pytest.mark.parametrize("workers", [0, 2])
def test_any_iterable_is_read_in_order(workers):
    loader = DataLoader(dict.fromkeys(range(11)).keys() | set(), 4, num_workers=workers)
    assert sorted(itertools.chain(*lists(loader))) == list(range(11))


class ReadRows:
    """As `datasets.IterableDataset`: it knows where it stands."""

    def __init__(self):
        self.place = self.read = 0

    def __iter__(self):
        while self.place < 9:
            self.read += 1
            self.place += 1
            yield {"n": self.place - 1}
        self.place = 0

    def state_dict(self):
        return {"place": self.place}

    def load_state_dict(self, state):
        self.place = state["place"]


@pytest.mark.parametrize("workers", [0, 2])
def test_rows_of_hugging_face_are_batches_of_columns(workers):
    rows = Rows().with_format("numpy")
    loader = DataLoader(rows, 2, shuffle=True, num_workers=workers, seed=3)
    batches = list(loader)
    order = lists(DataLoader(range(5), 2, shuffle=True, seed=3))
    assert [batch["tokens"][:, 0].tolist() for batch in batches] == order
    assert batches[0]["text"] == [str(n) for n in order[0]]
    assert batches[0]["label"].dtype == np.int64
    plain = next(iter(DataLoader(Rows(), 2)))
    assert [column.tolist() for column in plain["tokens"]] == [[0, 1], [1, 2]]


def test_a_stream_of_hugging_face_goes_on_without_reading_again():
    loader = DataLoader(ReadRows(), 2)
    assert len(list(itertools.islice(loader, 2))) == 2
    state = loader.state_dict()
    assert state["stream"] == {"dataset": {"place": 4}}
    resumed = DataLoader(ReadRows(), 2)
    resumed.load_state_dict(state)
    assert [batch["n"].tolist() for batch in resumed] == [[4, 5], [6, 7], [8]]
    assert resumed.dataset.read == 5


def squares():
    return grain.MapDataset.source(range(11)).map(lambda n: n * n)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_map_dataset_of_grain_is_asked_by_index(workers):
    loader = DataLoader(squares().shuffle(seed=1), 4, num_workers=workers)
    assert len(loader) == 3
    assert sorted(itertools.chain(*lists(loader))) == [n * n for n in range(11)]


@pytest.mark.parametrize("workers", [0, 2])
def test_an_iter_dataset_of_grain_is_read_once_whatever_the_workers(workers):
    even = squares().filter(lambda n: n % 2 == 0).to_iter_dataset()
    loader = DataLoader(even, 4, num_workers=workers)
    assert lists(loader) == [[0, 4, 16, 36], [64, 100]]


def test_an_iterator_of_grain_goes_on_where_it_was():
    read = []

    def noted(n):
        read.append(n)
        return n

    def loader():
        source = grain.MapDataset.source(range(11)).map(noted)
        options = grain.ReadOptions(num_threads=0, prefetch_buffer_size=0)
        return DataLoader(source.to_iter_dataset(options), 4)

    one = loader()
    assert next(iter(one)).tolist() == [0, 1, 2, 3]
    state, resumed = one.state_dict(), loader()
    assert state["stream"]
    read.clear()
    resumed.load_state_dict(state)
    assert lists(resumed) == TENS[1:]
    assert read == list(range(4, 11))


def test_what_grain_has_filtered_out_is_not_put_into_a_batch():
    sparse = squares().filter(lambda n: n % 2 == 0)
    with pytest.raises(InputTypeError, match="NoneType"):
        list(DataLoader(sparse, 4))
