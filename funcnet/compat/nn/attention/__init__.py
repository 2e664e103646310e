"""Which kernel attention runs on, as `torch.nn.attention`: XLA chooses."""

import contextlib
import enum
from collections.abc import Iterator
from typing import Any

from funcnet.compat._core.lazy_modules import parts_of


class SDPBackend(enum.IntEnum):
    """Kernels of PyTorch's `scaled_dot_product_attention`."""

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4


@contextlib.contextmanager
def sdpa_kernel(
    backends: object, set_priority: bool = False
) -> Iterator[dict[str, Any]]:
    """Accepted for a `with` block: all kernels give the same numbers.

    Raises:
        AssertionError: it is given something else than `SDPBackend`s.
    """
    given = [backends] if isinstance(backends, SDPBackend) else backends
    if not isinstance(given, list) or not all(isinstance(x, SDPBackend) for x in given):
        raise AssertionError(
            "Backend must be an instance of SDPBackend or a list of SDPBackend "
            f"instances, got {type(backends).__name__}"
        )
    yield {}


WARN_FOR_UNFUSED_KERNELS = False


def list_flash_attention_impls() -> list[str]:
    """Return an empty list: XLA chooses how attention is computed."""
    return []


def current_flash_attention_impl() -> None:
    """Return None: no implementation was chosen."""
    return


def restore_flash_attention_impl() -> None:
    """Do nothing: no implementation was chosen."""


__getattr__ = parts_of(__name__, ("bias", "flex_attention"), globals())

__all__ = [
    "WARN_FOR_UNFUSED_KERNELS",
    "SDPBackend",
    "current_flash_attention_impl",
    "list_flash_attention_impls",
    "restore_flash_attention_impl",
    "sdpa_kernel",
]
