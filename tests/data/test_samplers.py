"""Orders are PyTorch's; orders.json holds what PyTorch gave (make_orders.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

from funcnet import InputError, data
from funcnet.data import DataLoader
from tests.data.samples import Draws

ORDERS = json.loads(Path(__file__).with_name("orders.json").read_text())
WEIGHTS = [0.1, 0.5, 0.0, 2.0, 0.4, 1.0]


def epochs(loader, count=3):
    return [[np.asarray(batch).tolist() for batch in loader] for _ in range(count)]


@pytest.mark.parametrize(
    ("name", "seed", "options"),
    [
        ("shuffled", 3, {}),
        ("drop_last", 4, {"drop_last": True}),
        ("workers", 3, {"num_workers": 2}),
        ("workers", 3, {"num_workers": 2, "persistent_workers": True}),
    ],
)
def test_a_shuffled_loader_has_the_order_of_pytorch(name, seed, options):
    loader = DataLoader(range(10), 4, shuffle=True, seed=seed, **options)
    assert epochs(loader) == ORDERS[name]


@pytest.mark.parametrize(
    ("name", "seed", "sampler"),
    [
        ("replacement", 1, data.RandomSampler(range(6), True, 40)),
        ("more", 1, data.RandomSampler(range(6), num_samples=15)),
        ("subset", 2, data.SubsetRandomSampler([5, 1, 3, 0])),
        ("weighted", 2, data.WeightedRandomSampler(WEIGHTS, 12)),
    ],
)
def test_samplers_draw_from_the_seed_of_the_loader(name, seed, sampler):
    loader = DataLoader(range(6), 4, sampler=sampler, seed=seed)
    assert epochs(loader) == ORDERS[name]
    again = DataLoader(range(6), 4, sampler=sampler, seed=seed)
    again.load_state_dict({"seed": seed, "epoch": 2, "position": 0})
    assert epochs(again, 1) == ORDERS[name][2:]


def test_random_split_is_that_of_pytorch():
    parts = data.random_split(range(11), [0.5, 0.3, 0.2], seed=9)
    assert [part.indices for part in parts] == ORDERS["split"]


def test_the_share_of_a_process_is_that_of_pytorch():
    result = [
        list(data.DistributedSampler(range(10), 3, rank, seed=2, drop_last=drop))
        for drop in (False, True)
        for rank in range(3)
    ]
    assert result == ORDERS["distributed"]


def test_processes_share_out_all_samples_and_epochs_differ():
    samplers = [data.DistributedSampler(range(10), 3, rank) for rank in range(3)]
    assert set().union(*samplers) == set(range(10))
    assert [len(sampler) for sampler in samplers] == [4, 4, 4]
    before = list(samplers[0])
    samplers[0].set_epoch(1)
    assert list(samplers[0]) != before


def test_workers_draw_what_those_of_pytorch_draw():
    loader = DataLoader(Draws(8), 2, num_workers=2, seed=11)
    assert epochs(loader, 2) == ORDERS["draws"]


def test_without_replacement_no_sample_comes_twice():
    sampler = data.WeightedRandomSampler(WEIGHTS, 5, replacement=False)
    assert sorted(sampler) == [0, 1, 3, 4, 5]


def test_a_sampler_by_itself_goes_on_drawing():
    sampler = data.RandomSampler(range(9), seed=1)
    assert list(sampler) != list(sampler)
    assert list(data.RandomSampler(range(9), seed=1)) != list(sampler)


class Backwards(data.RandomSampler):
    def __iter__(self):
        return iter(range(len(self.data_source) - 1, -1, -1))


def test_a_subclass_that_gives_its_own_order_is_asked():
    loader = DataLoader(range(4), 2, sampler=Backwards(range(4)))
    assert epochs(loader, 1) == [[[3, 2], [1, 0]]]


def test_a_batch_sampler_may_give_batches_of_any_size():
    loader = DataLoader(range(6), batch_sampler=[[5], [0, 1, 2], [4, 3]])
    assert epochs(loader, 1) == [[[5], [0, 1, 2], [4, 3]]]
    assert len(loader) == 3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: data.RandomSampler(range(3), num_samples=0), "positive integer"),
        (lambda: data.WeightedRandomSampler([[1.0]], 1), "1d sequence"),
        (lambda: data.WeightedRandomSampler([-1.0], 1), "entry < 0"),
        (lambda: data.WeightedRandomSampler([0.0], 1), "of probabilities <= 0"),
        (lambda: data.WeightedRandomSampler([1, 0], 2, False), "2 of 1 that"),
        (lambda: data.WeightedRandomSampler([1.0], 0), "positive integer"),
        (lambda: data.BatchSampler(range(3), 0, False), "batch_size=0"),
        (lambda: data.BatchSampler(range(3), True, False), "batch_size=True"),
        (lambda: data.BatchSampler(range(3), 1, 1), "drop_last=1"),
        (lambda: data.DistributedSampler(range(3), 2, 2), "Invalid rank 2"),
        (lambda: data.random_split(range(3), [1, 1]), "does not equal the length"),
        (lambda: data.random_split(range(3), [1.5, 1.5]), "does not equal the length"),
        (lambda: data.random_split(range(3), [1.5, -0.5]), "index 0 is not between"),
    ],
)
def test_samplers_refuse_what_makes_no_order(make, message):
    with pytest.raises(InputError, match=message):
        make()
