"""The data that the package carries, and the loader of arrays."""

import subprocess
import sys
from itertools import chain, islice

import numpy as np
import pytest

from funcnet import InputError, InputTypeError, data
from funcnet.data import ArrayLoader
from funcnet.data._datasets import builtin as _bundled


def numbers(n=10, **options):
    options = {"batch_size": 4, **options}
    return ArrayLoader((np.arange(n), np.arange(n) * 0.5), **options)


def epoch(loader):
    return [x.tolist() for x, _ in loader]


def in_order(batches):
    return sorted(chain.from_iterable(batches))


def test_data_imports_no_jax():
    code = "import sys, funcnet.data; assert 'jax' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_digits_are_images_from_0_to_1_and_their_classes():
    images, labels = data.digits("all")
    assert images.shape == (1797, 1, 8, 8)
    assert images.dtype == np.float32
    assert (images.min(), images.max()) == (0, 1)
    assert labels.dtype == np.int32
    assert np.bincount(labels).tolist() == [
        *(178, 182, 177, 183, 181),
        *(182, 181, 179, 174, 180),
    ]


def test_a_fifth_of_the_digits_is_held_out():
    train, test, both = data.digits("train"), data.digits("test"), data.digits("all")
    assert (len(train[1]), len(test[1])) == (1438, 359)
    np.testing.assert_array_equal(np.concatenate([train[0], test[0]]), both[0])
    assert not set(map(bytes, train[0])) & set(map(bytes, test[0]))


def test_the_split_never_changes():
    assert data.digits("test")[1][:8].tolist() == [2, 8, 2, 6, 6, 7, 1, 9]


def test_an_unknown_split_is_named():
    with pytest.raises(InputError, match="'valid', it must be one of 'train', 'test'"):
        data.digits("valid")


def test_a_damaged_file_is_noticed(monkeypatch):
    monkeypatch.setitem(_bundled._SHA256, "sonnets.txt", "0" * 64)
    with pytest.raises(InputError, match=r"sonnets\.txt was damaged"):
        data.sonnets()


def test_sonnets_have_fourteen_lines():
    sonnets = data.sonnets().split("\n\n")
    assert [len(sonnet.strip("\n").split("\n")) for sonnet in sonnets] == [14] * 29


def test_batches_keep_the_order_without_shuffling():
    loader = numbers(shuffle=False)
    assert len(loader) == 3
    assert epoch(loader) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]


def test_batches_gather_all_arrays_alike():
    for x, y in numbers():
        np.testing.assert_array_equal(x * 0.5, y)


def test_drop_last_leaves_out_the_small_batch():
    loader = numbers(drop_last=True)
    assert [len(batch) for batch in epoch(loader)] == [4, 4]
    assert len(loader) == 2


def test_the_order_depends_on_seed_and_epoch_alone():
    loader = numbers(seed=3)
    first, second = epoch(loader), epoch(loader)
    assert first != second
    assert in_order(first) == in_order(second) == list(range(10))
    again = numbers(seed=3)
    assert [epoch(again), epoch(again)] == [first, second]
    assert epoch(numbers(seed=4)) != first
    assert numbers(seed=3).order(0).tolist() == [6, 2, 0, 1, 8, 3, 5, 4, 7, 9]


def forever(loader):
    while True:
        for x, _ in loader:
            yield x.tolist()


@pytest.mark.parametrize("seen", range(7))
def test_a_loader_resumes_with_the_very_next_batch(seen):
    expected = list(islice(forever(numbers(seed=1)), 9))
    loader = numbers(seed=1)
    begun = list(islice(forever(loader), seen))
    resumed = numbers(seed=99)
    resumed.load_state_dict(loader.state_dict())
    assert begun + list(islice(forever(resumed), 9 - seen)) == expected


def test_leaving_a_loop_early_begins_a_new_epoch():
    loader = numbers()
    next(iter(loader))
    assert in_order(epoch(loader)) == list(range(10))
    assert loader.epoch == 2


def test_whole_batches_of_indices():
    loader = numbers(seed=3)
    assert loader.batches(0).tolist() == [[6, 2, 0, 1], [8, 3, 5, 4]]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: ArrayLoader(np.ones(3), 1), InputTypeError, r"\(images,\) for one"),
        (lambda: ArrayLoader((), 1), InputError, "same first dimension"),
        (lambda: ArrayLoader((np.ones(3), np.ones(2)), 1), InputError, r"\(3,\), \(2,"),
        (lambda: ArrayLoader((np.ones(0),), 1), InputError, "0 samples give no batch"),
        (lambda: ArrayLoader((np.float32(1),), 1), InputError, "first dimension"),
        (lambda: numbers(batch_size=0), InputError, "batch_size=0"),
        (lambda: numbers(seed=-1), InputError, "seed is -1"),
        (lambda: numbers(3, drop_last=True), InputError, "no batch of 4"),
        (lambda: numbers(batch_size=2.5), InputError, "positive integer"),
    ],
)
def test_what_gives_no_batches_is_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"seed": 0}, "this one has seed"),
        ({"seed": 0, "epoch": 0, "position": 11}, "saved with other data"),
        ({"seed": 0, "epoch": -1, "position": 0}, "saved with other data"),
    ],
)
def test_a_state_of_another_loader_is_refused(state, message):
    with pytest.raises(InputError, match=message):
        numbers().load_state_dict(state)
