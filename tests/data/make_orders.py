"""Writes orders.json: in which order PyTorch's loaders give samples.

Run with an interpreter that has torch: `python -m tests.data.make_orders`.
"""

import json
from pathlib import Path
from typing import Any

import torch
from torch.utils.data import (
    DataLoader,
    IterableDataset,
    RandomSampler,
    SubsetRandomSampler,
    TensorDataset,
    WeightedRandomSampler,
    get_worker_info,
    random_split,
)
from torch.utils.data.distributed import DistributedSampler

from tests.data.samples import Draws

WEIGHTS = [0.1, 0.5, 0.0, 2.0, 0.4, 1.0]


class Uneven(IterableDataset):
    """Worker `w` of `n` gives the numbers below 20 + w that leave `w` divided by n."""

    def __iter__(self) -> Any:
        info = get_worker_info()
        return iter(range(info.id, 20 + 7 * info.id, info.num_workers))


def epochs(loader: DataLoader, count: int = 3) -> list[Any]:
    return [[torch.as_tensor(b).tolist() for b in loader] for _ in range(count)]


def loader(seed: int, size: int = 10, **options: Any) -> list[Any]:
    torch.manual_seed(seed)
    data = TensorDataset(torch.arange(size))
    result = DataLoader(data, collate_fn=lambda b: [int(x) for (x,) in b], **options)
    return epochs(result)


def sampled(seed: int, sampler: Any) -> list[Any]:
    torch.manual_seed(seed)
    return epochs(DataLoader(range(6), 4, sampler=sampler))


def main() -> None:
    generator = torch.Generator().manual_seed(5)
    result = {
        "shuffled": loader(3, batch_size=4, shuffle=True),
        "drop_last": loader(4, batch_size=4, shuffle=True, drop_last=True),
        "workers": loader(3, batch_size=4, shuffle=True, num_workers=2),
        "persistent": loader(
            3, batch_size=4, shuffle=True, num_workers=2, persistent_workers=True
        ),
        "generator": loader(
            3, batch_size=4, shuffle=True, generator=torch.Generator().manual_seed(7)
        ),
        "replacement": sampled(1, RandomSampler(range(6), True, 40)),
        "more": sampled(1, RandomSampler(range(6), num_samples=15)),
        "own_generator": sampled(1, RandomSampler(range(6), True, 40, generator)),
        "subset": sampled(2, SubsetRandomSampler([5, 1, 3, 0])),
        "weighted": sampled(2, WeightedRandomSampler(WEIGHTS, 12)),
        "weighted_once": sampled(2, WeightedRandomSampler(WEIGHTS, 4, False)),
        "split": [
            list(part.indices)
            for part in random_split(
                range(11), [0.5, 0.3, 0.2], torch.Generator().manual_seed(9)
            )
        ],
        "distributed": [
            list(DistributedSampler(range(10), 3, rank, seed=2, drop_last=drop))
            for drop in (False, True)
            for rank in range(3)
        ],
        "streams": {
            str(workers): epochs(DataLoader(Uneven(), 3, num_workers=workers), 1)
            for workers in (1, 2, 3)
        },
    }
    torch.manual_seed(11)
    result["draws"] = epochs(DataLoader(Draws(8), 2, num_workers=2), 2)
    text = json.dumps(result, indent=None).replace('], "', '],\n"')
    Path(__file__).with_name("orders.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
