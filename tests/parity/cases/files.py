"""Passing values through files, from one library to the other, and comparing them."""

import io
from typing import Any

import numpy as np
import torch

from funcnet import compat
from tests.parity.bridge import quiet

FORMATS: dict[str, dict[str, Any]] = {
    "zip": {},
    "before 1.6": {"_use_new_zipfile_serialization": False},
}


def to_ours(value: Any, **how: Any) -> Any:
    """What compat loads of what PyTorch saves."""
    file = io.BytesIO()
    with quiet():
        torch.save(value, file, **how)
    file.seek(0)
    return compat.load(file)


def to_theirs(value: Any, weights_only: bool = True) -> Any:
    """What PyTorch loads of what compat saves."""
    file = io.BytesIO()
    compat.save(value, file)
    file.seek(0)
    with quiet():
        return torch.load(file, weights_only=weights_only)


def bits(x: Any) -> bytes:
    """The numbers of a tensor, bit by bit."""
    if isinstance(x, torch.Tensor):
        x = x.detach().resolve_conj().resolve_neg().contiguous()
        return bytes(x.reshape(-1).view(torch.uint8).numpy())
    array = x if isinstance(x, np.ndarray) else np.asarray(x._array())
    return np.ascontiguousarray(array).tobytes()


def same(wanted: Any, found: Any, where: str = "") -> None:
    """Compare nested values of the two libraries: types, order, numbers, flags."""
    if isinstance(wanted, torch.Tensor | compat.Tensor):
        assert type(found).__name__ == type(wanted).__name__, f"{where}: {type(found)}"
        assert str(found.dtype) == str(wanted.dtype), f"{where}: {found.dtype}"
        assert tuple(found.shape) == tuple(wanted.shape), f"{where}: {found.shape}"
        assert found.requires_grad == wanted.requires_grad, f"{where}: gradient"
        assert bits(found) == bits(wanted), f"{where}: {found} is not {wanted}"
        lazy = isinstance(wanted, torch.Tensor) and (
            wanted.is_conj() or wanted.is_neg()
        )
        if wanted.numel() and not lazy:
            ones = [
                s for s, n in zip(wanted.stride(), wanted.shape, strict=True) if n > 1
            ]
            mine = [
                s for s, n in zip(found.stride(), found.shape, strict=True) if n > 1
            ]
            assert mine == ones, f"{where}: strides {found.stride()}"
        return
    if isinstance(wanted, dict):
        assert type(found) is type(wanted), f"{where}: {type(found)}"
        assert list(found) == list(wanted), f"{where}: {list(found)}"
        for key, value in wanted.items():
            same(value, found[key], f"{where}.{key}")
        if hasattr(wanted, "_metadata"):
            same(wanted._metadata, found._metadata, f"{where}._metadata")
    elif isinstance(wanted, list | tuple):
        assert type(found).__name__ == type(wanted).__name__, f"{where}: {type(found)}"
        assert len(found) == len(wanted), f"{where}: {len(found)} items"
        for place, value in enumerate(wanted):
            same(value, found[place], f"{where}.{place}")
    else:
        assert str(found) == str(wanted), f"{where}: {found!r} is not {wanted!r}"
        assert type(found).__name__ == type(wanted).__name__, f"{where}: {type(found)}"


def drawn(kind: torch.dtype, *shape: int) -> torch.Tensor:
    """A tensor of any bits: NaNs and infinities, too."""
    generator = torch.Generator().manual_seed(0)
    high = 2 if kind == torch.bool else 256
    size = torch.empty(0, dtype=kind).element_size()
    raw = torch.randint(high, (*shape, size), generator=generator, dtype=torch.uint8)
    return raw.view(kind)[..., 0]
