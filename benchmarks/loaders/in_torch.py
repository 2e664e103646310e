"""The loaders as PyTorch scripts write them; compat runs them, too."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, TensorDataset

from benchmarks.loaders import MEAN, STD, Case

try:
    from torchvision import datasets, transforms
except (ImportError, RuntimeError):  # not there, or built for another torch
    datasets = None


class Folder(Dataset):
    """What torchvision's ImageFolder and transforms do, where there is none."""

    def __init__(self, folder: Path, large: bool) -> None:
        self.paths = sorted(folder.glob("*/*"))
        self.classes = sorted({path.parent.name for path in self.paths})
        self.large = large
        self.mean, self.std = (torch.tensor(x).view(3, 1, 1) for x in (MEAN, STD))

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> Any:
        path = self.paths[index]
        with open(path, "rb") as file:
            image = Image.open(file).convert("RGB")
        if self.large:  # Resize(256), CenterCrop(224)
            width, height = image.size
            scale = 256 / min(width, height)
            size = int(width * scale), int(height * scale)
            image = image.resize(size, Image.Resampling.BILINEAR)
            left, top = (size[0] - 224) // 2, (size[1] - 224) // 2
            image = image.crop((left, top, left + 224, top + 224))
        pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous()
        result = pixels.float().div(255)
        if self.large:
            result = result.sub_(self.mean).div_(self.std)
        return result, self.classes.index(path.parent.name)


def loader(case: Case, folder: Path) -> Any:
    if case.kind == "memory":
        data: Any = TensorDataset(torch.randn(60_000, 784), torch.arange(60_000) % 10)
        return DataLoader(data, batch_size=case.batch_size, shuffle=True)
    data = images(folder / case.kind, case.kind == "jpeg")
    return DataLoader(data, case.batch_size, True, num_workers=case.workers)


def images(folder: Path, large: bool) -> Any:
    if datasets is None:
        return Folder(folder, large)
    steps = [transforms.ToTensor()]
    if large:
        crop = [transforms.Resize(256), transforms.CenterCrop(224)]
        steps = [*crop, *steps, transforms.Normalize(MEAN, STD)]
    return datasets.ImageFolder(str(folder), transforms.Compose(steps))
