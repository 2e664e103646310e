"""Make `frozen/*.pth` with PyTorch: `python -m tests.checkpoint.pth.make_frozen`.

The numbers are those of `known.numbers`, so that the tests need no PyTorch.
"""

import warnings
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from tests.checkpoint.pth.known import DTYPES, pattern

FROZEN = Path(__file__).parent / "frozen"
OLD = {"_use_new_zipfile_serialization": False}


def tensor(name: str, *shape: int) -> torch.Tensor:
    kind = getattr(torch, name)
    size = torch.empty(0, dtype=kind).element_size()
    count = int(np.prod(shape, dtype=int))
    raw = torch.from_numpy(pattern(count * size, name).copy())
    return raw.view(kind).reshape(shape)


def filled(module: nn.Module) -> nn.Module:
    with torch.no_grad():
        for name, one in module.state_dict().items():
            if one.dtype == torch.float32:
                one.copy_(torch.arange(one.numel()).reshape(one.shape) / 8 + len(name))
    return module


def model() -> nn.Module:
    return filled(
        nn.Sequential(
            OrderedDict(
                conv=nn.Conv2d(1, 2, 3, padding=1, bias=False),
                norm=nn.BatchNorm2d(2),
                act=nn.ReLU(),
                pool=nn.MaxPool2d(2),
                flat=nn.Flatten(),
                fc=nn.Linear(8, 3),
            )
        )
    )


def checkpoint() -> Any:
    net = filled(nn.Linear(2, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.5)
    for _ in range(2):
        optimizer.zero_grad()
        net(torch.ones(1, 2)).sum().backward()
        optimizer.step()
    torch.manual_seed(7)
    return {
        "epoch": 3,
        "arch": "linear",
        "state_dict": net.state_dict(),
        "best_acc1": torch.tensor(71.5),
        "optimizer": optimizer.state_dict(),
        "rng": torch.get_rng_state(),
    }


def views() -> Any:
    x = tensor("float32", 2, 3)
    return {"x": x, "row": x[1], "t": x.t(), "wide": x[:, :1].expand(2, 4)}


def numpy_values() -> Any:
    return {
        "acc": np.float64(0.5),
        "step": np.int64(7),
        "best": np.float32(1.5),
        "rng": np.arange(4, dtype=np.uint32),
        "matrix": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    }


def others() -> Any:
    return {
        "shape": torch.Size([2, 3]),
        "dtype": torch.bfloat16,
        "device": torch.device("cuda:1"),
        "conj": tensor("complex64", 2).conj(),
        "parameter": nn.Parameter(tensor("float32", 2)),
        "buffer": nn.Buffer(tensor("float32", 2)),
        "plain": [1, -1, 2**40, 0.5, None, True, "é", b"\xff", (1, 2), {3, 4}, 1 + 2j],
    }


def main() -> None:
    warnings.simplefilter("ignore")
    FROZEN.mkdir(exist_ok=True)
    dtypes = {name: tensor(name, 2, 3) for name in DTYPES}
    both = {
        "dtypes": dtypes,
        "views": views(),
        "checkpoint": checkpoint(),
        "others": others(),
    }
    for name, value in both.items():
        torch.save(value, FROZEN / f"{name}.pth")
        torch.save(value, FROZEN / f"{name}_old.pth", **OLD)
    # The old format would put the source text of PyTorch's classes into the file.
    torch.save(model(), FROZEN / "model.pth")
    torch.save(numpy_values(), FROZEN / "numpy.pth")
    torch.save(torch.zeros(2, dtype=torch.complex32), FROZEN / "complex32.refused")
    sparse = torch.eye(2).to_sparse()
    quantized = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)
    torch.save(sparse, FROZEN / "sparse.refused")
    torch.save(quantized, FROZEN / "quantized.refused")
    torch.jit.save(torch.jit.script(nn.ReLU()), FROZEN / "torchscript.refused")
    torch.save(torch.ones(2), FROZEN / "protocol4.refused", pickle_protocol=4)


if __name__ == "__main__":
    main()
