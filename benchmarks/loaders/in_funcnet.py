"""The loaders as funcnet's documentation writes them."""

from pathlib import Path

import numpy as np

from benchmarks.loaders import MEAN, STD, Case
from funcnet.data import ArrayDataset, DataLoader, transforms, vision


def loader(case: Case, folder: Path) -> DataLoader:
    if case.kind == "memory":
        x = np.random.default_rng(0).normal(size=(60_000, 784)).astype(np.float32)
        dataset = ArrayDataset(x, np.arange(60_000) % 10)
        return DataLoader(dataset, case.batch_size, shuffle=True)
    steps = [transforms.ToTensor()]
    if case.kind == "jpeg":
        steps = [
            transforms.Resize(256),
            transforms.CenterCrop(224),
            *steps,
            transforms.Normalize(MEAN, STD),
        ]
    return DataLoader(
        vision.ImageFolder(folder / case.kind, transforms.Compose(steps)),
        case.batch_size,
        shuffle=True,
        num_workers=case.workers,
    )
