"""Batches come to the device ahead of the loop, and nothing is lost by it."""

import itertools
import threading
import time

import jax
import numpy as np
import pytest

from funcnet import InputError, data
from funcnet.train import prefetch_to_device


def lists(batches):
    return [np.asarray(batch).tolist() for batch in batches]


class Slow:
    """Batches that take a while."""

    def __init__(self, seconds, n=10):
        self.seconds, self.n, self.loaded = seconds, n, 0

    def __iter__(self):
        for index in range(self.n):
            time.sleep(self.seconds)
            self.loaded += 1
            yield np.full(3, index)


def test_batches_are_arrays_of_jax_in_their_order():
    loader = data.DataLoader([(np.ones(2), n, "word") for n in range(5)], 2)
    result = list(prefetch_to_device(loader, jax.devices()[0]))
    assert [batch[1].tolist() for batch in result] == [[0, 1], [2, 3], [4]]
    assert isinstance(result[0][0], jax.Array)
    assert result[0][2] == ["word", "word"]
    assert len(prefetch_to_device(loader)) == 3


def test_loading_overlaps_the_step():
    loading = [threading.Event() for _ in range(4)]

    def batches():
        for index, event in enumerate(loading):
            event.set()
            yield np.full(3, index)

    for index, _ in enumerate(prefetch_to_device(data.Stream(batches))):
        assert all(event.wait(10) for event in loading[: index + 2])


def test_only_so_many_batches_wait():
    slow = Slow(0)
    batches = iter(prefetch_to_device(slow, depth=2))
    next(batches)
    time.sleep(0.1)
    assert slow.loaded <= 4  # given out, two that wait, one in the thread's hand


def test_the_thread_ends_with_the_loop():
    before = threading.active_count()
    for _ in prefetch_to_device(Slow(0.01)):
        break
    assert threading.active_count() == before


def test_an_error_is_raised_in_the_loop():
    loader = data.DataLoader([np.ones(1), np.ones(2)], 2)
    with pytest.raises(InputError, match="equal size"):
        list(prefetch_to_device(loader))


@pytest.mark.parametrize("seen", [0, 1, 2, 3])
def test_its_state_is_that_of_the_batch_given_out(seen):
    def make():
        return prefetch_to_device(data.DataLoader(range(9), 3, shuffle=True))

    whole = lists(make())
    ahead = make()
    begun = lists(itertools.islice(ahead, seen))
    resumed = make()
    resumed.load_state_dict(ahead.state_dict())
    assert begun + lists(resumed) == whole


def test_no_depth_is_refused():
    with pytest.raises(InputError, match="depth is 0"):
        prefetch_to_device([], depth=0)
