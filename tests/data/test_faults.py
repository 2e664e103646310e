"""What goes wrong in a loader: one clear error, nothing hangs, nothing is left."""

import gc
import os
import signal
import sys
import time

import numpy as np
import pytest
from PIL import Image

from funcnet import InputError
from funcnet.data import DataLoader, vision
from tests.data.processes import (
    descendants,
    eventually,
    is_alive,
    named_memory,
    of_others,
    parent_of,
    start,
)
from tests.data.samples import items

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def error_of(loader, kind=Exception):
    began = time.monotonic()
    with pytest.raises(kind) as caught:
        list(loader)
    assert time.monotonic() - began < 10
    return "\n".join([str(caught.value), *getattr(caught.value, "__notes__", [])])


@pytest.fixture(autouse=True)
def nothing_is_left():
    before, names = set(descendants(os.getpid())), named_memory()
    yield

    def workers():  # the servers, children of this process, stay for the next loader
        gc.collect()
        result = set(descendants(os.getpid())) - before
        return [one for one in result if parent_of(one) not in (None, os.getpid())]

    assert eventually(lambda: not workers()), "workers are left"

    def left():
        new = named_memory() - names
        return new - of_others(new) if new else new

    assert eventually(lambda: not left()), "shared memory is left"


def boom(index):
    if index == 5:
        raise KeyError("no such label")
    return index


@pytest.mark.parametrize("workers", [0, 2])
def test_an_exception_names_its_sample(workers):
    text = error_of(DataLoader(items(boom), 2, num_workers=workers), KeyError)
    assert "no such label" in text
    assert "while loading sample 5 of Items" in text
    if workers:
        assert "Caught KeyError in DataLoader worker process 0 (pid " in text
        assert "Original Traceback (most recent call last)" in text
        assert "raise KeyError" in text


@pytest.mark.parametrize("workers", [0, 2])
def test_after_an_exception_the_next_batch_can_be_had(workers):
    batches = iter(DataLoader(items(boom), 2, num_workers=workers))
    assert [next(batches).tolist(), next(batches).tolist()] == [[0, 1], [2, 3]]
    with pytest.raises(KeyError):
        next(batches)
    assert next(batches).tolist() == [6, 7]


def test_an_exception_keeps_its_class_if_it_takes_a_message():
    class OwnError(Exception):
        pass

    class PickyError(Exception):
        def __init__(self, a, b):
            super().__init__(a, b)

    def own(index):
        raise OwnError("mine")

    def picky(index):
        raise PickyError(1, 2)

    assert "mine" in error_of(DataLoader(items(own), num_workers=1), OwnError)
    assert "Caught PickyError" in error_of(DataLoader(items(picky), num_workers=1))


@pytest.mark.parametrize("workers", [0, 2])
def test_a_batch_that_failed_counts_when_going_on(workers):
    loader = DataLoader(items(boom), 2, num_workers=workers)
    batches = iter(loader)
    next(batches), next(batches)
    with pytest.raises(KeyError):
        next(batches)
    assert loader.state_dict()["position"] == 6
    resumed = DataLoader(items(boom), 2, num_workers=workers)
    resumed.load_state_dict(loader.state_dict())
    assert [batch.tolist() for batch in resumed] == [[6, 7]]


def test_the_end_of_an_iterator_is_not_the_end_of_the_epoch():
    for workers in (0, 1):
        loader = DataLoader(items(lambda i: next(iter(()))), num_workers=workers)
        assert "sample 0" in error_of(loader, RuntimeError)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_corrupt_image_names_its_file(workers, tmp_path):
    folder = tmp_path / "cat"
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 255, (32, 32, 3), np.uint8)
    for n in range(4):
        Image.fromarray(pixels).save(folder / f"{n}.png")
    whole = (folder / "2.png").read_bytes()
    (folder / "2.png").write_bytes(whole[: len(whole) // 2])
    dataset = vision.ImageFolder(tmp_path, lambda image: np.asarray(image))
    text = error_of(DataLoader(dataset, 2, num_workers=workers))
    assert str(folder / "2.png") in text
    assert "sample 2 of ImageFolder" in text


def test_an_empty_folder_says_what_was_expected(tmp_path):
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        vision.ImageFolder(tmp_path)


@pytest.mark.parametrize("workers", [0, 2])
def test_ragged_samples_name_their_indices_and_shapes(workers):
    loader = DataLoader(
        items(lambda i: np.zeros((2, 3 if i == 3 else 4))), 4, num_workers=workers
    )
    text = error_of(loader, InputError)
    assert "equal size, but got [2, 4] at entry 0 and [2, 3] at entry 3" in text
    assert "samples 0 and 3 of the dataset" in text


def test_a_killed_worker_is_named():
    loader = DataLoader(items(lambda i: os.kill(os.getpid(), 9)), num_workers=2)
    text = error_of(loader, RuntimeError)
    assert "is killed by signal: Killed" in text
    assert "pid" in text
    assert "loading samples [" in text


def test_a_worker_killed_from_outside_is_named():
    loader = DataLoader(items(lambda i: (time.sleep(0.1), i)[1], 100), num_workers=2)
    batches = iter(loader)
    next(batches)
    victim = batches._batches.pool.handles[1].process
    os.kill(victim, signal.SIGKILL)
    with pytest.raises(RuntimeError, match=rf"worker 1 \(pid {victim}\) is killed"):
        list(batches)
    with pytest.raises(RuntimeError, match="its workers have ended"):
        next(batches)


def test_a_worker_that_exits_is_named():
    loader = DataLoader(items(lambda i: os._exit(3)), num_workers=1)
    assert "exited unexpectedly with status 3" in error_of(loader, RuntimeError)


def test_a_worker_that_hangs_is_ended_after_the_timeout():
    loader = DataLoader(
        items(lambda i: (time.sleep(1000 * (i == 1)), i)[1]), num_workers=2, timeout=0.5
    )
    text = error_of(loader, RuntimeError)
    assert "DataLoader timed out after 0.5 seconds" in text
    assert "worker 1 (pid " in text
    assert "samples [1]" in text


def test_a_worker_that_hangs_with_requests_waiting_is_ended_too():
    loader = DataLoader(
        items(lambda i: time.sleep(1000)),
        batch_sampler=[list(range(100_000))] * 9,
        num_workers=1,
        prefetch_factor=8,
        timeout=0.5,
    )
    assert "timed out after 0.5 seconds" in error_of(loader, RuntimeError)


def test_what_cannot_be_pickled_is_named():
    dataset = items(boom)
    dataset.rows = (row for row in range(3))
    text = error_of(DataLoader(dataset, num_workers=1), TypeError)
    assert "cannot pickle 'generator' object" in text
    assert "Items" in text


def test_a_worker_init_fn_that_raises_is_shown():
    def init(number):
        raise ValueError("no database")

    loader = DataLoader(items(boom), num_workers=1, worker_init_fn=init)
    assert "no database" in error_of(loader, ValueError)


def test_the_death_of_the_server_is_noticed_and_mended():
    loader = DataLoader(items(lambda i: (time.sleep(0.2), i)[1]), num_workers=1)
    batches = iter(loader)
    next(batches)
    batches._batches.pool._server.process.kill()
    with pytest.raises(RuntimeError, match=r"worker 0 \(pid \d+\) exited unexpectedly"):
        list(batches)
    assert len(list(DataLoader(items(lambda i: i), num_workers=1))) == 8


SCRIPT = """
    import sys, time
    import numpy as np
    from funcnet import data

    class Slow(data.Dataset):
        def __len__(self):
            return 1000
        def __getitem__(self, index):
            time.sleep(1000 if index == 20 and sys.argv[1] == "hang" else 0.01)
            return np.zeros(100_000)

    for step, batch in enumerate(data.DataLoader(Slow(), 4, num_workers=2)):
        if step == 2:
            print("under way", flush=True)
"""


def under_way(*arguments):
    process = start(SCRIPT, *arguments, start_new_session=True)
    assert process.stdout.readline() == "under way\n"
    family = descendants(process.pid)
    assert len(family) == 3  # a server and two workers
    return process, family


def test_ctrl_c_ends_everything_with_one_message():
    process, family = under_way("go on")
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, errors = process.communicate(timeout=10)
    assert errors.strip().endswith("KeyboardInterrupt")
    assert errors.count("Traceback") == 1
    assert eventually(lambda: not any(map(is_alive, family)))


@pytest.mark.parametrize("doing", ["go on", "hang"])
def test_workers_do_not_outlive_a_killed_parent(doing):
    process, family = under_way(doing)
    process.kill()
    process.communicate(timeout=10)
    assert eventually(lambda: not any(map(is_alive, family)))


def test_breaking_out_of_a_loop_ends_the_workers():
    loader = DataLoader(items(lambda i: i, 100), num_workers=2)
    for _ in loader:
        break  # `nothing_is_left` looks for them
