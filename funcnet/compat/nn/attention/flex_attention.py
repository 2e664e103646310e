"""Attention with scores of one's own, as `torch.nn.attention.flex_attention`.

The names are here for what imports them; the kernels are not. Attention with a mask or
a bias is `torch.nn.functional.scaled_dot_product_attention`.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple, NoReturn

from funcnet.compat._ops.create.creation import ones
from funcnet.compat._ops.elementwise.comparison import eq
from funcnet.compat._tensor.tensor import Tensor

Mod = Callable[..., Any]
_DEFAULT_SPARSE_BLOCK_SIZE: Final = 128
_SAID: Final = (
    "there are no kernels for it here. Compute the mask or the bias as a tensor and "
    "give it to torch.nn.functional.scaled_dot_product_attention(query, key, value, "
    "mask)."
)


class BlockMask:
    """A mask of blocks; none can be made here."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise NotImplementedError(f"BlockMask: {_SAID}")


class AuxRequest(NamedTuple):
    """Which results are wanted besides the output."""

    lse: bool = False
    max_scores: bool = False


class AuxOutput(NamedTuple):
    """Results besides the output."""

    lse: Any = None
    max_scores: Any = None


def flex_attention(*args: object, **kwargs: object) -> NoReturn:
    """Raise: the kernels are not here."""
    raise NotImplementedError(f"flex_attention: {_SAID}")


def create_block_mask(*args: object, **kwargs: object) -> NoReturn:
    """Raise: the kernels that take it are not here."""
    raise NotImplementedError(f"create_block_mask: {_SAID}")


def create_mask(*args: object, **kwargs: object) -> NoReturn:
    """Raise: write the mask as a comparison of `torch.arange`s."""
    raise NotImplementedError(f"create_mask: {_SAID}")


def noop_mask(batch: Tensor, head: Tensor, token_q: Tensor, token_kv: Tensor) -> Any:
    """A mask that hides nothing."""
    return ones((), dtype=eq(batch, batch).dtype)


def and_masks(*mask_mods: Mod) -> Mod:
    """A mask that shows what all of several show."""

    def joined(b: Tensor, h: Tensor, q: Tensor, kv: Tensor) -> Any:
        result = noop_mask(b, h, q, kv)
        for mod in mask_mods:
            result = result & mod(b, h, q, kv)
        return result

    return joined


def or_masks(*mask_mods: Mod) -> Mod:
    """A mask that shows what any of several shows."""

    def joined(b: Tensor, h: Tensor, q: Tensor, kv: Tensor) -> Any:
        result = noop_mask(b, h, q, kv).logical_not()
        for mod in mask_mods:
            result = result | mod(b, h, q, kv)
        return result

    return joined


__all__ = [
    "AuxOutput",
    "AuxRequest",
    "BlockMask",
    "and_masks",
    "create_block_mask",
    "create_mask",
    "flex_attention",
    "noop_mask",
    "or_masks",
]
