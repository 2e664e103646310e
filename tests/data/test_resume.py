"""A loader goes on with the very next sample, whoever loads it."""

import itertools
import json
import random
import time

import numpy as np
import pytest

from funcnet import InputError, data
from funcnet.data import DataLoader
from tests.data.processes import eventually, start
from tests.data.samples import Uneven, eleven

WORKERS = {"num_workers": 2}
KEPT = {"num_workers": 3, "persistent_workers": True, "prefetch_factor": 1}


def shuffled(**options):
    return DataLoader(range(11), 3, shuffle=True, seed=5, **options)


def weighted(**options):
    sampler = data.WeightedRandomSampler(np.arange(11), 11)
    return DataLoader(range(11), 3, sampler=sampler, seed=5, **options)


def by_batches(**options):
    sampler = data.BatchSampler(data.RandomSampler(range(11)), 4, False)
    return DataLoader(range(11), batch_sampler=sampler, seed=5, **options)


def single(**options):
    return DataLoader(range(11), None, shuffle=True, drop_last=False, **options)


def dropping(**options):
    return DataLoader(range(11), 3, shuffle=True, drop_last=True, **options)


def of_arrays(**options):
    dataset = data.ArrayDataset(np.arange(11))
    return DataLoader(dataset, 3, shuffle=True, collate_fn=None, **options)


def stream(**options):
    return DataLoader(data.Stream(eleven), 3, **options)


def forever(loader):
    while True:
        for batch in loader:
            yield np.asarray(batch).tolist()


@pytest.mark.parametrize(
    "make", [shuffled, weighted, by_batches, single, dropping, of_arrays, stream]
)
@pytest.mark.parametrize(
    ("before", "after"),
    [({}, {}), (WORKERS, {}), ({}, WORKERS), (KEPT, WORKERS), (WORKERS, KEPT)],
)
def test_it_goes_on_whatever_the_number_of_workers(make, before, after):
    total = 9
    expected = list(itertools.islice(forever(make()), total))
    for seen in (0, 2, 5) if before or after else range(8):
        loader = make(**before)
        begun = list(itertools.islice(forever(loader), seen))
        state = json.loads(json.dumps(loader.state_dict()))
        resumed = make(**after)
        resumed.load_state_dict(state)
        rest = list(itertools.islice(forever(resumed), total - seen))
        assert begun + rest == expected


def test_a_stream_that_workers_share_out_goes_on_with_as_many():
    expected = list(forever_once(DataLoader(Uneven(), 2, **WORKERS)))
    for seen in (0, 1, 4, 7, len(expected) - 1):
        loader = DataLoader(Uneven(), 2, **WORKERS)
        begun = list(itertools.islice(forever(loader), seen))
        resumed = DataLoader(Uneven(), 2, **WORKERS)
        resumed.load_state_dict(loader.state_dict())
        assert begun + list(forever_once(resumed)) == expected


def forever_once(loader):
    return (np.asarray(batch).tolist() for batch in loader)


def test_nothing_is_loaded_twice():
    asked = []

    class Noted(data.Dataset):
        def __len__(self):
            return 8

        def __getitem__(self, index):
            asked.append(index)
            return index

    loader = DataLoader(Noted(), 2)
    loader.load_state_dict({"seed": 0, "epoch": 0, "position": 4})
    list(loader)
    assert asked == [4, 5, 6, 7]


def test_another_batch_size_goes_on_with_the_very_next_sample():
    loader = DataLoader(range(8), 3)
    loader.load_state_dict({"seed": 0, "epoch": 0, "position": 3})
    assert list(forever_once(loader)) == [[3, 4, 5], [6, 7]]


@pytest.mark.parametrize("options", [{}, WORKERS])
def test_a_position_that_is_no_end_of_a_batch_is_refused(options):
    loader = DataLoader(range(6), batch_sampler=[[0, 1, 2], [3, 4, 5]], **options)
    loader.load_state_dict({"seed": 0, "epoch": 0, "position": 2})
    with pytest.raises(InputError, match=r"at sample 2, but the batches have 3"):
        list(loader)


def test_a_state_of_other_data_is_refused():
    state = DataLoader(range(6)).state_dict()
    for wrong in ({"position": 7}, {"position": -1}, {"epoch": -1}):
        with pytest.raises(InputError, match="saved with other data"):
            DataLoader(range(6)).load_state_dict(state | wrong)
    with pytest.raises(InputError, match="this one has epoch"):
        DataLoader(range(6)).load_state_dict({"epoch": 0})


def test_a_stream_that_is_shorter_than_the_state_is_refused():
    for options in ({}, WORKERS):
        loader = DataLoader(data.Stream(eleven), 3, **options)
        loader.load_state_dict({"seed": 0, "epoch": 0, "position": 33})
        with pytest.raises(InputError, match="at sample 33 of a stream"):
            next(iter(loader))


TRAIN = """
    import json, os, sys, time
    from pathlib import Path
    from funcnet import data

    class Slow(data.Dataset):
        def __len__(self):
            return 30
        def __getitem__(self, index):
            time.sleep(0.003)
            return index

    path = Path(sys.argv[1])
    loader = data.DataLoader(
        Slow(), 4, shuffle=True, num_workers=int(sys.argv[2]), seed=1
    )
    seen = []
    if path.exists():
        saved = json.loads(path.read_text())
        seen = saved["seen"]
        loader.load_state_dict(saved["loader"])
    print("under way", flush=True)
    while loader.epoch < 3:
        for batch in loader:
            seen = seen + batch.tolist()
            new = path.with_suffix(".new")
            new.write_text(json.dumps({"seen": seen, "loader": loader.state_dict()}))
            os.replace(new, path)
"""


def changed(path):
    return path.stat().st_mtime_ns if path.exists() else 0


@pytest.mark.parametrize("workers", [0, 2])
def test_killed_and_started_again_it_sees_the_same_samples(workers, tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert start(TRAIN, whole, workers).wait(30) == 0
    draw, kills, status = random.Random(workers), 0, None
    while status != 0:
        process = start(TRAIN, broken, workers)
        process.stdout.readline()
        before = changed(broken)
        if kills < 3:
            # Some way into an epoch, wherever that is.
            eventually(lambda before=before: changed(broken) > before)
            time.sleep(draw.uniform(0, 0.08))
            process.kill()
            kills += 1
        status = process.wait(30)
        process.stdout.close()
        process.stderr.close()
    seen = json.loads(broken.read_text())["seen"]
    assert kills == 3
    assert len(seen) == 90
    assert seen == json.loads(whole.read_text())["seen"]
